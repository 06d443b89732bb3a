import { decideWithRules, type Decision, type Policy, type Scorer } from '../artefact/mod.ts';
import { FEATURE_COUNT, type ScoredTransaction } from '../features/mod.ts';

/** A decision as it was made, with what it was made of. */
export interface RecordedDecision {
  /** In the units of the feature table, which must be the candidate's. */
  features: Float32Array;
  type: ScoredTransaction['type'];
  /** Reference cents (USD). */
  cents: number;
  decision: Decision;
  /** What turned out; absent as long as nobody said anything. */
  label?: 'fraud' | 'legitimate' | undefined;
}

/** What a candidate model is judged by. */
export interface ReplayCandidate {
  policy: Policy;
  scorer: Pick<Scorer, 'probabilities'>;
}

export interface Tally {
  count: number;
  /** Reference cents. */
  cents: number;
}

const DECISIONS = ['approve', 'review', 'block'] as const;
export const LABELS = ['fraud', 'legitimate', 'unknown'] as const;
export type Label = (typeof LABELS)[number];

/** What becomes of the payments of one label: from what was decided to what would have been. */
export type Moves = Record<Decision, Record<Decision, Tally>>;

export interface ReplayReport {
  decisions: number;
  moves: Record<Label, Moves>;
}

export interface Replay {
  /** May be called again and again: a history need not fit into memory. */
  add(decisions: readonly RecordedDecision[]): void;
  report(): ReplayReport;
}

/**
 * Runs recorded decisions through a candidate and counts, in payments and in money, what it would
 * have decided otherwise. Features are those of that moment: what the candidate's other decisions
 * would have led to is not played out.
 */
export function createReplay({ policy, scorer }: ReplayCandidate): Replay {
  const moves = Object.fromEntries(LABELS.map((label) => [label, emptyMoves()])) as Record<
    Label,
    Moves
  >;
  let count = 0;
  return {
    add: (decisions) => {
      const values = new Float32Array(decisions.length * FEATURE_COUNT);
      for (const [row, { features }] of decisions.entries()) {
        values.set(features, row * FEATURE_COUNT);
      }
      const rows = decisions.length;
      const probabilities = scorer.probabilities({ rows, columns: FEATURE_COUNT, values });
      for (const [row, recorded] of decisions.entries()) {
        const probability = probabilities[row] as number;
        const { decision } = decideWithRules(policy, probability, recorded.features, recorded);
        const tally = moves[recorded.label ?? 'unknown'][recorded.decision][decision];
        tally.count += 1;
        tally.cents += recorded.cents;
      }
      count += rows;
    },
    report: () => ({ decisions: count, moves: structuredClone(moves) }),
  };
}

function emptyMoves(): Moves {
  const row = (): Record<Decision, Tally> =>
    Object.fromEntries(DECISIONS.map((to) => [to, { count: 0, cents: 0 }])) as Record<
      Decision,
      Tally
    >;
  return Object.fromEntries(DECISIONS.map((from) => [from, row()])) as Moves;
}

/** The payments of a label that went, or would go, from one of some decisions to another. */
export function tallyOf(
  { moves }: ReplayReport,
  label: Label,
  { from = DECISIONS, to = DECISIONS }: { from?: readonly Decision[]; to?: readonly Decision[] },
): Tally {
  const sum = { count: 0, cents: 0 };
  for (const before of from) {
    for (const after of to) {
      const { count, cents } = moves[label][before][after];
      sum.count += count;
      sum.cents += cents;
    }
  }
  return sum;
}
