import { setTimeout as delay } from 'node:timers/promises';
import { readyMessageId } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Bus } from '@florin/messaging';
import { createLeaseKeeper, type LeaseKeeper } from '@florin/postgres';
import { backoffMs, type Logger, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import { readRange } from '../adapters/read-range.ts';
import { readPosition, type PositionRow } from '../sql/partition-positions.ts';
import { createLane, type Lane, type LaneDeps } from './lane.ts';
import type { Past } from './reconstruct-decisions.ts';
import type { Recorder } from './recorder.ts';
import type { ScoringLoop, Source } from './scoring-loop.ts';

export interface OwnLanesDeps extends Omit<LaneDeps, 'record'> {
  pool: pg.Pool;
  leasePool: pg.Pool;
  bus: Bus;
  loop: ScoringLoop;
  recorder: Recorder;
  /** Writes down what others have decided in a part of the past, in its own time. */
  reconstruct(lane: Lane, past: Past): void;
  /** The stream of orders as it is folded now. */
  orders: () => Source;
  owner: string;
  leaseMs: number;
  metrics: Metrics;
  log: Logger;
}

export interface OwnLanes {
  start(): Promise<void>;
  /** Opens all of them anew: the stream of orders is another one. */
  reopen(): void;
  /** Answers what is under way and gives the partitions back. */
  stop(): Promise<void>;
}

/** While so many answers wait, reading what came before pauses. */
const CATCH_UP_WAITING_MAX = 200;

/** Keeps a lane for each partition that this process owns. */
export function createOwnLanes(deps: OwnLanesDeps): OwnLanes {
  const { bus, loop, recorder, log, pool } = deps;
  const openings = new Map<number, AbortController>();
  const owned = new Map<number, bigint>();
  const laneDeps: LaneDeps = {
    ...deps,
    record: (lane, answer, overtaken) => recorder.add(lane, answer, overtaken),
    onAnswered(lane, answer) {
      recorder.touch(lane);
      deps.onAnswered(lane, answer);
    },
  };

  const leases: LeaseKeeper = createLeaseKeeper({
    pool: deps.leasePool,
    table: 'partitions',
    owner: deps.owner,
    leaseMs: deps.leaseMs,
    log,
    metrics: deps.metrics,
    onAcquired(partition, epoch) {
      owned.set(partition, epoch);
      void open(partition, epoch);
    },
    async onLost(partition, why) {
      owned.delete(partition);
      await close(partition, why === 'surplus' || why === 'stopping');
    },
  });

  /** Tries however long Postgres or NATS are away, unless the partition is lost meanwhile. */
  async function open(partition: number, epoch: bigint): Promise<void> {
    const attempt = new AbortController();
    openings.get(partition)?.abort();
    openings.set(partition, attempt);
    const { signal } = attempt;
    for (let tries = 1; !signal.aborted; tries++) {
      try {
        await openLane(partition, epoch, signal);
        return;
      } catch (error) {
        forget(partition);
        if (signal.aborted) return;
        log.warn({ partition, problem: faultText(error) }, 'a lane can’t be opened yet');
        const waitMs = backoffMs(tries, { baseMs: 100, capMs: 2_000 });
        await delay(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  function forget(partition: number): void {
    loop.lanes().get(partition)?.stop();
    loop.removeLane(partition);
  }

  async function openLane(partition: number, epoch: bigint, signal: AbortSignal): Promise<void> {
    const { rows } = await pool.query<PositionRow>({
      ...readPosition,
      values: [partition, epoch],
    });
    const [row] = rows;
    if (row === undefined || signal.aborted) return;
    const { createdAt, sequence: folded } = deps.orders();
    // A position of another stream says nothing about this one.
    const stored = row.stream_created_at === createdAt ? Number(row.position) : 0;
    const position = Math.min(stored, folded);
    const lane = createLane(laneDeps, { partition, epoch, position });
    // What is folded from now on waits in the lane until what came before is answered.
    loop.addLane(lane);
    if (position < folded) {
      const past = { after: position, upTo: folded, createdAt, signal };
      // The position must not pass what others have answered and perhaps not written down.
      lane.holdPosition(position);
      const skipped = await answerEarlier(lane, past);
      if (signal.aborted) return;
      if (skipped > 0) deps.reconstruct(lane, past);
      else lane.holdPosition(undefined);
    }
    lane.open();
  }

  /** Answers what nobody has answered of the past. Tells how much others have. */
  async function answerEarlier(lane: Lane, past: Past): Promise<number> {
    const range = { ...past, partition: lane.partition };
    const answered = new Set<string>();
    await readRange(bus, { ...range, upTo: Infinity, stage: 'ready' }, ({ id }) => {
      if (id !== undefined) answered.add(id);
    });
    let [earlier, skipped] = [0, 0];
    await readRange(bus, { ...range, stage: 'initiated' }, (message, reader) => {
      if (answered.has(readyMessageId(message.id ?? ''))) {
        skipped++;
        return lane.skip(message.sequence);
      }
      earlier++;
      loop.catchUp(lane, message);
      if (lane.backlog() < CATCH_UP_WAITING_MAX) return undefined;
      reader.pause();
      return void lane.drained().then(reader.resume);
    });
    const { partition } = lane;
    if (earlier > 0) log.info({ partition, messages: earlier }, 'answered what had been waiting');
    return skipped;
  }

  async function close(partition: number, inOrder: boolean): Promise<void> {
    const lane = loop.lanes().get(partition);
    loop.removeLane(partition);
    openings.get(partition)?.abort();
    openings.delete(partition);
    if (lane && inOrder) {
      await lane.drained();
      await recorder.flushed();
    }
    lane?.stop();
  }

  return {
    start: () => leases.start(),
    reopen() {
      for (const [partition, epoch] of owned) {
        forget(partition);
        void open(partition, epoch);
      }
    },
    stop: () => leases.stop(),
  };
}
