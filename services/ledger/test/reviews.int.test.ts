import { LANE_TYPES, LEDGER_REQUESTS, STREAMS, type Risk } from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSurroundings, type Surroundings } from './ledger-surroundings.ts';

let around: Surroundings;
/** The ledgers' clock stands this much ahead of ours. */
let aheadMs = 0;

beforeAll(async () => {
  around = await openSurroundings();
  await start('one');
});

afterAll(() => around.close());

const start = (owner: string) =>
  around.startOne(owner, {
    reviewForMs: 3_600_000,
    clock: { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs },
  });

const riskOf = (decision: Risk['decision'], mode: Risk['mode'] = 'enforce'): Risk => ({
  score: 0.73,
  decision,
  reasons: [{ code: 'new-payee', text: 'Never paid before', share: 1, value: 0.1, unit: 'EUR' }],
  modelVersion: 'test-1',
  featureVersion: 'f-1',
  mode,
  degraded: false,
});

const scored = (wallet: string, amount: string, more: object, risk = riskOf('review')) =>
  around.order(wallet, amount, { ...more, risk }, { as: 'fraud' });

const transfer = (from: string, to: string, amount: string, risk?: Risk) =>
  scored(from, amount, { type: 'transfer', counterpartyWalletId: to }, risk);

/** Says it as an operator at the gateway would; answers what came of it. */
async function say(
  verdict: 'approve' | 'decline' | 'expire',
  transactionId: string,
  walletId: string,
  as: 'gateway' | 'ledger' = 'gateway',
) {
  const id = uuidv7();
  const data = { transactionId, walletId, verdict, decidedBy: 'olga', note: 'called them' };
  await around.send(LANE_TYPES.decideReview, id, walletId, data, { as });
  return id;
}

const verdictOn = async (...said: Parameters<typeof say>) => around.outcomeOf(await say(...said));

const listReviews = (asked: { status?: 'open' | 'approved'; limit: number; cursor?: string }) =>
  request(around.bus, LEDGER_REQUESTS.listReviews, asked);

