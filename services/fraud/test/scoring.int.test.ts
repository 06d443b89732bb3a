import { FRAUD_REQUESTS, laneSubject, LANE_TYPES, partitionOf, STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createVerifier, HEADERS, request, signatoryOf } from '@florin/messaging';
import { FEATURES } from '@florin/ml/features';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTeller } from './facts.ts';
import {
  answerTo,
  eventsOf,
  KEYS,
  openSurroundings,
  orderOf,
  PARTITIONS,
  runFraud,
  type Running,
  type Surroundings,
} from './surroundings.ts';

let around: Surroundings;
let fraud: Running;
let tell: ReturnType<typeof createTeller>;

beforeAll(async () => {
  around = await openSurroundings();
  fraud = await runFraud(around);
  tell = createTeller(around.bus);
});

afterAll(async () => {
  tell.close();
  await fraud.stop();
  await around[Symbol.asyncDispose]();
});

const decisionOf = (transactionId: string) =>
  eventually(async () => {
    const asked = await request(around.bus, FRAUD_REQUESTS.getDecision, { transactionId });
    if (asked.decision === null) throw new Error('not decided');
    return asked.decision;
  });

const deadLetters = async (): Promise<number> =>
  (await around.bus.jsm.streams.info(STREAMS.deadLetters)).state.messages;

/**
 * One that the rules stop whatever the model thinks: a new wallet sends a fortune. By night and at
 * weekends the model thinks worse of it, and it is blocked.
 */
const STOPPED = ['review', 'block'];
const suspicious = (walletId = uuidv7()) => orderOf(walletId, { amount: '2500000' });

describe('hunts orders that are changed, lost or said by somebody else on their way', () => {
  test('an order goes on with its risk, signed by fraud, under the id it shares', async () => {
    const order = orderOf(uuidv7());
    const id = await around.send([order]);
    const answer = await answerTo(around, id);
    const [event] = eventsOf(answer);
    const { risk, ...rest } = event?.data ?? {};
    expect(rest).toEqual(order);
    expect(event).toMatchObject({ id: order.transactionId, correlationid: 'asked-for' });
    expect(risk).toMatchObject({ mode: 'enforce', degraded: false });
    expect(answer.header('Florin-Reply')).toBe('gateway-test');
    const place = { wallet: order.walletId, partition: partitionOf(order.walletId, PARTITIONS) };
    const signed = signatoryOf(createVerifier(KEYS), answer, place);
    expect(signed).toMatchObject({ ok: true, value: { service: 'fraud' } });
  });

  test('a conversion is scored like a transfer, and its quote goes on to the letter', async () => {
    const quote = {
      id: uuidv7(),
      clientId: 'client',
      fromCurrency: 'USD',
      fromAmount: '2500000',
      toCurrency: 'EUR',
      toAmount: '2151856',
      rate: '0.86074275',
      midRate: '0.8629',
      baseCurrency: 'USD',
      fromValue: '2500000',
      toValue: '2493750',
      expiresAt: '2026-01-01T00:00:30.000Z',
      signature: 'v1,b1,signed',
      signedAt: '1767225600000',
    };
    const order = { ...suspicious(), type: 'conversion', quote } as never;
    const [event] = eventsOf(await answerTo(around, await around.send([order])));
    expect(event?.data).toMatchObject({ type: 'conversion', quote });
    expect(STOPPED).toContain(event?.data.risk?.decision);
  });

  test('what an order claims about its own risk is replaced', async () => {
    const risk = { score: 0, decision: 'approve', reasons: [], modelVersion: 'mine' };
    const order = { ...suspicious(), risk: { ...risk, mode: 'enforce', degraded: false } };
    const [event] = eventsOf(await answerTo(around, await around.send([order as never])));
    expect(STOPPED).toContain(event?.data.risk?.decision);
    expect(event?.data.risk?.modelVersion).not.toBe('mine');
  });

  test('many messages of one lane are answered once each, in their order', async () => {
    const wallet = uuidv7();
    const sent: string[] = [];
    for (let n = 0; n < 200; n++) {
      const orders = Array.from({ length: 1 + (n % 5) }, () => orderOf(wallet));
      sent.push(await around.send(orders));
    }
    for (const id of sent) await answerTo(around, id);
    const ids = around.ready.map((message) => message.id);
    expect(ids.filter((id) => sent.includes(id?.slice(6) ?? ''))).toEqual(
      sent.map((id) => `ready-${id}`),
    );
  });

  test('the same message again changes neither lane nor decision', async () => {
    const order = orderOf(uuidv7());
    const first = await around.send([order]);
    await answerTo(around, first);
    const { decidedAt } = await decisionOf(order.transactionId);
    // The client's second try: another message with the same order.
    const again = await around.send([order]);
    await answerTo(around, again);
    await fraud.settled();
    expect((await decisionOf(order.transactionId)).decidedAt).toBe(decidedAt);
    const { rows } = await around.pool.query(
      'SELECT count(*)::int AS n FROM decisions WHERE transaction_id = $1',
      [order.transactionId],
    );
    expect(rows).toEqual([{ n: 1 }]);
  });
});

