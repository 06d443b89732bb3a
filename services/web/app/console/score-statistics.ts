import type { RiskDecision } from '@florin/contracts';

export interface Scored {
  score: number;
  decision: RiskDecision;
  /** What it turned out to be, where somebody has said so. */
  fraud?: boolean;
  /** What the models thought that only look on. */
  others: { modelVersion: string; score: number; decision: RiskDecision }[];
}

export const BINS = 10;

const binOf = (score: number): number => Math.min(BINS - 1, Math.floor(score * BINS));

/** Which part of all scores lies in each tenth from 0 to 1. */
export function sharesOf(scores: readonly number[]): number[] {
  const counts = Array.from({ length: BINS }, () => 0);
  for (const score of scores) counts[binOf(score)] = (counts[binOf(score)] ?? 0) + 1;
  return counts.map((count) => (scores.length === 0 ? 0 : count / scores.length));
}

/** So that an empty bin does not make the index infinite. */
const SMALLEST_SHARE = 1e-4;

/**
 * How far two sets of scores lie apart: the population stability index, Σ (p − q) · ln(p / q) over
 * the bins. Below 0.1 nothing has moved, above 0.25 the model sees another world.
 */
export function stabilityIndex(before: readonly number[], after: readonly number[]): number {
  const [old, fresh] = [sharesOf(before), sharesOf(after)];
  return old.reduce((sum, share, bin) => {
    const p = Math.max(share, SMALLEST_SHARE);
    const q = Math.max(fresh[bin] ?? 0, SMALLEST_SHARE);
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}

export interface Agreement {
  modelVersion: string;
  count: number;
  /** Part in which both decided alike. */
  alike: number;
  /** Parts in which the one that looks on was stricter, or milder. */
  stricter: number;
  milder: number;
  scores: number[];
}

const STRICTNESS: Record<RiskDecision, number> = { approve: 0, review: 1, block: 2 };

/** What each model that looks on would have decided, held against what was decided. */
export function agreementsOf(decisions: readonly Scored[]): Agreement[] {
  const pairs = decisions.flatMap(({ decision, others }) =>
    others.map((other) => ({ decision, other })),
  );
  const models = Map.groupBy(pairs, ({ other }) => other.modelVersion);
  return Array.from(models, ([modelVersion, seen]) => {
    const differences = seen.map(
      ({ decision, other }) => STRICTNESS[other.decision] - STRICTNESS[decision],
    );
    const partOf = (holds: (difference: number) => boolean): number =>
      differences.filter(holds).length / seen.length;
    return {
      modelVersion,
      count: seen.length,
      alike: partOf((difference) => difference === 0),
      stricter: partOf((difference) => difference > 0),
      milder: partOf((difference) => difference < 0),
      scores: seen.map(({ other }) => other.score),
    };
  });
}

export interface CurvePoint {
  recall: number;
  precision: number;
  threshold: number;
}

/**
 * Precision by recall over the decisions that somebody has judged since, one point for each score
 * that could be the threshold, from the strictest on.
 */
export function precisionRecall(
  decisions: readonly { score: number; fraud: boolean }[],
): CurvePoint[] {
  const frauds = decisions.filter(({ fraud }) => fraud).length;
  if (frauds === 0) return [];
  const sorted = decisions.toSorted((a, b) => b.score - a.score);
  const points: CurvePoint[] = [];
  let hits = 0;
  sorted.forEach(({ score, fraud }, index) => {
    if (fraud) hits += 1;
    // Equal scores can not be told apart by any threshold.
    if (sorted[index + 1]?.score === score) return;
    points.push({ recall: hits / frauds, precision: hits / (index + 1), threshold: score });
  });
  return points;
}
