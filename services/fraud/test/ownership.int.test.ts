import { laneSubject, partitionOf, STREAMS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { provision } from '@florin/messaging';
import { takeSnapshot } from '@florin/ml/features';
import { eventually } from '@florin/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTeller } from './facts.ts';
import {
  answerTo,
  eventsOf,
  openSurroundings,
  orderOf,
  PARTITIONS,
  runFraud,
  type Running,
  type RunOptions,
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

async function run(options: RunOptions = {}): Promise<Running> {
  const fraud = await runFraud(around, options);
  running.push(fraud);
  return fraud;
}

const forget = (gone: Running): void => {
  running = running.filter((one) => one !== gone);
};

/** Wallets that lie in all lanes. */
const wallets = Array.from({ length: 4 * PARTITIONS }, () => uuidv7());
const pick = (n: number): string => wallets[n % wallets.length] as string;

const storedDecisions = async (): Promise<number> => {
  const { rows } = await around.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM decisions',
  );
  return rows[0]?.n ?? 0;
};

/** Every order sent is in the ready lanes once, and those of a wallet in the order they came. */
async function allAnsweredOnce(sent: Map<string, string[]>): Promise<void> {
  const all = [...sent.values()].flat();
  await eventually(() => {
    const seen = new Set(around.ready.flatMap((message) => eventsOf(message).map(({ id }) => id)));
    return all.every((id) => seen.has(id));
  });
  const answered = around.ready.flatMap((message) => eventsOf(message));
  for (const [wallet, ids] of sent) {
    const own = answered.filter(({ data }) => data.walletId === wallet).map(({ id }) => id);
    expect(own).toEqual(ids);
  }
}

/** Sends orders one by one while `meanwhile` happens. */
async function sendDuring(meanwhile: () => Promise<void>): Promise<Map<string, string[]>> {
  const sent = new Map<string, string[]>();
  let done = false;
  const happening = meanwhile().finally(() => (done = true));
  // It is awaited below: until then a failure is nobody's fault but the test's.
  happening.catch(() => undefined);
  for (let n = 0; !done || n < 100; n++) {
    const order = orderOf(pick(n));
    sent.set(order.walletId, [...(sent.get(order.walletId) ?? []), order.transactionId]);
    await around.send([order]);
  }
  await happening;
  return sent;
}

const lanesOf = (fraud: Running): number => fraud.loop.lanes().size;

describe('hunts orders that are lost, doubled or overtaken when lanes change hands', () => {
  test('a second process takes its share under load, and gives it back when it stops', async () => {
    const one = await run();
    const sent = await sendDuring(async () => {
      const two = await run();
      await eventually(() => lanesOf(two) === PARTITIONS / 2 && lanesOf(one) === PARTITIONS / 2);
      await two.stop();
      forget(two);
      await eventually(() => lanesOf(one) === PARTITIONS);
    });
    await allAnsweredOnce(sent);
    await eventually(async () => (await storedDecisions()) === [...sent.values()].flat().length);
  });

  test('a killed process leaves nothing unanswered', async () => {
    const one = await run({ leaseMs: 1_000 });
    const two = await run({ leaseMs: 1_000 });
    await eventually(() => lanesOf(two) === PARTITIONS / 2);
    const sent = await sendDuring(async () => {
      await one.abandon();
      forget(one);
      await eventually(() => lanesOf(two) === PARTITIONS);
    });
    await allAnsweredOnce(sent);
    await eventually(async () => (await storedDecisions()) === [...sent.values()].flat().length);
  });

  test('what came while nobody scored is answered by the next one, and only that', async () => {
    const first = await run();
    const before = await around.send([orderOf(pick(0))]);
    await answerTo(around, before);
    await first.settled();
    await first.stop();
    forget(first);
    const waiting = [];
    for (let n = 0; n < 50; n++) waiting.push(await around.send([orderOf(pick(n))]));
    expect(around.ready).toHaveLength(1);
    await run();
    for (const id of waiting) await answerTo(around, id);
    expect(around.ready).toHaveLength(51);
  });

  test('what somebody else has answered meanwhile is not answered again', async () => {
    const first = await run();
    await first.stop();
    forget(first);
    const [answered, open] = [orderOf(pick(0)), orderOf(pick(0))];
    const id = await around.send([answered]);
    // As the policy beside the ledger does it.
    const partition = partitionOf(answered.walletId, PARTITIONS);
    const subject = laneSubject('ready', partition, answered.walletId);
    await around.bus.js.publish(subject, '[]', { msgID: `ready-${id}` });
    const next = await around.send([open]);
    await run();
    await answerTo(around, next);
    expect(around.ready.map((message) => message.id)).toEqual([`ready-${id}`, `ready-${next}`]);
    await eventually(async () => (await storedDecisions()) === 1);
  });
});

describe('hunts profiles that a restart changes', () => {
  async function live(fraud: Running, from: number, to: number): Promise<void> {
    const tell = createTeller(around.bus);
    for (let n = from; n < to; n++) {
      const wallet = pick(n);
      if (n % 7 === 0) await tell.walletOpened(wallet, uuidv7());
      if (n % 5 === 0) await tell.transaction('transaction-failed', wallet, { status: 'failed' });
      const context = { deviceId: `device-${n % 3}` };
      const counterpartyWalletId = pick(n + 1);
      await around.send([orderOf(wallet, { context, counterpartyWalletId })]);
      await tell.transaction('transaction-completed', wallet, { counterpartyWalletId });
    }
    tell.close();
    await foldedAll(fraud);
  }

  const foldedAll = (fraud: Running): Promise<unknown> =>
    eventually(async () => {
      for (const { stream, sequence } of fraud.sources()) {
        const { messages } = (await around.bus.jsm.streams.info(stream)).state;
        // The answers lie in the same stream as the orders, and are not folded.
        if (stream !== STREAMS.transactions && sequence < messages) return false;
      }
      return fraud.loop.waiting() === 0;
    });

  const bytesOf = (fraud: Running): Buffer => Buffer.from(takeSnapshot(fraud.keeper.profiles));

  /** The profiles of a start from the newest snapshot, and of one that has none. */
  async function startTwice(): Promise<{ restored: Buffer; replayed: Buffer }> {
    const restored = await run();
    expect(restored.keeper.positions).toHaveLength(4);
    await foldedAll(restored);
    await around.pool.query('DELETE FROM snapshots');
    const replayed = await run();
    expect(replayed.keeper.positions).toHaveLength(0);
    await foldedAll(replayed);
    return { restored: bytesOf(restored), replayed: bytesOf(replayed) };
  }

  test('from a snapshot they go on as if nothing had been, bit for bit', async () => {
    const first = await run();
    await live(first, 0, 60);
    await first.keeper.save();
    await live(first, 60, 100);
    await first.stop();
    forget(first);
    const { restored, replayed } = await startTwice();
    expect(restored.equals(replayed)).toBe(true);
    expect(bytesOf(first).equals(replayed)).toBe(true);
  });

  test('a snapshot that is taken while events come is of one moment', async () => {
    const first = await run();
    let toCome = true;
    const living = live(first, 0, 400).finally(() => (toCome = false));
    for (let taken = 0; taken < 10; taken++) await first.keeper.save();
    expect(toCome).toBe(true);
    await living;
    await first.stop();
    forget(first);
    const { restored, replayed } = await startTwice();
    expect(restored.equals(replayed)).toBe(true);
  });

  test('parked ones come back with their next order, the same as if they had stayed', async () => {
    const first = await run({ parkAfterMs: 0 });
    await live(first, 0, 60);
    await first.keeper.save();
    const { profiles } = first.keeper;
    expect(profiles.wallets.size).toBeLessThan(5);
    const { rows } = await around.pool.query('SELECT 1 FROM parked_profiles');
    expect(rows.length).toBeGreaterThan(10);
    await live(first, 60, 100);
    await around.pool.query('DELETE FROM snapshots');
    const replayed = await run();
    await foldedAll(replayed);
    for (const [walletId, { row }] of profiles.wallets) {
      expect(row).toEqual(replayed.keeper.profiles.wallets.get(walletId)?.row);
    }
  });

  test('parked ones are found after a restart', async () => {
    const first = await run({ parkAfterMs: 0 });
    await live(first, 0, 60);
    const lifetime = first.keeper.profiles.wallets.get(pick(0))?.row.slice();
    await first.keeper.save();
    await first.stop();
    forget(first);
    const second = await run({ parkAfterMs: 0 });
    expect(second.keeper.profiles.wallets.size).toBeLessThan(5);
    const id = await around.send([orderOf(pick(0))]);
    await answerTo(around, id);
    const row = second.keeper.profiles.wallets.get(pick(0))?.row;
    expect(row?.[0]).toBe(lifetime?.[0]);
    expect(row?.[1]).toBe(lifetime?.[1]);
  });

  test('of a stream that is made anew: they are kept, and its orders are answered', async () => {
    const fraud = await run();
    await live(fraud, 0, 20);
    const known = fraud.keeper.profiles.wallets.size;
    await around.bus.jsm.streams.delete(STREAMS.transactions);
    await provision(around.bus);
    const id = await around.send([orderOf(pick(0))]);
    await eventually(() => around.ready.some((message) => message.id === `ready-${id}`));
    expect(fraud.keeper.profiles.wallets.size).toBe(known);
    const alerts = await fraud.metrics.registry
      .getSingleMetric('fraud_stream_disorders_total')
      ?.get();
    expect(alerts?.values[0]?.labels).toMatchObject({ stream: STREAMS.transactions });
  });
});

describe('hunts models that look on and yet decide', () => {
  test('a challenger’s opinion is written down beside the decision', async () => {
    const { CURRENT_ARTEFACT } = await import('@florin/ml/artefact');
    const fraud = await run({ challengers: [CURRENT_ARTEFACT] });
    const order = orderOf(uuidv7());
    const answer = await answerTo(around, await around.send([order]));
    await fraud.settled();
    const [event] = eventsOf(answer);
    await eventually(async () => {
      const { rows } = await around.pool.query('SELECT score, challengers FROM decisions');
      expect(rows).toMatchObject([
        { score: event?.data.risk?.score, challengers: [{ score: rows[0].score }] },
      ]);
    });
    expect(JSON.stringify(event)).not.toContain('challengers');
  });
});
