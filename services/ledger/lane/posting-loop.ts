import { setTimeout as delay } from 'node:timers/promises';
import { assert, faultText } from '@florin/kernel';
import { isTransient, UnknownCommitError } from '@florin/postgres';
import { backoffMs, type Logger, type Metrics } from '@florin/runtime';
import type { Answer, Letter } from '../domain/changes.ts';
import type { Lane } from './lane.ts';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import { FencedError } from './post-batch.ts';
import type { Posted } from './posted.ts';

/** 1000 a commit is where bigger batches stop paying (docs/PERFORMANCE). At rest a batch is 1. */
const BATCH_COMMANDS_MAX = 1000;
/** A lane whose events can't be told takes no new work: they would pile up in memory. */
const UNTOLD_EVENTS_MAX = 10_000;

export interface PostingLoopOptions {
  postBatch(claims: readonly LaneClaim[], items: readonly LaneItem[]): Promise<Posted>;
  answer(answers: readonly Answer[]): void;
  /** Says in other lanes what was decided. */
  sendLetters?: ((letters: readonly Letter[]) => void) | undefined;
  /** Our lease clock: false when the partition may not be ours any more. */
  stillMine(partition: number, epoch: bigint): boolean;
  onFenced(partition: number): void;
  /** What a lane remembers may be wrong: it must be opened anew from the books. */
  onDoubt(partition: number): void;
  onBroken(lane: Lane, reason: string): Promise<void>;
  log: Logger;
  metrics: Metrics;
}

export interface PostingLoop {
  add(lane: Lane): void;
  /** Takes a lane out; resolves when no batch is working on it. */
  remove(partition: number): Promise<void>;
  lanes(): ReadonlyMap<number, Lane>;
  wake(): void;
  stop(): Promise<void>;
}

/** The lanes that one batch works on, with what was taken from each. */
type Taken = { lane: Lane; items: LaneItem[] }[];

/**
 * Posts what the lanes have read, all lanes together, one batch after the other. While one commits
 * the next gathers: under load batches grow by themselves, and at rest nothing waits.
 */
export function createPostingLoop(options: PostingLoopOptions): PostingLoop {
  const { log } = options;
  const measure = measurements(options.metrics);
  const lanes = new Map<number, Lane>();
  let inFlight: Promise<void> = Promise.resolve();
  let woken = Promise.withResolvers<void>();
  let stopping = false;
  let failures = 0;
  let turn = 0;

  function takeBatch(): Taken {
    const ready = [...lanes.values()].filter(
      (lane) => lane.backlog() > 0 && lane.outbox.size() < UNTOLD_EVENTS_MAX,
    );
    const taken: Taken = [];
    let room = BATCH_COMMANDS_MAX;
    // Another lane is first each time, so that none starves behind a busy one.
    for (let i = 0; i < ready.length && room > 0; i++) {
      const lane = ready[(turn + i) % ready.length] as Lane;
      const share = Math.max(1, Math.floor(room / (ready.length - i)));
      const items = lane.take(share);
      room -= items.reduce((sum, item) => sum + item.weight, 0);
      taken.push({ lane, items });
    }
    turn += 1;
    return taken;
  }

  async function post(taken: Taken): Promise<void> {
    const current = taken.filter(({ lane }) => {
      const mine = options.stillMine(lane.partition, lane.epoch);
      if (!mine) options.onFenced(lane.partition);
      return mine && lanes.get(lane.partition) === lane;
    });
    if (current.length === 0) return;
    const claims = current
      .map(({ lane }) => lane.claim())
      .toSorted((a, b) => a.partition - b.partition);
    const startedMs = performance.now();
    try {
      const posted = await options.postBatch(
        claims,
        current.flatMap(({ items }) => items),
      );
      measure.batch(posted, performance.now() - startedMs);
      failures = 0;
      settle(current, posted);
      // The next batch is sent to Postgres first: what is told meanwhile costs it no time.
      setImmediate(tell, current, posted);
    } catch (error) {
      await recover(current, error);
    }
  }

  function settle(taken: Taken, { eventSequences }: Posted): void {
    for (const { lane } of taken) {
      const sequence = eventSequences.get(lane.partition);
      assert(sequence !== undefined, 'a posted lane has no event sequence');
      lane.committed(sequence);
    }
  }

  function tell(taken: Taken, { changes }: Posted): void {
    options.sendLetters?.(changes.letters);
    options.answer(changes.outcomes);
    const events = Map.groupBy(changes.events, (event) => event.partition);
    for (const { lane } of taken) lane.tell(events.get(lane.partition) ?? []);
    for (const { partition, streamSequence, reason } of changes.deadLetters) {
      log.error({ partition, streamSequence, reason }, 'dead letter');
    }
  }

  /** Nothing is ever dropped here: what failed is tried again, or its lane stops. */
  async function recover(taken: Taken, error: unknown): Promise<void> {
    measure.failed();
    if (error instanceof UnknownCommitError) {
      log.warn({ problem: faultText(error) }, 'nobody knows if a batch was committed');
      for (const { lane } of taken) options.onDoubt(lane.partition);
      return backOff();
    }
    if (error instanceof FencedError) {
      putBack(taken.filter(({ lane }) => !error.partitions.includes(lane.partition)));
      error.partitions.forEach(options.onFenced);
      return;
    }
    if (isTransient(error) || isDuplicateKey(error)) {
      log.warn({ problem: faultText(error) }, 'a batch was rolled back and is tried again');
      putBack(taken);
      return backOff();
    }
    if (taken.length > 1) {
      log.error({ err: error }, 'a batch can’t be posted: its lanes are tried one by one');
      for (const one of taken) await post([one]);
      return;
    }
    for (const { lane } of taken) {
      log.fatal({ partition: lane.partition, err: error }, 'a batch broke an invariant');
      await options.onBroken(lane, `broken invariant: ${faultText(error)}`);
    }
  }

  function putBack(taken: Taken): void {
    for (const { lane, items } of taken) lane.putBack(items);
  }

  async function backOff(): Promise<void> {
    failures += 1;
    await delay(backoffMs(failures, { baseMs: 20, capMs: 1000 }));
  }

  async function run(): Promise<void> {
    while (!stopping) {
      const taken = takeBatch();
      if (taken.length === 0) {
        woken = Promise.withResolvers<void>();
        await woken.promise;
        continue;
      }
      inFlight = post(taken);
      await inFlight;
    }
  }

  const running = run();
  return {
    add(lane) {
      lanes.set(lane.partition, lane);
      woken.resolve();
    },
    async remove(partition) {
      lanes.delete(partition);
      await inFlight;
    },
    lanes: () => lanes,
    wake: () => woken.resolve(),
    async stop() {
      stopping = true;
      woken.resolve();
      await running;
    },
  };
}

