import { randomUUID } from 'node:crypto';
import { recurrenceRule, type Transaction, type TransactionOrder } from '@florin/contracts';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createScheduleUseCases } from '../manage-schedules.ts';
import { createPlanOccurrences } from '../plan-occurrences.ts';
import { createCountOccurrence, createSettleOccurrences } from '../settle-occurrences.ts';
import { takeOutbox } from '../sql/outbox.ts';
import { createSubmitOccurrences } from '../submit-occurrences.ts';

/**
 * Hunts occurrences that are lost or come twice, over a real Postgres and a ledger that knows each
 * transaction once: processes that die at any point, outcomes nobody hears, plans that change.
 */

const DAY_MS = 86_400_000;
const stack = new AsyncDisposableStack();
let database: Database;
let nowMs = Date.parse('2027-03-01T00:00:00Z');
const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };

/** What the ledger has decided, by id: the first order under an id decides for ever. */
const books = new Map<string, TransactionOrder>();
let refusal: string | undefined;
let heard: 'all' | 'nothing' = 'all';

function decide(order: TransactionOrder): Transaction {
  const known = books.get(order.transactionId);
  if (known !== undefined) expect(order).toEqual(known);
  books.set(order.transactionId, order);
  return {
    id: order.transactionId,
    type: 'transfer',
    status: refusal === undefined ? 'completed' : 'failed',
    walletId: order.walletId,
    amount: order.amount,
    currency: order.currency,
    ...(refusal !== undefined && { failure: { code: 'insufficient-funds' as const } }),
    createdAt: new Date(nowMs).toISOString(),
  };
}

function service() {
  const db = database.slonik;
  const metrics = createMetrics('payments');
  const count = createCountOccurrence(metrics);
  const log = createLogger('payments', 'silent');
  const settle = createSettleOccurrences({ db, clock, count, onTold: () => undefined });
  const desk = {
    async place(order: TransactionOrder) {
      const decided = decide(order);
      return heard === 'all' ? decided : undefined;
    },
  };
  const submission = createSubmitOccurrences({ db, desk, settle, clock, log, claimMs: 5_000 });
  const planDue = createPlanOccurrences({ db, clock, lateAfterMs: 3_600_000, count });
  const useCases = createScheduleUseCases({ db, clock, schedulesMax: 3, onDue: () => undefined });
  return {
    ...useCases,
    settle,
    async submit() {
      while (await submission.doSome());
      await submission.whenIdle();
    },
    async run() {
      while (await planDue());
      await this.submit();
    },
  };
}
let payments: ReturnType<typeof service>;

beforeAll(async () => {
  const url = await freshDatabase('payments', new URL('../migrations', import.meta.url));
  database = stack.use(await createPool({ url, applicationName: 'payments' }));
});
beforeEach(() => {
  payments = service();
  books.clear();
  refusal = undefined;
  heard = 'all';
});
afterAll(() => stack.disposeAsync());

const ruleOf = (fields: object) => recurrenceRule.parse({ timeZone: 'UTC', ...fields });

async function plan(rule: object, more: object = {}) {
  const ownerId = randomUUID();
  const asked = {
    id: randomUUID(),
    ownerId,
    createdBy: ownerId,
    fingerprint: 'f'.repeat(22),
    walletId: randomUUID(),
    toWalletId: randomUUID(),
    amount: '100',
    currency: 'USD' as const,
    schedule: ruleOf(rule),
    onRefusal: { retries: 0, everySeconds: 3600 },
    onMissed: 'latest' as const,
    ...more,
  };
  const made = await payments.createSchedule(asked);
  if (!('schedule' in made)) throw new Error(made.detail);
  return asked;
}

const daily = () => ({
  frequency: 'daily',
  startAt: new Date(nowMs + 3_600_000).toISOString().slice(0, 16),
});

async function occurrencesOf(id: string) {
  const { page } = await payments.listOccurrences({ id, ownerId: null, limit: 100 });
  return page?.items.toReversed() ?? [];
}

const statusesOf = async (id: string): Promise<string> =>
  (await occurrencesOf(id)).map(({ number, status }) => `${number} ${status}`).join(', ');

const ordersOf = (walletId: string) =>
  [...books.values()].filter((order) => order.walletId === walletId);

