import type { TransactionView } from '../api/answers.ts';

export interface Tick {
  /** Start of the tick, milliseconds since 1970. */
  at: number;
  completed: number;
  failed: number;
  held: number;
}

export interface LiveFeed {
  ticks: readonly Tick[];
  /** Newest first. */
  latest: readonly TransactionView[];
  /** From order to decision, of those decided lately, in milliseconds. */
  durations: readonly number[];
}

export const TICK_MS = 5000;
export const TICKS = 60;
const LATEST_MAX = 8;
const DURATIONS_MAX = 500;

const tickOf = (ms: number): number => Math.floor(ms / TICK_MS) * TICK_MS;

/** Five minutes in which nothing has happened yet. */
export function emptyFeed(nowMs: number): LiveFeed {
  const last = tickOf(nowMs);
  const ticks = Array.from({ length: TICKS }, (_, index) => ({
    at: last - (TICKS - 1 - index) * TICK_MS,
    completed: 0,
    failed: 0,
    held: 0,
  }));
  return { ticks, latest: [], durations: [] };
}

/** Lets time pass: empty ticks come in at the end, and as many old ones leave. */
export function advance(feed: LiveFeed, nowMs: number): LiveFeed {
  const last = feed.ticks.at(-1)?.at ?? 0;
  const missing = Math.max(0, Math.round((tickOf(nowMs) - last) / TICK_MS));
  if (missing === 0) return feed;
  if (missing >= TICKS) return { ...feed, ticks: emptyFeed(nowMs).ticks };
  const fresh = emptyFeed(nowMs).ticks.slice(-missing);
  return { ...feed, ticks: [...feed.ticks.slice(missing), ...fresh] };
}

/** Takes in a transaction that was decided just now. */
export function hear(feed: LiveFeed, transaction: TransactionView, nowMs: number): LiveFeed {
  const { ticks, latest, durations } = advance(feed, nowMs);
  const { status, createdAt, completedAt } = transaction;
  const counted = status === 'completed' || status === 'failed' || status === 'held';
  const last = ticks.at(-1);
  const next = last && counted ? { ...last, [status]: last[status] + 1 } : last;
  const took =
    completedAt === undefined ? [] : [Math.max(0, Date.parse(completedAt) - Date.parse(createdAt))];
  return {
    ticks: next ? [...ticks.slice(0, -1), next] : ticks,
    latest: [transaction, ...latest.filter(({ id }) => id !== transaction.id)].slice(0, LATEST_MAX),
    durations: [...took, ...durations].slice(0, DURATIONS_MAX),
  };
}

export function totalsOf({ ticks }: LiveFeed): { completed: number; failed: number; held: number } {
  const sum = { completed: 0, failed: 0, held: 0 };
  for (const { completed, failed, held } of ticks) {
    sum.completed += completed;
    sum.failed += failed;
    sum.held += held;
  }
  return sum;
}

/** The duration that this share of all stays below, or undefined when nothing was measured. */
export function quantile(durations: readonly number[], share: number): number | undefined {
  const sorted = durations.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