/**
 * The same new id in two lanes at once: somebody used one key for two wallets. The second finds the
 * first when it's tried again.
 */
const isDuplicateKey = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23505';

function measurements(metrics: Metrics) {
  const size = metrics.histogram({
    name: 'ledger_batch_transactions',
    help: 'Transactions posted by one commit',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  });
  const seconds = metrics.histogram({
    name: 'ledger_batch_duration_seconds',
    help: 'From the start of a posting to its commit',
  });
  const transactions = metrics.counter({
    name: 'transactions_total',
    help: 'Decisions about transactions, by type and the status decided',
    labelNames: ['type', 'status'],
  });
  const lasted = metrics.histogram({
    name: 'transaction_duration_seconds',
    help: 'From pending to final of transactions that a bank, a person or a payee had a say in',
    labelNames: ['type', 'after'],
    buckets: [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 600, 3600, 86_400],
  });
  const deadLetters = metrics.counter({
    name: 'ledger_dead_letters_total',
    help: 'Messages that can never be understood',
  });
  const failed = metrics.counter({
    name: 'ledger_batch_failures_total',
    help: 'Postings that were rolled back or are in doubt',
  });
  return {
    batch({ changes }: Posted, durationMs: number) {
      size.observe(changes.newTransactions.length);
      seconds.observe(durationMs / 1000);
      const counts = new Map<string, { type: string; status: string; count: number }>();
      const count = (type: string, status: string) => {
        const key = `${type} ${status}`;
        const known = counts.get(key) ?? { type, status, count: 0 };
        known.count += 1;
        counts.set(key, known);
      };
      for (const { type, status } of changes.newTransactions) count(type, status);
      for (const {
        type,
        status,
        createdAtUs,
        completedAtUs,
        review,
      } of changes.changedTransactions) {
        count(type, status);
        if (completedAtUs === null) continue;
        const after = review !== null ? 'review' : type === 'hold' ? 'capture' : 'bank';
        lasted.observe({ type, after }, (completedAtUs - createdAtUs) / 1e6);
      }
      for (const { type, status, count: by } of counts.values()) {
        transactions.inc({ type, status }, by);
      }
      if (changes.deadLetters.length > 0) deadLetters.inc(changes.deadLetters.length);
    },
    failed: () => failed.inc(),
  };
}
