import { setTimeout as delay } from 'node:timers/promises';
import { faultText } from '@florin/kernel';
import { isTransient } from '@florin/postgres';
import { backoffMs, type Logger } from '@florin/runtime';
import type pg from 'pg';
import { decisionParameters } from '../adapters/decision-parameters.ts';
import { insertDecisions } from '../sql/insert-decisions.ts';
import { savePositions } from '../sql/partition-positions.ts';
import type { Answer } from './answer.ts';
import type { Lane } from './lane.ts';

/** Rows are gathered for so long: nobody waits for them, and fewer commits cost less. */
const GATHER_MS = 50;
/** So many at most go into one statement. */
const ROWS_MAX = 2_000;
const RETRY = { baseMs: 50, capMs: 2_000 };

export interface Recorder {
  /** Takes the verdicts of an answer, in the order of the lane. Never waits. */
  add(lane: Lane, answer: Answer): void;
  /** A lane's position may have grown. */
  touch(lane: Lane): void;
  /** Rows not written yet. */
  waiting(): number;
  /** Resolves when all that was taken is written, and the positions with it. */
  flushed(): Promise<void>;
  stop(): Promise<void>;
}

interface Entry {
  lane: Lane;
  answer: Answer;
}

/**
 * Writes decisions and positions beside the path of the payments, many at a time. A position is
 * written with, or after, the decisions that it stands for, and only while the epoch is ours.
 */
export function createRecorder(deps: {
  pool: pg.Pool;
  nowMs: () => number;
  /** Creation time of the stream that positions count in. */
  streamCreatedAt: () => string;
  log: Logger;
}): Recorder {
  const { pool, log } = deps;
  let entries: Entry[] = [];
  const moved = new Set<Lane>();
  const saved = new WeakMap<Lane, number>();
  let running: Promise<void> | undefined;
  let gathering = new AbortController();
  let stopped = false;

  function wake(): void {
    if (!stopped) running ??= run();
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopped && hasWork();) {
      if (failures === 0) await pause(GATHER_MS);
      const taken = takeRows();
      try {
        await write(taken);
        failures = 0;
      } catch (error) {
        entries = [...taken, ...entries];
        failures++;
        if (failures === 1) log.warn({ problem: faultText(error) }, 'decisions are written later');
        await pause(backoffMs(failures, RETRY));
      }
    }
    running = undefined;
  }

  const hasWork = (): boolean => entries.length > 0 || moved.size > 0;

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: gathering.signal }).catch(() => undefined);
  }

  function takeRows(): Entry[] {
    let rows = 0;
    const end = entries.findIndex(({ answer }) => (rows += answer.verdicts.length) > ROWS_MAX);
    return entries.splice(0, end === -1 ? entries.length : Math.max(1, end));
  }

  async function write(taken: readonly Entry[]): Promise<void> {
    await writeRows(taken);
    for (const { lane, answer } of taken) {
      lane.recorded(answer.sequence);
      moved.add(lane);
    }
    await writePositions();
  }

  async function writeRows(taken: readonly Entry[]): Promise<void> {
    const rows = taken.flatMap(({ answer }) =>
      answer.verdicts.map((verdict) => ({ verdict, position: answer.sequence })),
    );
    if (rows.length === 0) return;
    const decidedAt = new Date(deps.nowMs()).toISOString();
    try {
      await pool.query({ ...insertDecisions, values: decisionParameters(rows, decidedAt) });
    } catch (error) {
      if (isTransient(error)) throw error;
      // Something in it can't be stored: what is beside it can.
      if (taken.length > 1) for (const one of taken) await writeRows([one]);
      else log.error({ err: error, rows: rows.length }, 'decisions were not written');
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
    add(lane, answer) {
      entries.push({ lane, answer });
      wake();
    },
    touch(lane) {
      moved.add(lane);
      wake();
    },
    waiting: () => entries.reduce((sum, { answer }) => sum + answer.verdicts.length, 0),
    async flushed() {
      gathering.abort();
      gathering = new AbortController();
      await running;
    },
    async stop() {
      stopped = true;
      gathering.abort();
      await running;
    },
  };
}
