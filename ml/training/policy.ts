import { decideWithRules, type Policy } from '../artefact/mod.ts';
import type { ScoredTransaction } from '../features/mod.ts';
import { rowOf, type Matrix } from '../model/mod.ts';
import { DEGRADED, RULES } from './rules.ts';

/** What each outcome costs, in dollars, apart from the money that a fraud takes. */
export const COSTS = { review: 4, delayedCustomer: 2, blockedCustomer: 40, missedInReview: 0.1 };

/** Bars that no saving may break, and how much of them the choice may use up: life drifts. */
export const LIMITS = { legitimateBlocked: 0.001, alerts: 0.01 };
const HEADROOM = 0.6;

const CANDIDATES = 60;

interface Outcomes {
  probabilities: Float32Array;
  labels: Float32Array;
  cents: Float64Array;
}

/**
 * The thresholds on the calibrated probability that would have been cheapest on validation data,
 * among those that stay within the limits: `block` at or above it, `review` from `review` on.
 */
export function choosePolicy(outcomes: Outcomes): Policy {
  const { probabilities, labels } = outcomes;
  const legitimate = probabilities.filter((_, row) => labels[row] === 0);
  const reviewLeast = leastReachedBy(probabilities, LIMITS.alerts * HEADROOM);
  // What is blocked is an alert too.
  const blockLeast = Math.max(
    leastReachedBy(legitimate, LIMITS.legitimateBlocked * HEADROOM),
    reviewLeast,
  );
  let best = { cost: Infinity, review: reviewLeast, block: NEVER };
  for (const block of between(blockLeast, 0.995)) {
    for (const review of between(reviewLeast, block)) {
      const cost = costOf(outcomes, review, block);
      if (cost < best.cost) best = { cost, review, block };
    }
  }
  return {
    version: 2,
    review: round(best.review),
    block: round(best.block),
    costs: COSTS,
    limits: LIMITS,
    rules: [...RULES],
    degraded: DEGRADED,
  };
}

/**
 * How much of the limits the whole policy uses, rules included: the legitimate transactions that it
 * blocks, and all that it blocks or reviews, as shares.
 */
export function policyShares(
  policy: Policy,
  outcomes: Pick<Outcomes, 'probabilities' | 'labels'> & {
    inputs: Matrix;
    types: readonly ScoredTransaction['type'][];
  },
): { legitimateBlocked: number; alerts: number } {
  const { probabilities, labels, inputs, types } = outcomes;
  const counts = { blocked: 0, legitimate: 0, alerts: 0 };
  for (const [row, probability] of probabilities.entries()) {
    const type = types[row] as ScoredTransaction['type'];
    const { decision } = decideWithRules(policy, probability, rowOf(inputs, row), { type });
    if (decision !== 'approve') counts.alerts += 1;
    if (labels[row] === 1) continue;
    counts.legitimate += 1;
    if (decision === 'block') counts.blocked += 1;
  }
  return {
    legitimateBlocked: counts.blocked / Math.max(1, counts.legitimate),
    alerts: counts.alerts / probabilities.length,
  };
}

/** A threshold that no probability reaches. */
const NEVER = 2;

/** The smallest value that at most `share` of the values reach. Equal values stay together. */
function leastReachedBy(values: Float32Array, share: number): number {
  const sorted = values.toSorted();
  const tooMany = sorted.length - Math.floor(sorted.length * share) - 1;
  const limit = sorted[tooMany] as number;
  return sorted.find((value) => value > limit) ?? NEVER;
}

/** Candidates are closer together where probabilities are small. */
const between = (low: number, high: number): number[] =>
  low >= high
    ? [low]
    : Array.from({ length: CANDIDATES }, (_, i) => low * (high / low) ** (i / (CANDIDATES - 1)));

function costOf({ probabilities, labels, cents }: Outcomes, review: number, block: number): number {
  let cost = 0;
  for (const [row, probability] of probabilities.entries()) {
    const dollars = (cents[row] as number) / 100;
    const isFraud = labels[row] === 1;
    if (probability >= block) cost += isFraud ? 0 : COSTS.blockedCustomer;
    else if (probability >= review) {
      cost += COSTS.review + (isFraud ? dollars * COSTS.missedInReview : COSTS.delayedCustomer);
    } else if (isFraud) cost += dollars;
  }
  return cost;
}

/** Four digits say enough, and read well in the policy file. */
const round = (threshold: number): number => Number(threshold.toPrecision(4));
