import { LANE_TYPES, laneSubject, partitionOf, readyMessageId, type Risk } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createFlags, setFlag } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  openSurroundings,
  PARTITIONS,
  type RunningLedger,
  type Surroundings,
} from './ledger-surroundings.ts';

let around: Surroundings;
let ledger: RunningLedger;

const start = (owner: string, watchdogDeadlineMs = 100) =>
  around.startOne(owner, { watchdogDeadlineMs, approveLimits: { USD: 500n } });

const initiated = (wallet: string, amount: string, more: object) =>
  around.order(wallet, amount, more, { stage: 'initiated' });

const transfer = (from: string, to: string, amount: string) =>
  initiated(from, amount, { type: 'transfer', counterpartyWalletId: to });

const bank = { bankAccount: 'ok' };

const approved: Risk = {
  score: 0.01,
  decision: 'approve',
  reasons: [],
  modelVersion: 'test-1',
  mode: 'enforce',
  degraded: false,
};

const unscoredOf = async (): Promise<number> => {
  const text = await ledger.metrics.registry.getSingleMetricAsString('ledger_unscored_orders');
  return Number(/\s(\d+)$/m.exec(text)?.[1]);
};

const watchedPositions = async (): Promise<bigint> => {
  const { rows } = await around.pool.query<{ position: bigint }>(
    'SELECT max(watched_position) AS position FROM partitions',
  );
  return rows[0]?.position ?? 0n;
};

beforeAll(async () => {
  around = await openSurroundings();
  await setFlag(around.bus, 'fraud-scoring', 'enforce', 'test');
});

beforeEach(async () => {
  await around.ledgers.pop()?.stop();
  ledger = await start(uuidv7());
});

afterAll(() => around.close());