describe('hunts messages that must not get through', () => {
  const isNotAnswered = async (id: string, before: number): Promise<void> => {
    await eventually(async () => (await deadLetters()) > before);
    // What comes behind it in the lane is answered.
    await answerTo(around, await around.send([orderOf(uuidv7())]));
    expect(around.ready.some((message) => message.id === `ready-${id}`)).toBe(false);
  };

  test.each([
    ['signed by banking’s neighbour, the ledger', { as: 'ledger' as const }],
    ['no JSON', { body: 'not json' }],
    ['no list', { body: '{}' }],
    ['no order', { body: '[{"type":"florin.open-wallet.v1"}]' }],
    ['a time that is none', { time: 'yesterday' }],
  ])('%s', async (_, options) => {
    const before = await deadLetters();
    await isNotAnswered(await around.send([orderOf(uuidv7())], options), before);
  });

  test.each([
    ['no money at all', { amount: '0' }],
    ['money from the other side', { amount: '-5' }],
    ['more than can be counted', { amount: '9'.repeat(40) }],
  ])('%s', async (_, more) => {
    const before = await deadLetters();
    await isNotAnswered(await around.send([orderOf(uuidv7(), more)]), before);
  });

  test('a wallet of another lane', async () => {
    const wallet = uuidv7();
    const foreign = (partitionOf(wallet, PARTITIONS) + 1) % PARTITIONS;
    const before = await deadLetters();
    const subject = laneSubject('initiated', foreign, wallet);
    await isNotAnswered(await around.send([orderOf(wallet)], { subject }), before);
  });

  test('a forged signature over a good body', async () => {
    const wallet = uuidv7();
    const id = uuidv7();
    const before = await deadLetters();
    const { headers: createHeaders } = await import('@nats-io/transport-node');
    const headers = createHeaders();
    headers.set(HEADERS.type, LANE_TYPES.transactionInitiated);
    headers.set(HEADERS.signature, `v1,g1,${'A'.repeat(43)}`);
    headers.set(HEADERS.time, '1');
    const subject = laneSubject('initiated', partitionOf(wallet, PARTITIONS), wallet);
    await around.bus.js.publish(subject, JSON.stringify([orderOf(wallet)]), { msgID: id, headers });
    await isNotAnswered(id, before);
  });

  test('the good orders of a message with a bad one go on', async () => {
    const wallet = uuidv7();
    const [good, bad] = [orderOf(wallet), orderOf(wallet, { amount: '-1' })];
    const before = await deadLetters();
    const answer = await answerTo(around, await around.send([bad, good]));
    expect(eventsOf(answer).map(({ id }) => id)).toEqual([good.transactionId]);
    await eventually(async () => (await deadLetters()) > before);
  });

  test('a context that Postgres can’t store takes no other decision with it', async () => {
    const order = orderOf(uuidv7(), { context: { deviceId: 'a\u0000b' } });
    await answerTo(around, await around.send([order]));
    const next = orderOf(uuidv7());
    await answerTo(around, await around.send([next]));
    expect((await decisionOf(next.transactionId)).transactionId).toBe(next.transactionId);
  });

  test('facts that nobody may tell are not learnt', async () => {
    const before = await fraud.metrics.registry.getSingleMetricAsString(
      'fraud_messages_refused_total',
    );
    await around.bus.js.publish('evt.00.wallet.transaction-completed', '[]');
    await eventually(
      async () =>
        (await fraud.metrics.registry.getSingleMetricAsString('fraud_messages_refused_total')) !==
        before,
    );
  });
});

