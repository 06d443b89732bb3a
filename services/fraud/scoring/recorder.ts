import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import { backoffMs, type Logger } from '@florin/runtime';
import type pg from 'pg';
import type { DecisionRow } from '../adapters/decision-parameters.ts';
import type { ReadTold } from '../adapters/read-told.ts';
import type { StoreDecisions } from '../adapters/store-decisions.ts';
import { riskOf } from '../domain/ready-body.ts';
import { isSameRisk, type Told } from '../domain/told-risks.ts';
import { savePositions } from '../sql/partition-positions.ts';
import type { Answer } from './answer.ts';
import type { Lane } from './lane.ts';

/** Rows are gathered for so long: nobody waits for them, and fewer commits cost less. */
const GATHER_MS = 50;
/** Where it has to be looked up what was told: each look reads a part of a lane again. */
const GATHER_OVERTAKEN_MS = 500;
/** So many at most go into one statement. */
const ROWS_MAX = 2_000;
/** Above this many waiting rows no more are wanted, until half of them are written. */
const WAITING_MAX = 20_000;
const RETRY = { baseMs: 50, capMs: 2_000 };
/** So often it is tried to find out what somebody faster has told; then our own word is written. */
const LOOKUPS_MAX = 3;

export interface Recorder {
  /**
   * Takes the verdicts of an answer that is told, in the order of the lane. Never waits.
   * @param overtaken somebody else may have answered before: what they told is written down
   */
  add(lane: Lane, answer: Answer, overtaken: boolean): void;
  /** A lane's position may have grown. */
  touch(lane: Lane): void;
  /** Rows not written yet. */
  waiting(): number;
  /**
   * Resolves when all that was taken before is written, and the positions with it. What comes
   * meanwhile is not waited for.
   */
  flushed(): Promise<void>;
  stop(): Promise<void>;
}

/** Who waits until what came before is written. */
interface Waiter {
  /** How many entries there had been. */
  after: number;
  resolve(): void;
}

interface Entry {
  lane: Lane;
  answer: Answer;
  overtaken: boolean;
  /** Of an overtaken one, what was told about its orders, by transaction: once it is looked up. */
  told?: ReadonlyMap<string, Told>;
}

/**
 * Writes decisions and positions beside the path of the payments, many at a time. A position is
 * written with, or after, the decisions that it stands for, and only while the epoch is ours.
 */
