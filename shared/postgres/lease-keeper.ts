import { setTimeout as delay } from 'node:timers/promises';
import { systemClock, type Clock } from '@florin/kernel';
import { backoffMs, type Logger, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import { isTransient } from './is-transient.ts';
import { planLeases } from './lease-plan.ts';
import { createLeaseTable, type LeaseTable, type Taken } from './lease-table.ts';

/**
 * Why a partition is no longer ours: taken by another (`fenced`), not renewed in time (`expired`),
 * given to a member who has too few (`surplus`), given back (`stopping`), or never begun because
 * onAcquired threw (`failed`).
 */
export type LeaseLoss = 'fenced' | 'expired' | 'surplus' | 'stopping' | 'failed';

export interface LeaseKeeperOptions {
  /** Best a small pool of its own: a heartbeat must not queue behind the work it vouches for. */
  pool: pg.Pool;
  /** Name of the partitions table; see lease-table.ts for its columns. */
  table: string;
  /** Unique for each process. */
  owner: string;
  /** After this long without a sign of life the partitions are free for others. Default 5000. */
  leaseMs?: number;
  /** How often to look for free partitions, ± 50 %. Default 200. */
  pollMs?: number;
  log: Logger;
  metrics: Metrics;
  clock?: Clock;
  /** The partition is ours at this epoch, until onLost. */
  onAcquired(partition: number, epoch: bigint): void | Promise<void>;
  /** Begin nothing new for it. Resolves when the work in flight has ended: then it is released. */
  onLost(partition: number, why: LeaseLoss): Promise<void>;
}

export interface LeaseKeeper {
  /** Joins and takes a first share. An absent server is waited for in the background. */
  start(): Promise<void>;
  /** Partitions to begin work on, each with its epoch. A copy. */
  owned(): ReadonlyMap<number, bigint>;
  /**
   * Whether work for the partition may still be committed, by the monotonic clock alone. To be
   * asked right before each commit: a process that was paused learns here, before any timer has
   * run, that its time is over. It saves work; what protects the data is the epoch in the commit.
   */
  stillMine(partition: number, epoch: bigint): boolean;
  /** Told by the owner when its epoch check touched no row. */
  fenced(partition: number): void;
  /** Ends the work of all partitions, gives them back and leaves. Never rejects. */
  stop(): Promise<void>;
}

interface Lease {
  readonly epoch: bigint;
  /** Settles when onAcquired has returned, one way or the other. Never rejects. */
  begun: Promise<void>;
}

interface EndingLease {
  readonly epoch: bigint;
  /** Nobody else can have it yet, so work in flight may still commit. */
  reserved: boolean;
  readonly ended: Promise<void>;
}

const transitionsCounter = (metrics: Metrics) =>
  metrics.counter({
    name: 'lease_transitions_total',
    help: 'Partitions acquired, and lost by reason',
    labelNames: ['why'],
  });

const ownedGauge = (metrics: Metrics) =>
  metrics.gauge({ name: 'lease_partitions_owned', help: 'Partitions this process works on' });

/**
 * Modes of the keeper: idle -> running -> stopping -> stopped.
 * - running: beats every fifth of the lease time, surveys every poll, takes and gives up.
 * - stopping: beats on, so that nobody takes what is still being finished; takes nothing.
 * - idle, stopped: no timer, no partition.
 *
 * Modes of a partition: absent -> held -> ending -> absent.
 * - held: ours at `epoch`; onAcquired was called, onLost was not.
 * - ending: onLost was called and has not resolved, or the release is under way. It is not taken
 *   again before that, hence two epochs of one partition never run side by side in one process.
 *
 * No partition stays held once `#validUntilMs` has passed: that is the moment the last successful
 * beat was *sent*, plus nine tenths of the lease time. The server counts a whole lease time from
 * when the beat arrived, so this side ends first while both clocks run at about the same speed.
 */
class Keeper implements LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #table: LeaseTable;
  readonly #clock: Clock;
  readonly #transitions: ReturnType<typeof transitionsCounter>;
  readonly #ownedGauge: ReturnType<typeof ownedGauge>;
  readonly #leaseMs: number;
  readonly #pollMs: number;
  readonly #held = new Map<number, Lease>();
  readonly #ending = new Map<number, EndingLease>();
  #mode: 'idle' | 'running' | 'stopping' | 'stopped' = 'idle';
  #beatSentMs = -Infinity;
  #validUntilMs = -Infinity;
  #expiry: NodeJS.Timeout | undefined;
  #failures = 0;
  #pause = new AbortController();
  #loop: Promise<void> = Promise.resolve();

  constructor(options: LeaseKeeperOptions) {
    const { pool, table, owner, leaseMs = 5_000, pollMs = 200, clock = systemClock } = options;
    this.#options = options;
    this.#table = createLeaseTable(pool, table, owner, leaseMs);
    this.#clock = clock;
    this.#transitions = transitionsCounter(options.metrics);
    this.#ownedGauge = ownedGauge(options.metrics);
    this.#leaseMs = leaseMs;
    this.#pollMs = pollMs;
  }

  async start(): Promise<void> {
    this.#mode = 'running';
    try {
      await this.#turnSafely(isTransient);
    } catch (fault) {
      this.#mode = 'stopped';
      clearTimeout(this.#expiry);
      throw fault;
    }
    this.#loop = this.#run();
  }

  owned(): ReadonlyMap<number, bigint> {
    return new Map([...this.#held].map(([partition, { epoch }]) => [partition, epoch]));
  }

  stillMine(partition: number, epoch: bigint): boolean {
    if (this.#clock.monotonicMs() >= this.#validUntilMs) return false;
    const ending = this.#ending.get(partition);
    return (ending?.reserved ? ending : this.#held.get(partition))?.epoch === epoch;
  }

  fenced(partition: number): void {
    this.#lose(partition, 'fenced');
  }

  async stop(): Promise<void> {
    if (this.#mode !== 'running') return;
    this.#mode = 'stopping';
    for (const partition of this.#held.keys()) this.#lose(partition, 'stopping');
    await Promise.all([...this.#ending.values()].map(({ ended }) => ended));
    this.#mode = 'stopped';
    this.#wake();
    await this.#loop;
    clearTimeout(this.#expiry);
    await this.#table.leave().catch((err: unknown) => {
      this.#options.log.warn({ err }, 'leases not given back, they end by themselves');
    });
  }

  async #run(): Promise<void> {
    while (this.#mode !== 'stopped') {
      await this.#pauseBetweenTurns();
      await this.#turnSafely();
    }
  }

  async #pauseBetweenTurns(): Promise<void> {
    const waitMs =
      this.#failures === 0
        ? this.#pollMs * (0.5 + Math.random())
        : backoffMs(this.#failures, { baseMs: this.#pollMs, capMs: this.#leaseMs / 5 });
    const { signal } = this.#pause;
    await delay(waitMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) this.#pause = new AbortController();
  }

  /** Ends the pause between two turns, or skips the next one. */
  #wake(): void {
    this.#pause.abort();
  }

  /** One turn. What it throws is counted and logged, unless it is more than can be borne. */
  async #turnSafely(isBearable: (fault: unknown) => boolean = () => true): Promise<void> {
    const { log } = this.#options;
    try {
      if (this.#mode !== 'stopped') await this.#turn();
      if (this.#failures > 0) log.info('leases reach the database again');
      this.#failures = 0;
    } catch (err) {
      if (!isBearable(err)) throw err;
      this.#failures++;
      if (this.#failures === 1) log.warn({ err }, 'leases cannot reach the database, trying on');
    }
  }

  async #turn(): Promise<void> {
    await this.#beatWhenDue();
    const survey = await this.#table.survey();
    if (this.#expireWhenDue()) return;
    const { owner } = this.#options;
    const plan = planLeases(survey, { owner, held: this.owned(), ending: this.#ending });
    for (const partition of plan.fenced) this.#lose(partition, 'fenced');
    if (this.#mode !== 'running') return;
    if (plan.wanted > 0) this.#take(await this.#table.acquire(plan.free, plan.wanted));
    const [surplus] = plan.surplus;
    const releasing = [...this.#ending.values()].some(({ reserved }) => reserved);
    // One at a time, each after a fresh survey: a lane stands still as briefly as possible, and a
    // plan that a member's death has outdated is not carried out to its end.
    if (surplus !== undefined && !releasing) this.#lose(surplus, 'surplus');
    for (const { partition, epoch } of plan.orphaned) await this.#table.release(partition, epoch);
  }

  async #beatWhenDue(): Promise<void> {
    const sentMs = this.#clock.monotonicMs();
    if (sentMs - this.#beatSentMs < this.#leaseMs / 5) return;
    await this.#table.beat();
    // An answer that came after the lease had ended does not bring it back to life.
    this.#expireWhenDue();
    this.#beatSentMs = sentMs;
    this.#validUntilMs = sentMs + this.#leaseMs * 0.9;
    this.#watchExpiry();
  }

  #watchExpiry(): void {
    clearTimeout(this.#expiry);
    const leftMs = this.#validUntilMs - this.#clock.monotonicMs();
    this.#expiry = setTimeout(
      () => {
        if (!this.#expireWhenDue()) this.#watchExpiry();
      },
      Math.max(1, leftMs),
    );
  }

  /** True when the lease time is over. */
  #expireWhenDue(): boolean {
    if (this.#clock.monotonicMs() < this.#validUntilMs) return false;
    for (const partition of this.#held.keys()) this.#lose(partition, 'expired');
    for (const ending of this.#ending.values()) ending.reserved = false;
    return true;
  }

  #take(taken: readonly Taken[]): void {
    // Too late to use them: they stay ours by name only, and the next turn takes them again.
    if (this.#mode !== 'running' || this.#expireWhenDue()) return;
    for (const { partition, epoch } of taken) {
      const lease: Lease = { epoch, begun: Promise.resolve() };
      this.#held.set(partition, lease);
      this.#note(partition, epoch, 'acquired');
      lease.begun = this.#begin(partition, epoch);
    }
  }

  async #begin(partition: number, epoch: bigint): Promise<void> {
    try {
      await this.#options.onAcquired(partition, epoch);
    } catch (err) {
      this.#options.log.error({ err, partition }, 'partition could not be begun');
      this.#lose(partition, 'failed');
    }
  }

  /** held -> ending -> absent. Does nothing for a partition that is not held. */
  #lose(partition: number, why: LeaseLoss): void {
    const lease = this.#held.get(partition);
    if (lease === undefined) return;
    const reserved = why === 'surplus' || why === 'stopping';
    this.#held.delete(partition);
    const ended = this.#end(partition, lease, why);
    this.#ending.set(partition, { epoch: lease.epoch, reserved, ended });
    this.#note(partition, lease.epoch, why);
  }

  async #end(partition: number, { epoch, begun }: Lease, why: LeaseLoss): Promise<void> {
    const { onLost, log } = this.#options;
    try {
      await begun;
      await onLost(partition, why);
      // When stopping, one statement at the end gives back everything.
      if (why === 'surplus') await this.#table.release(partition, epoch);
    } catch (err) {
      log.error({ err, partition, why }, 'partition was not given up cleanly');
    }
    this.#ending.delete(partition);
    // The next one of the surplus follows at once; a partition that failed waits for a poll.
    if (why === 'surplus') this.#wake();
  }

  #note(partition: number, epoch: bigint, why: LeaseLoss | 'acquired'): void {
    this.#transitions.inc({ why });
    this.#ownedGauge.set(this.#held.size);
    const { log } = this.#options;
    log.info({ partition, epoch: String(epoch), why }, 'partition lease changed');
  }
}

/**
 * Keeps this process's fair share of the partitions of a table: ceil(partitions / live members).
 * Ownership is exclusive as far as clocks allow; the epoch, which grows with every change of hands
 * and which the owner compares inside each of its database transactions, makes it certain.
 */
export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  return new Keeper(options);
}