describe('hunts decisions that nobody can understand later', () => {
  test('a stopped payment comes with reasons, and all it was made of can be read', async () => {
    const order = suspicious();
    const [event] = eventsOf(await answerTo(around, await around.send([order])));
    const risk = event?.data.risk;
    expect(STOPPED).toContain(risk?.decision);
    expect(risk?.reasons.map(({ code }) => code)).toContain('new-account-large-transfer');
    const decision = await decisionOf(order.transactionId);
    expect(decision.risk).toEqual(risk);
    expect(Object.keys(decision.features)).toEqual(FEATURES.map(({ name }) => name));
    expect(decision.features['amount']).toBe(25_000);
    expect(decision.risk.score).toBeCloseTo(1 / (1 + Math.exp(-decision.logit)), -1);
    const shares = risk?.reasons.reduce((sum, { share }) => sum + share, 0) ?? 0;
    expect(shares).toBeLessThanOrEqual(1.0001);
  });

  test('decisions are listed newest first, page by page, by what and whose', async () => {
    const wallet = uuidv7();
    const sent = Array.from({ length: 5 }, () => suspicious(wallet));
    for (const order of sent) {
      await answerTo(around, await around.send([order]));
      await decisionOf(order.transactionId);
    }
    const listed: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(cursor);
      listed.push(...page.items.map(({ transactionId }) => transactionId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(listed).toEqual(sent.map(({ transactionId }) => transactionId).toReversed());
    expect(await list('made up')).toEqual({ items: [], nextCursor: null });

    function list(after: string | undefined) {
      return request(around.bus, FRAUD_REQUESTS.listDecisions, {
        walletId: wallet,
        limit: 2,
        ...(after !== undefined && { cursor: after }),
      });
    }
  });

  test('models say what they are', async () => {
    const described = await request(around.bus, FRAUD_REQUESTS.describeModels, {});
    expect(described.models).toMatchObject([{ role: 'champion' }]);
    expect(described.backend).toBe('wasm');
  });
});

describe('hunts a flag that needs a restart', () => {
  test('shadow writes down and says so; off says nothing and writes nothing', async () => {
    fraud.setVariant('shadow');
    const watched = suspicious();
    const [shadow] = eventsOf(await answerTo(around, await around.send([watched])));
    expect(shadow?.data.risk?.mode).toBe('shadow');
    expect(STOPPED).toContain(shadow?.data.risk?.decision);
    expect((await decisionOf(watched.transactionId)).risk.mode).toBe('shadow');

    fraud.setVariant('off');
    const unwatched = suspicious();
    const [off] = eventsOf(await answerTo(around, await around.send([unwatched])));
    expect(off?.data).toEqual(unwatched);
    fraud.setVariant('enforce');
    await fraud.settled();
    const { decision } = await request(around.bus, FRAUD_REQUESTS.getDecision, {
      transactionId: unwatched.transactionId,
    });
    expect(decision).toBeNull();
  });
});

describe('hunts facts that profiles don’t learn', () => {
  const featuresOf = async (walletId: string, more: Record<string, unknown> = {}) => {
    const order = orderOf(walletId, more);
    await answerTo(around, await around.send([order]));
    return (await decisionOf(order.transactionId)).features;
  };

  test('what the ledger, identity and people tell changes the next score', async () => {
    const [wallet, owner] = [uuidv7(), uuidv7()];
    await tell.walletOpened(wallet, owner);
    await tell.credentialsChanged(owner);
    await tell.transaction('transaction-failed', wallet, { status: 'failed' });
    await eventually(async () => {
      const features = await featuresOf(wallet);
      expect(features['sinceCredentials']).toBeLessThan(1);
      expect(features['declines1h']).toBe(1);
      expect(features['age']).toBeGreaterThan(1);
    });
  });

  test('a report is told once, knows the device of the order, and marks the receiver', async () => {
    const order = orderOf(uuidv7(), { context: { deviceId: 'device-of-a-thief' } });
    await answerTo(around, await around.send([order]));
    await decisionOf(order.transactionId);
    const label = {
      transactionId: order.transactionId,
      walletId: order.walletId,
      label: 'fraud' as const,
      source: 'chargeback' as const,
      reportedBy: 'bank',
    };
    const report = () => request(around.bus, FRAUD_REQUESTS.reportTransaction, label);
    expect(await report()).toEqual({ recorded: true });
    expect(await report()).toEqual({ recorded: false });
    expect((await around.bus.jsm.streams.info(STREAMS.labels)).state.messages).toBe(1);
    expect((await decisionOf(order.transactionId)).label).toEqual({
      label: 'fraud',
      source: 'chargeback',
      reportedBy: 'bank',
    });
    await eventually(async () => {
      const context = { deviceId: 'device-of-a-thief' };
      expect((await featuresOf(uuidv7(), { context }))['originReports']).toBe(1);
    });
  });

  test('a verdict about a review becomes a label; one that expired teaches nothing', async () => {
    const ids = { approved: uuidv7(), declined: uuidv7(), expired: uuidv7() };
    for (const [status, id] of Object.entries(ids)) {
      const review = {
        status,
        openedAt: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-02T00:00:00.000Z',
        decidedBy: 'olga',
      };
      await tell.transaction('transaction-failed', uuidv7(), { id, status: 'failed', review });
    }
    await eventually(async () => {
      const { rows } = await around.pool.query(
        `SELECT transaction_id, label, source, reported_by, told FROM labels
          WHERE transaction_id = ANY ($1) ORDER BY label`,
        [Object.values(ids)],
      );
      const common = { source: 'review', reported_by: 'olga', told: true };
      expect(rows).toEqual([
        { transaction_id: ids.declined, label: 'fraud', ...common },
        { transaction_id: ids.approved, label: 'legitimate', ...common },
      ]);
    });
  });
});