describe('a risk decides over a real lane, and is stored and told', () => {
  test('approved and blocked: the books, the answer and the event carry the risk', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const paid = await transfer(ana, ben, '10', riskOf('approve'));
    expect(await around.outcomeOf(paid)).toMatchObject({
      transaction: { status: 'completed', risk: riskOf('approve') },
    });
    const blocked = await transfer(ana, ben, '10', riskOf('block'));
    expect(await around.outcomeOf(blocked)).toMatchObject({
      transaction: { status: 'failed', failure: { code: 'risk-blocked' }, risk: riskOf('block') },
    });
    const watched = await transfer(ana, ben, '10', riskOf('block', 'shadow'));
    expect(await around.outcomeOf(watched)).toMatchObject({
      transaction: { status: 'completed', risk: { mode: 'shadow', decision: 'block' } },
    });
    const stored = await request(around.bus, LEDGER_REQUESTS.getTransaction, { id: blocked });
    expect(stored.transaction?.risk).toEqual(riskOf('block'));
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('held money can be approved, declined, and paid out by the bank', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = await transfer(ana, ben, '400');
    expect(await around.outcomeOf(held)).toMatchObject({
      transaction: {
        status: 'held',
        balances: { posted: '1000', held: '400' },
        review: { status: 'open' },
      },
    });
    expect(await around.brokenBooks()).toEqual([]);
    expect(await verdictOn('approve', held, ana)).toMatchObject({
      kind: 'transaction',
      transaction: {
        status: 'completed',
        balances: { posted: '600', held: '0' },
        review: { status: 'approved', decidedBy: 'olga', note: 'called them' },
      },
    });
    const declined = await transfer(ana, ben, '100');
    expect(await verdictOn('decline', declined, ana)).toMatchObject({
      transaction: {
        status: 'failed',
        failure: { code: 'risk-blocked', detail: 'declined in review' },
        balances: { posted: '600', held: '0' },
      },
    });
    const payout = await scored(ana, '50', { type: 'withdrawal', bankAccount: 'ok' });
    expect(await verdictOn('approve', payout, ana)).toMatchObject({
      transaction: { status: 'held', balances: { held: '50' }, review: { status: 'approved' } },
    });
    await around.settle(payout, ana, 'completed');
    await eventually(async () => {
      const { transaction } = await request(around.bus, LEDGER_REQUESTS.getTransaction, {
        id: payout,
      });
      return transaction?.status === 'completed' && transaction.review?.status === 'approved';
    });
    const deposit = await scored(ana, '70', { type: 'deposit', bankAccount: 'ok' });
    expect(await around.outcomeOf(deposit)).toMatchObject({
      transaction: { status: 'held', balances: { posted: '550', held: '0' } },
    });
    expect(await verdictOn('approve', deposit, ana)).toMatchObject({
      transaction: { status: 'pending' },
    });
    await around.settle(deposit, ana, 'completed');
    // Held, pending by the verdict, completed.
    expect(await around.outcomeOf(deposit, 3)).toMatchObject({
      transaction: { status: 'completed', balances: { posted: '620' } },
    });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('of many verdicts at once exactly one is carried out', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = await transfer(ana, ben, '400');
    const verdicts = Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? 'approve' : 'decline'));
    const asked = await Promise.all(verdicts.map((verdict) => say(verdict, held, ana)));
    const outcomes = await Promise.all(asked.map((id) => around.outcomeOf(id)));
    const first = outcomes.filter((one) => one.kind === 'transaction' && !one.replayed);
    expect(first).toHaveLength(1);
    expect(outcomes.filter((one) => one.kind === 'transaction')).toHaveLength(10);
    const refused = outcomes.filter((one) => one.kind === 'review-refused');
    expect(refused.map(({ code }) => code)).toEqual(Array(10).fill('hold-already-settled'));
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('an order and the verdict on it that wait together are decided together', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    await around.ledgers.pop()?.stop();
    const held = await transfer(ana, ben, '400');
    const asked = await say('approve', held, ana);
    await start('together');
    expect(await around.outcomeOf(asked)).toMatchObject({ transaction: { status: 'completed' } });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('reviews are listed, the longest waiting first, page by page', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const held = [];
    for (const amount of ['1', '2', '3']) held.push(await transfer(ana, ben, amount));
    await Promise.all(held.map((id) => around.outcomeOf(id)));
    const found: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await listReviews({ status: 'open', limit: 2, ...(cursor && { cursor }) });
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(found).toEqual(held);
    const metrics = around.ledgers.at(-1)?.metrics.registry;
    const told = await metrics?.getSingleMetricAsString('reviews_open');
    expect(told).toMatch(/reviews_open\S* 3$/m);
    await Promise.all(held.map((id) => verdictOn('decline', id, ana)));
    expect((await listReviews({ status: 'open', limit: 10 })).items).toEqual([]);
  });
});

test('what nobody has reviewed in time is declined by itself', async () => {
  const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
  const held = await transfer(ana, ben, '400');
  await around.outcomeOf(held);
  aheadMs = 3_600_001;
  expect(await around.outcomeOf(held, 2)).toMatchObject({
    transaction: {
      status: 'failed',
      failure: { code: 'risk-blocked', detail: 'not reviewed in time' },
      review: { status: 'expired' },
      balances: { posted: '1000', held: '0' },
    },
  });
  expect(await verdictOn('approve', held, ana)).toMatchObject({ code: 'hold-expired' });
  expect(await around.brokenBooks()).toEqual([]);
});

describe('nobody says what is another’s to say', () => {
  test('scores by the gateway, an expiry by it, a verdict of the ledger are buried', async () => {
    const [ana, ben] = [await around.fundedWallet('1000'), await around.openWallet()];
    const before = await around.deadLetters();
    const more = { type: 'transfer', counterpartyWalletId: ben, risk: riskOf('approve') };
    await around.order(ana, '10', more, { as: 'gateway' });
    await around.order(ana, '10', more, { as: 'banking' });
    const { risk: _, ...unscored } = more;
    await around.order(ana, '10', unscored, { as: 'ledger' });
    const held = await transfer(ana, ben, '10');
    await say('expire', held, ana);
    await say('approve', held, ana, 'ledger');
    await eventually(async () => (await around.deadLetters()) === before + 5);
    const { rows } = await around.pool.query<{ reason: string }>(
      'SELECT reason FROM dead_letters ORDER BY stream_sequence',
    );
    expect(rows.slice(-5).map(({ reason }) => reason)).toEqual([
      'the gateway may not say what a risk is',
      `banking may not say ${LANE_TYPES.transactionInitiated}`,
      'the ledger forwards no order without a risk',
      'gateway may not expire',
      'ledger may not approve',
    ]);
    expect(await verdictOn('decline', held, ana)).toMatchObject({ kind: 'transaction' });
  });

  test('a verdict on what is not under review is refused, not buried', async () => {
    const ana = await around.fundedWallet('10');
    const before = await around.deadLetters();
    expect(await verdictOn('approve', uuidv7(), ana)).toMatchObject({
      kind: 'review-refused',
      code: 'not-found',
    });
    expect(await around.deadLetters()).toBe(before);
  });
});

test('events with risk and review are told again, the same to the byte', async () => {
  const before = await allEvents();
  await around.ledgers.pop()?.stop();
  await around.pool.query('UPDATE partitions SET published_sequence = 0');
  await start('again');
  await eventually(async () => (await allEvents()).length >= 2 * before.length);
  const told = await allEvents();
  const ofPartition = (events: string[], partition: number) =>
    events.filter((event) => event.includes(`"data":{"partition":${partition},`));
  for (const partition of [0, 1, 2, 3]) {
    const first = ofPartition(before, partition);
    expect(ofPartition(told, partition).slice(first.length)).toEqual(first);
  }
  expect(told.some((event) => event.includes('"review":{"status":"expired"'))).toBe(true);
  expect(told.some((event) => event.includes('"decision":"block"'))).toBe(true);
});

/** All events in the stream, each as the bytes that were told. */
async function allEvents(): Promise<string[]> {
  const { state } = await around.bus.jsm.streams.info(STREAMS.events);
  const found: string[] = [];
  for (let sequence = 1; sequence <= state.last_seq; sequence++) {
    const stored = await around.bus.jsm.streams.getMessage(STREAMS.events, { seq: sequence });
    const text = stored?.string() ?? '[]';
    const events = text.slice(1, -1).split(/,(?=\{"specversion")/);
    expect(JSON.stringify(events.map((event) => JSON.parse(event) as unknown))).toBe(text);
    found.push(...events);
  }
  return found;
}