export function createRecorder(deps: {
  pool: Pick<pg.Pool, 'query'>;
  store: StoreDecisions;
  readTold: ReadTold;
  /** Creation time of the stream that positions count in. */
  streamCreatedAt: () => string;
  /** More is decided than can be written down, or no longer: what waits is kept in memory. */
  onFull(full: boolean): void;
  log: Logger;
}): Recorder {
  const { pool, log } = deps;
  let entries: Entry[] = [];
  let waiting = 0;
  /** Entries that came, and of those the ones that are written: the first first. */
  let [added, written] = [0, 0];
  let waiters: Waiter[] = [];
  let full = false;
  const moved = new Set<Lane>();
  const saved = new WeakMap<Lane, number>();
  let running: Promise<void> | undefined;
  let gathering = new AbortController();
  const stopping = new AbortController();
  let failedLookups = 0;
  let stopped = false;

  function wake(): void {
    if (!stopped) running ??= run();
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopped && hasWork();) {
      if (failures === 0) await gather();
      const taken = takeRows();
      const served = waiters.filter(({ after }) => after <= written + taken.length);
      try {
        await write(taken);
        failures = 0;
        written += taken.length;
        waiters = waiters.filter((one) => !served.includes(one));
        for (const { resolve } of served) resolve();
      } catch (error) {
        entries = [...taken, ...entries];
        waiting += rowsIn(taken);
        failures++;
        if (failures === 1) log.warn({ problem: faultText(error) }, 'decisions are written later');
        await pause(backoffMs(failures, RETRY));
      }
    }
    running = undefined;
    if (stopped) for (const { resolve } of waiters.splice(0)) resolve();
  }

  const hasWork = (): boolean => entries.length > 0 || moved.size > 0 || waiters.length > 0;

  async function gather(): Promise<void> {
    if (waiters.length > 0) return;
    await pause(entries.some(isUnknown) ? GATHER_OVERTAKEN_MS : GATHER_MS);
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: gathering.signal }).catch(() => undefined);
  }

  function takeRows(): Entry[] {
    let rows = 0;
    const end = entries.findIndex(({ answer }) => (rows += answer.verdicts.length) > ROWS_MAX);
    const taken = entries.splice(0, end === -1 ? entries.length : Math.max(1, end));
    waiting -= rowsIn(taken);
    noteRoom();
    return taken;
  }

  function noteRoom(): void {
    if (full === waiting > (full ? WAITING_MAX / 2 : WAITING_MAX)) return;
    full = !full;
    deps.onFull(full);
  }

  async function write(taken: readonly Entry[]): Promise<void> {
    // All that wait are looked up at once: after a flood the lanes are long.
    if (taken.some(isUnknown)) await lookUp([...taken, ...entries].filter(isUnknown));
    await deps.store(taken.map(rowsOf));
    for (const { lane, answer } of taken) {
      lane.recorded(answer.sequence);
      moved.add(lane);
    }
    await writePositions();
  }

  /** Finds out what was told about the orders of answers that came too late. */
  async function lookUp(unknown: readonly Entry[]): Promise<void> {
    const lanes = Map.groupBy(unknown, ({ lane }) => lane.partition);
    const createdAt = deps.streamCreatedAt();
    try {
      for (const [partition, late] of lanes) {
        const asked = late.map(({ answer }) => askedOf(answer));
        const { signal } = stopping;
        const told = await deps.readTold({ partition, createdAt, signal }, asked);
        // Half of what was told must not be taken for all of it.
        signal.throwIfAborted();
        for (const entry of late) entry.told = told;
      }
      failedLookups = 0;
    } catch (error) {
      if (++failedLookups < LOOKUPS_MAX) throw error;
      failedLookups = 0;
      log.error({ err: error }, 'what was told is not known: our own decisions are written');
      for (const entry of unknown) entry.told ??= new Map();
    }
  }

  async function writePositions(): Promise<void> {
    const grown = [...moved]
      .map((lane) => ({ lane, position: lane.position() }))
      .filter(({ lane, position }) => position !== saved.get(lane));
    if (grown.length > 0) {
      const partitions = grown.map(({ lane }) => lane.partition);
      const epochs = grown.map(({ lane }) => lane.epoch);
      const positions = grown.map(({ position }) => position);
      const values = [partitions, epochs, positions, deps.streamCreatedAt()];
      await pool.query({ ...savePositions, values });
    }
    for (const { lane, position } of grown) saved.set(lane, position);
    // What has grown meanwhile is written the next time.
    for (const lane of moved) if (lane.position() === (saved.get(lane) ?? 0)) moved.delete(lane);
  }

  return {
    add(lane, answer, overtaken) {
      entries.push({ lane, answer, overtaken });
      added += 1;
      waiting += answer.verdicts.length;
      noteRoom();
      wake();
    },
    touch(lane) {
      moved.add(lane);
      wake();
    },
    waiting: () => waiting,
    async flushed() {
      if (stopped) return running;
      if (!running && !hasWork()) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiters.push({ after: added, resolve });
      gathering.abort();
      gathering = new AbortController();
      wake();
      return promise;
    },
    async stop() {
      stopped = true;
      stopping.abort();
      gathering.abort();
      await running;
    },
  };
}

const rowsIn = (entries: readonly Entry[]): number =>
  entries.reduce((sum, { answer }) => sum + answer.verdicts.length, 0);

const askedOf = ({ messageId: id, sequence, verdicts }: Answer) => ({
  id,
  sequence,
  transactionIds: verdicts.map(({ order }) => order.event.data.transactionId),
});

/** It is not known yet what was told in place of our answer. */
const isUnknown = ({ overtaken, told }: Entry): boolean => overtaken && told === undefined;

/** An answer of our own that was only repeated is written as we know it, with all its reasons. */
const rowsOf = ({ answer: { verdicts, sequence: position }, told: toldBy }: Entry): DecisionRow[] =>
  verdicts.map((verdict) => {
    const told = toldBy?.get(verdict.order.event.data.transactionId);
    const isOurs = told === undefined || isSameRisk(told.risk, riskOf(verdict));
    return { verdict, position, told: isOurs ? undefined : told };
  });
