import { decide, decideWithRules, type Policy } from '../artefact/mod.ts';
import type { ScoredTransaction } from '../features/mod.ts';
import { areaUnderRoc, averagePrecision, rowOf, type Matrix } from '../model/mod.ts';
import type { Typology } from '../simulator/mod.ts';

/** The transactions of a period, with the truth that only the simulator knows. */
export interface Period {
  features: Matrix;
  types: ScoredTransaction['type'][];
  frauds: Float32Array;
  cents: Float64Array;
  typologies: (Typology | undefined)[];
  hard: (string | undefined)[];
}

/** The share of transactions that people can look at. Every candidate is compared at it. */
export const ALERT_BUDGET = 0.01;

export interface Measures {
  averagePrecision: number;
  areaUnderRoc: number;
  /** Of frauds and of their money, when the budget's part with the highest scores is looked at. */
  recall: number;
  moneyRecall: number;
}

export function measure({ frauds, cents }: Period, scores: Float32Array): Measures {
  const found = flagTop(scores);
  return {
    averagePrecision: averagePrecision(scores, frauds),
    areaUnderRoc: areaUnderRoc(scores, frauds),
    recall: shareOf(found, (row) => frauds[row] as number),
    moneyRecall: shareOf(found, (row) => (frauds[row] as number) * (cents[row] as number)),
  };
}

/** 1 for each transaction within the alert budget, by falling score. */
export function flagTop(scores: Float32Array): Uint8Array {
  const least = scores.toSorted().at(-Math.floor(scores.length * ALERT_BUDGET)) as number;
  return Uint8Array.from(scores, (score) => (score >= least ? 1 : 0));
}

/** Which part of all weight lies on flagged rows. */
function shareOf(flags: Uint8Array, weight: (row: number) => number): number {
  let flagged = 0;
  let whole = 0;
  for (const [row, flag] of flags.entries()) {
    whole += weight(row);
    flagged += flag * weight(row);
  }
  return whole === 0 ? 0 : flagged / whole;
}

/** The recall of each typology. */
export function recallByTypology(period: Period, flags: Uint8Array): Map<Typology, number> {
  const present = [...new Set(period.typologies)].filter((typology) => typology !== undefined);
  return new Map(
    present.toSorted().map((typology) => {
      const isOne = (row: number): number => (period.typologies[row] === typology ? 1 : 0);
      return [typology, shareOf(flags, isOne)];
    }),
  );
}

export interface PolicyMeasures {
  legitimateBlocked: number;
  alerts: number;
  /** Frauds among what was reviewed or blocked. */
  precision: number;
  blocked: number;
  caught: number;
  moneyCaught: number;
  /** Legitimate transactions that were reviewed or blocked, by what they were. */
  wronglyStopped: Map<string, number>;
  /** By code. */
  rules: Map<string, RuleMeasures>;
}

export interface RuleMeasures {
  fired: number;
  frauds: number;
  /** How often it made the decision stricter than the model's own. */
  stricter: number;
}

/** What the policy would have decided, rules included. */
export function measurePolicy(
  { features, types, frauds, cents, hard }: Period,
  policy: Policy,
  probabilities: Float32Array,
): PolicyMeasures {
  const rules = new Map<string, RuleMeasures>();
  const decisions = Array.from(probabilities, (probability, row) => {
    const type = types[row] as ScoredTransaction['type'];
    const decided = decideWithRules(policy, probability, rowOf(features, row), { type });
    const own = decide(policy, probability);
    for (const { code } of decided.rules) {
      const { fired = 0, frauds: right = 0, stricter = 0 } = rules.get(code) ?? {};
      const isStricter = decided.decision === own ? 0 : 1;
      const isFraud = frauds[row] as number;
      rules.set(code, {
        fired: fired + 1,
        frauds: right + isFraud,
        stricter: stricter + isStricter,
      });
    }
    return decided.decision;
  });
  const flags = (wanted: (decision: string) => boolean): Uint8Array =>
    Uint8Array.from(decisions, (decision) => (wanted(decision) ? 1 : 0));
  const blocked = flags((decision) => decision === 'block');
  const stopped = flags((decision) => decision !== 'approve');
  const fraud = (row: number): number => frauds[row] as number;
  const wronglyStopped = new Map<string, number>();
  for (const [row, flag] of stopped.entries()) {
    if (flag === 0 || fraud(row) === 1) continue;
    const kind = hard[row] ?? 'ordinary';
    wronglyStopped.set(kind, (wronglyStopped.get(kind) ?? 0) + 1);
  }
  const alerts = stopped.reduce((sum, flag) => sum + flag, 0);
  return {
    legitimateBlocked: shareOf(blocked, (row) => 1 - fraud(row)),
    alerts: alerts / stopped.length,
    precision: stopped.reduce((sum, flag, row) => sum + flag * fraud(row), 0) / alerts,
    blocked: shareOf(blocked, fraud),
    caught: shareOf(stopped, fraud),
    moneyCaught: shareOf(stopped, (row) => fraud(row) * (cents[row] as number)),
    wronglyStopped,
    rules,
  };
}