describe('planned transfers', () => {
  test('come about once a day, whoever looks however often', async () => {
    const made = await plan({ ...daily(), count: 3 });
    for (let day = 0; day < 5; day++) {
      nowMs += DAY_MS;
      await Promise.all([payments.run(), service().run(), service().run()]);
    }
    expect(await statusesOf(made.id)).toBe('1 completed, 2 completed, 3 completed');
    expect(ordersOf(made.walletId)).toHaveLength(3);
    const { schedule } = await payments.getSchedule({ id: made.id, ownerId: made.ownerId });
    expect(schedule?.status).toBe('finished');
    expect(
      (await payments.getSchedule({ id: made.id, ownerId: randomUUID() })).schedule,
    ).toBeNull();
  });

  test('whose decision nobody heard are sent again, and are the same', async () => {
    const made = await plan({ ...daily(), count: 1 });
    nowMs += DAY_MS;
    heard = 'nothing';
    await payments.run();
    expect(await statusesOf(made.id)).toBe('1 submitted');
    // Nothing is due while the claim lasts; then another process takes it up.
    await service().run();
    nowMs += 10_001;
    await service().run();
    heard = 'all';
    nowMs += 10_001;
    await service().run();
    expect(await statusesOf(made.id)).toBe('1 completed');
    expect(ordersOf(made.walletId)).toHaveLength(1);
  });

  test('are settled by events alone, and told twice they change nothing', async () => {
    const made = await plan({ ...daily(), count: 1 });
    nowMs += DAY_MS;
    heard = 'nothing';
    await payments.run();
    const [order] = ordersOf(made.walletId);
    const decided = decide(order as TransactionOrder);
    await payments.settle([{ ...decided, status: 'held' }]);
    expect(await statusesOf(made.id)).toBe('1 held');
    await payments.settle([decided]);
    await payments.settle([{ ...decided, status: 'failed' }]);
    expect(await statusesOf(made.id)).toBe('1 completed');
  });

  test('that are refused are tried again as other transactions, then told', async () => {
    const onRefusal = { retries: 2, everySeconds: 600 };
    const made = await plan({ ...daily(), count: 1 }, { onRefusal });
    nowMs += DAY_MS;
    refusal = 'insufficient-funds';
    for (let attempt = 0; attempt < 5; attempt++) {
      await payments.run();
      await payments.run();
      nowMs += 600_001;
    }
    const [occurrence] = await occurrencesOf(made.id);
    expect(occurrence).toMatchObject({ status: 'refused' });
    expect(occurrence?.failures.map(({ attempt, code }) => `${attempt} ${code}`)).toEqual([
      '1 insufficient-funds',
      '2 insufficient-funds',
      '3 insufficient-funds',
    ]);
    expect(ordersOf(made.walletId)).toHaveLength(3);
    const told = await takeOutbox(database.slonik, 100);
    const events = told.filter(({ event }) => JSON.stringify(event).includes(made.id));
    expect(events.map(({ event }) => event.type)).toEqual(['florin.scheduled-transfer-failed.v1']);
  });

  test('that find money at the second try are paid once', async () => {
    const onRefusal = { retries: 2, everySeconds: 600 };
    const made = await plan({ ...daily(), count: 1 }, { onRefusal });
    nowMs += DAY_MS;
    refusal = 'insufficient-funds';
    await payments.run();
    refusal = undefined;
    nowMs += 600_001;
    await payments.run();
    nowMs += DAY_MS;
    await payments.run();
    expect(await statusesOf(made.id)).toBe('1 completed');
    expect(ordersOf(made.walletId)).toHaveLength(2);
  });

  test.each([
    ['latest', '1 missed, 2 missed, 3 completed'],
    ['all', '1 completed, 2 completed, 3 completed'],
    ['none', '1 missed, 2 missed, 3 missed'],
  ] as const)('that were missed in an outage: %s', async (onMissed, expected) => {
    const made = await plan(daily(), { onMissed });
    nowMs += 2 * DAY_MS + 3 * 3_600_000;
    await payments.run();
    expect(await statusesOf(made.id)).toBe(expected);
    await payments.setScheduleStatus({ id: made.id, ownerId: null, to: 'cancelled' });
  });

  test('pause, go on, and end', async () => {
    const made = await plan(daily());
    const set = (to: 'active' | 'paused' | 'cancelled') =>
      payments.setScheduleStatus({ id: made.id, ownerId: made.ownerId, to });
    nowMs += DAY_MS;
    await payments.run();
    await set('paused');
    nowMs += 2 * DAY_MS;
    await payments.run();
    expect(await statusesOf(made.id)).toBe('1 completed');
    await set('active');
    nowMs += DAY_MS;
    await payments.run();
    expect(await statusesOf(made.id)).toBe('1 completed, 4 completed');
    await set('cancelled');
    nowMs += DAY_MS;
    await payments.run();
    expect(await statusesOf(made.id)).toBe('1 completed, 4 completed');
    expect(await set('active')).toMatchObject({ refused: 'settled' });
  });

  test('pay what they say when they become due', async () => {
    const made = await plan(daily());
    nowMs += DAY_MS;
    await payments.run();
    const change = { id: made.id, ownerId: made.ownerId };
    await payments.changeSchedule({ ...change, amount: '250', count: 2 });
    nowMs += DAY_MS;
    await payments.run();
    nowMs += DAY_MS;
    await payments.run();
    expect(ordersOf(made.walletId).map(({ amount }) => amount)).toEqual(['100', '250']);
    expect(await payments.changeSchedule({ ...change, amount: '1' })).toMatchObject({
      refused: 'settled',
    });
  });

  test('are as many as may be, and a key makes one', async () => {
    const first = await plan(daily());
    const { ownerId } = first;
    const again = await payments.createSchedule(first);
    expect(again).toMatchObject({ replayed: true, schedule: { id: first.id } });
    const other = { ...first, fingerprint: 'g'.repeat(22) };
    expect(await payments.createSchedule(other)).toMatchObject({ refused: 'key-reused' });
    await plan(daily(), { ownerId });
    await plan(daily(), { ownerId });
    await expect(plan(daily(), { ownerId })).rejects.toThrow('at most 3');
    const past = { frequency: 'once', startAt: '2026-01-01T00:00' };
    await expect(plan(past)).rejects.toThrow('over already');
  });
});
