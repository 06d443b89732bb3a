import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import { createLeaseKeeper, type LeaseKeeper } from '@florin/postgres';
import { backoffMs, type Logger, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { saveProgress } from '../sql/update-partition.ts';
import { halt, openLane, type Lane, type LaneDependencies } from './lane.ts';
import { createPostingLoop, type PostingLoop, type PostingLoopOptions } from './posting-loop.ts';
import { traceBatch } from './trace-batch.ts';

/** How often positions beside the lane's own are stored while no posting carries them along. */
const SAVE_PROGRESS_MS = 1000;

export interface LaneKeeperOptions extends Omit<
  LaneDependencies,
  'onWork' | 'onHalt' | 'onUntellable'
> {
  /** Heartbeats must not queue behind the postings that they vouch for. */
  leasePool: pg.Pool;
  owner: string;
  leaseMs: number;
  metrics: Metrics;
  log: Logger;
  postBatch: PostingLoopOptions['postBatch'];
  sendLetters?: PostingLoopOptions['sendLetters'];
}

export interface LaneKeeper {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Partition → why, of those that stand still until a person has looked. */
  halted(): ReadonlyMap<number, string>;
  /** Partitions in which this process itself was about to break an invariant. */
  broken(): ReadonlySet<number>;
  /** Partition → why the stream refuses its next event, until somebody changes the stream. */
  untellable(): ReadonlyMap<number, string>;
  lanes(): ReadonlyMap<number, Lane>;
}

/** Keeps a lane open for each partition that this process owns. */
export function createLaneKeeper(options: LaneKeeperOptions): LaneKeeper {
  const { log, pool } = options;
  const halted = new Map<number, string>();
  const broken = new Set<number>();
  const untellable = new Map<number, string>();
  const opening = new Map<number, AbortController>();
  const deps: LaneDependencies = {
    ...options,
    onWork: () => loop.wake(),
    onHalt(partition, reason) {
      halted.set(partition, reason);
      void close(partition);
    },
    onUntellable(partition, problem) {
      if (problem === undefined) untellable.delete(partition);
      else untellable.set(partition, problem);
    },
  };

  const loop: PostingLoop = createPostingLoop({
    postBatch: traceBatch(options.postBatch),
    answer: options.answer,
    sendLetters: options.sendLetters,
    stillMine: (partition, epoch) => leases.stillMine(partition, epoch),
    onFenced: (partition) => leases.fenced(partition),
    onDoubt(partition) {
      const lane = loop.lanes().get(partition);
      if (lane !== undefined) void open(partition, lane.epoch, close(partition));
    },
    onBroken(lane, reason) {
      broken.add(lane.partition);
      return halt(deps, lane.partition, lane.epoch, reason);
    },
    log,
    metrics: options.metrics,
  });

  const leases: LeaseKeeper = createLeaseKeeper({
    pool: options.leasePool,
    table: 'partitions',
    owner: options.owner,
    leaseMs: options.leaseMs,
    log,
    metrics: options.metrics,
    onAcquired: (partition, epoch) => void open(partition, epoch),
    async onLost(partition) {
      opening.get(partition)?.abort();
      opening.delete(partition);
      halted.delete(partition);
      untellable.delete(partition);
      await close(partition);
    },
  });

  /**
   * Opens a lane however long Postgres or NATS are away, unless the partition is lost meanwhile.
   * @param closed the lane before it has ended; one that is lost during that is not opened either
   */
  async function open(
    partition: number,
    epoch: bigint,
    closed: Promise<void> = Promise.resolve(),
  ): Promise<void> {
    const attempt = new AbortController();
    opening.get(partition)?.abort();
    opening.set(partition, attempt);
    await closed;
    for (let tries = 1; !attempt.signal.aborted; tries++) {
      try {
        const lane = await openLane(deps, partition, epoch, attempt.signal);
        if (lane === undefined) break;
        if (attempt.signal.aborted) await lane.close();
        else loop.add(lane);
        break;
      } catch (error) {
        log.warn({ partition, problem: faultText(error) }, 'a lane can’t be opened yet');
        const waitMs = backoffMs(tries, { baseMs: 100, capMs: 2000 });
        await delay(waitMs, undefined, { signal: attempt.signal }).catch(() => undefined);
      }
    }
    if (opening.get(partition) === attempt) opening.delete(partition);
  }

  async function close(partition: number): Promise<void> {
    const lane = loop.lanes().get(partition);
    if (lane === undefined) return;
    await loop.remove(partition);
    await lane.close();
    await save([lane]).catch(() => undefined);
  }

  async function save(lanes: readonly Lane[]): Promise<void> {
    const behind = lanes
      .filter((lane) => lane.isProgressUnstored() && lane.outbox.size() === 0)
      .map((lane) => ({ lane, claim: lane.claim() }));
    if (behind.length === 0) return;
    await pool.query(saveProgress, [
      plainArray(behind.map(({ claim }) => claim.partition)),
      plainArray(behind.map(({ claim }) => claim.epoch)),
      plainArray(behind.map(({ claim }) => claim.publishedSequence)),
      plainArray(behind.map(({ claim }) => claim.watchedPosition)),
    ]);
    for (const { lane, claim } of behind) lane.storedProgress(claim);
  }

  const saving = setInterval(() => {
    save([...loop.lanes().values()]).catch((error: unknown) => {
      log.debug({ problem: faultText(error) }, 'progress is stored later');
    });
  }, SAVE_PROGRESS_MS);

  return {
    start: () => leases.start(),
    async stop() {
      clearInterval(saving);
      await leases.stop();
      await loop.stop();
    },
    halted: () => halted,
    broken: () => broken,
    untellable: () => untellable,
    lanes: () => loop.lanes(),
  };
}