describe('what nobody scores is decided by its amount', () => {
  test('small and known goes on; large, new and withdrawn waits for a person', async () => {
    const [ana, ben] = [await around.fundedWallet('5000'), await around.openWallet()];
    await around.outcomeOf(await around.transfer(ana, ben, '1'));
    const carl = await around.openWallet();
    const cases = [
      [transfer(ana, ben, '500'), 'completed', 'approve', 'not-scored'],
      [transfer(ana, ben, '501'), 'held', 'review', 'amount-above-limit'],
      [transfer(ana, carl, '1'), 'held', 'review', 'new-payee'],
      [initiated(ana, '500', { type: 'deposit', ...bank }), 'pending', 'approve', 'not-scored'],
      [initiated(ana, '9000', { type: 'deposit', ...bank }), 'held', 'review'],
      [initiated(ana, '1', { type: 'withdrawal', ...bank }), 'held', 'review', 'withdrawal'],
    ] as const;
    for (const [sent, status, decision, code] of cases) {
      expect(await around.outcomeOf(await sent)).toMatchObject({
        transaction: {
          status,
          risk: {
            score: null,
            decision,
            degraded: true,
            mode: 'enforce',
            modelVersion: 'amount-policy',
            reasons: expect.arrayContaining([expect.objectContaining(code ? { code } : {})]),
          },
        },
      });
    }
    const counted = await ledger.metrics.registry.getSingleMetricAsString(
      'watchdog_decisions_total',
    );
    expect(counted).toMatch(/decision="review"\S* 4$/m);
    expect(counted).toMatch(/decision="approve"\S* 2$/m);
    expect(await unscoredOf()).toBe(0);
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('a request that is repeated while nobody scores is answered again', async () => {
    const [ana, ben] = [await around.fundedWallet('100'), await around.openWallet()];
    const data = around.orderOf(ana, '60', { type: 'transfer', counterpartyWalletId: ben });
    const id = data.transactionId;
    const send = () =>
      around.send(LANE_TYPES.transactionInitiated, id, ana, data, { stage: 'initiated' });
    await send();
    await around.outcomeOf(id);
    await send();
    expect(await around.outcomeOf(id, 2)).toMatchObject({ replayed: true });
    expect(await around.brokenBooks()).toEqual([]);
  });

  test('while the flag lets no score decide, its absence decides nothing', async () => {
    const ana = await around.fundedWallet('5000');
    const flags = createFlags(around.bus);
    await flags.ready;
    await flags.set('fraud-scoring', 'shadow', 'test');
    // The ledger hears of it a moment after us: what it decided before is decided by the amount.
    await eventually(async () => {
      const payout = await initiated(ana, '1', { type: 'withdrawal', ...bank });
      const outcome = await around.outcomeOf(payout);
      return outcome.kind === 'transaction' && outcome.transaction.risk?.mode === 'shadow';
    });
    const payout = await initiated(ana, '900', { type: 'withdrawal', ...bank });
    const outcome = await around.outcomeOf(payout);
    expect(outcome).toMatchObject({
      transaction: { status: 'held', risk: { decision: 'approve', mode: 'shadow' } },
    });
    expect(outcome.kind === 'transaction' && outcome.transaction.review).toBeUndefined();
    await flags.set('fraud-scoring', 'enforce', 'test');
    await eventually(() => flags.variant('fraud-scoring') === 'enforce');
    await flags.stop();
  });
});

describe('a scorer and the watchdog never both move money', () => {
  test('what is scored in time is left alone', async () => {
    const [ana, ben] = [await around.fundedWallet('5000'), await around.openWallet()];
    await ledger.stop();
    around.ledgers.pop();
    ledger = await start('patient', 60_000);
    const data = around.orderOf(ana, '900', { type: 'transfer', counterpartyWalletId: ben });
    const type = LANE_TYPES.transactionInitiated;
    const id = data.transactionId;
    const message = await around.send(type, id, ana, data, { stage: 'initiated' });
    await eventually(async () => (await unscoredOf()) === 1);
    await around.send(type, id, ana, { ...data, risk: approved }, scoredAs(message));
    expect(await around.outcomeOf(id)).toMatchObject({
      transaction: { status: 'completed', risk: approved },
    });
    await eventually(async () => (await unscoredOf()) === 0);
  });

  test('a score that comes late changes nothing, remembered by the stream or not', async () => {
    const [ana, ben] = [await around.fundedWallet('5000'), await around.openWallet()];
    const data = around.orderOf(ana, '900', { type: 'transfer', counterpartyWalletId: ben });
    const type = LANE_TYPES.transactionInitiated;
    const id = data.transactionId;
    const message = await around.send(type, id, ana, data, { stage: 'initiated' });
    expect(await around.outcomeOf(id)).toMatchObject({ transaction: { status: 'held' } });
    const late = { ...data, risk: approved };
    await around.send(type, id, ana, late, scoredAs(message));
    // Like the one before, but later than the stream remembers ids.
    await around.send(type, id, ana, late, { as: 'fraud' });
    expect(await around.outcomeOf(id, 2)).toMatchObject({
      replayed: true,
      transaction: { status: 'held', risk: { degraded: true } },
    });
    expect(around.outcomes.get(id)).toHaveLength(2);
    expect(await around.brokenBooks()).toEqual([]);
  });

  const scoredAs = (message: string) =>
    ({ as: 'fraud', messageId: readyMessageId(message) }) as const;
});

describe('orders that wait outlive the ledger that saw them', () => {
  test('the next owner decides what nobody had scored, and its position moves on', async () => {
    const [ana, ben] = [await around.fundedWallet('5000'), await around.openWallet()];
    await ledger.stop();
    around.ledgers.pop();
    ledger = await start('patient', 60_000);
    const sent: string[] = [];
    for (let n = 0; n < 20; n++) sent.push(await transfer(ana, ben, '600'));
    await eventually(async () => (await unscoredOf()) === 20);
    const before = await watchedPositions();
    await ledger.stop();
    around.ledgers.pop();
    ledger = await start('quick');
    for (const id of sent) await around.outcomeOf(id);
    const statuses = sent.map((id) => {
      const outcome = around.outcomes.get(id)?.[0];
      return outcome?.kind === 'transaction' ? outcome.transaction.status : outcome?.kind;
    });
    // 8 times 600 can be held, then the money is spoken for.
    expect(statuses.filter((status) => status === 'held')).toHaveLength(8);
    expect(statuses.filter((status) => status === 'failed')).toHaveLength(12);
    await eventually(async () => (await watchedPositions()) > before);
    expect(await around.brokenBooks()).toEqual([]);
  });
});

test('what waits for no score, or was never signed, is buried and holds nothing up', async () => {
  const ana = await around.fundedWallet('100');
  const before = await around.deadLetters();
  const order = { type: 'withdrawal', ...bank };
  await around.order(ana, '1', { ...order, risk: approved }, { stage: 'initiated', as: 'fraud' });
  await around.order(ana, '1.5', order, { stage: 'initiated' });
  const change = { requestId: uuidv7(), walletId: ana, to: 'frozen' };
  await around.send(LANE_TYPES.changeWalletStatus, uuidv7(), ana, change, { stage: 'initiated' });
  const subject = laneSubject('initiated', partitionOf(ana, PARTITIONS), ana);
  await around.bus.js.publish(subject, 'neither signed nor named');
  await around.bus.js.publish(subject, 'neither, too');
  await eventually(async () => (await around.deadLetters()) === before + 5);
  const paid = await initiated(ana, '1', order);
  expect(await around.outcomeOf(paid)).toMatchObject({ transaction: { status: 'held' } });
  await eventually(async () => (await unscoredOf()) === 0);
});
