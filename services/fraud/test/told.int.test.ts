import {
  FRAUD_REQUESTS,
  laneSubject,
  partitionOf,
  readyMessageId,
  type Risk,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { FEATURES } from '@florin/ml/features';
import { eventually } from '@florin/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  answerTo,
  eventsOf,
  openSurroundings,
  orderOf,
  PARTITIONS,
  runFraud,
  type Order,
  type Running,
  type Surroundings,
} from './surroundings.ts';

let around: Surroundings;
let running: Running[] = [];

beforeEach(async () => {
  around = await openSurroundings();
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
  await around[Symbol.asyncDispose]();
});

async function run(): Promise<Running> {
  const fraud = await runFraud(around);
  running.push(fraud);
  return fraud;
}

async function end(fraud: Running): Promise<void> {
  await fraud.stop();
  running = running.filter((one) => one !== fraud);
}

const BY_POLICY: Risk = {
  score: null,
  decision: 'review',
  reasons: [{ code: 'not-scored', text: 'No model has answered in time', share: 0 }],
  modelVersion: 'amount-policy',
  mode: 'enforce',
  degraded: true,
};

/** Answers a message as the policy beside the ledger does. */
async function tellByPolicy(id: string, order: Order, as: 'ledger' | 'identity' = 'ledger') {
  const partition = partitionOf(order.walletId, PARTITIONS);
  const subject = laneSubject('ready', partition, order.walletId);
  await around.send([{ ...order, risk: BY_POLICY }], { id: readyMessageId(id), as, subject });
}

async function recordOf({ transactionId }: Order) {
  const asked = await request(around.bus, FRAUD_REQUESTS.getDecision, { transactionId });
  return asked.decision;
}

const recorded = (order: Order) =>
  eventually(async () => {
    const record = await recordOf(order);
    if (record === null) throw new Error('no decision');
    return record;
  });

/** The positions of so many lanes have gone on, behind what is written. */
const positionsMoved = (lanes: number) =>
  eventually(async () => {
    const { rows } = await around.pool.query('SELECT 1 FROM partitions WHERE position > 0');
    expect(rows).toHaveLength(lanes);
  });

describe('hunts payments that moved, and of which nobody knows who let them', () => {
  test('what the policy told while nobody scored is written down by the next one', async () => {
    const order = orderOf(uuidv7());
    const id = await around.send([order]);
    await tellByPolicy(id, order);
    const next = await run();
    const record = await recorded(order);
    expect(record).toMatchObject({ risk: BY_POLICY, reconstructed: true });
    expect(Object.keys(record.features)).toEqual(FEATURES.map(({ name }) => name));
    expect(Number.isFinite(record.logit)).toBe(true);
    expect(around.ready).toHaveLength(1);
    expect(record.decidedAt).toBe(around.ready[0]?.time.toISOString());
    await positionsMoved(1);
    const counter = next.metrics.registry.getSingleMetric('fraud_decisions_reconstructed_total');
    expect((await counter?.get())?.values).toMatchObject([{ value: 1 }]);
  });

  test('what was told and not written down is completed, with the score of then', async () => {
    const first = await run();
    const orders = Array.from({ length: 300 }, () => orderOf(uuidv7()));
    const sent = await Promise.all(orders.map((order) => around.send([order])));
    const answers = await Promise.all(sent.map((id) => answerTo(around, id)));
    for (const order of orders) await recorded(order);
    await end(first);
    const kept = orders[0] as Order;
    // As after a kill between the answer and the row.
    await around.pool.query('DELETE FROM decisions WHERE transaction_id <> $1', [
      kept.transactionId,
    ]);
    await around.pool.query('UPDATE partitions SET position = 0');
    await run();
    for (const [at, order] of orders.entries()) {
      const told = eventsOf(answers[at] as never)[0]?.data.risk;
      const record = await recorded(order);
      expect(record.risk).toEqual(told);
      expect(record.reconstructed).toBe(order === kept ? undefined : true);
    }
    expect(around.ready).toHaveLength(orders.length);
    await positionsMoved(PARTITIONS);
  });

  test('an answer that comes too late is written down as the one that came first', async () => {
    await run();
    const orders = Array.from({ length: 20 }, () => orderOf(uuidv7()));
    await Promise.all(
      orders.map(async (order) => {
        const id = uuidv7();
        // Both are with the server before anybody can have answered the first.
        await Promise.all([around.send([order], { id }), tellByPolicy(id, order)]);
        return answerTo(around, id);
      }),
    );
    let byPolicy = 0;
    for (const order of orders) {
      const told = around.ready.flatMap(eventsOf).find(({ id }) => id === order.transactionId);
      const { risk, reconstructed = false } = await recorded(order);
      expect(risk).toEqual(told?.data.risk);
      expect(reconstructed).toBe(risk.degraded);
      if (risk.degraded) byPolicy++;
    }
    expect(byPolicy).toBeGreaterThan(0);
  });

  test('what somebody told whom the ledger does not believe is no decision', async () => {
    const [order, next] = [orderOf(uuidv7()), orderOf(uuidv7())];
    await tellByPolicy(await around.send([order]), order, 'identity');
    await around.send([next]);
    const fraud = await run();
    await recorded(next);
    await fraud.settled();
    expect(await recordOf(order)).toBeNull();
  });
});
