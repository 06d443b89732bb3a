import type { Currency } from '@florin/kernel';
import { F, type FeatureName, type ScoredTransaction } from '../features/mod.ts';
import { toReferenceCents } from '../features/reference-currency.ts';
import type { DegradedPolicy, Policy, Rule } from './manifest.ts';

/** By severity. */
const DECISIONS = ['approve', 'review', 'block'] as const;
export type Decision = (typeof DECISIONS)[number];

/** What the policy says about a calibrated probability. */
export function decide(
  { review, block }: Pick<Policy, 'review' | 'block'>,
  probability: number,
): Decision {
  if (probability >= block) return 'block';
  return probability >= review ? 'review' : 'approve';
}

/** A rule that holds for a transaction. */
export type FiredRule = Pick<Rule, 'code' | 'text' | 'decision'>;

/** The rules that hold, in the order of the policy. `features` are in the units of the table. */
export function applyRules(
  { rules }: Pick<Policy, 'rules'>,
  features: Float32Array,
  transaction: Pick<ScoredTransaction, 'type'>,
): FiredRule[] {
  return rules
    .filter((rule) => holds(rule, features, transaction))
    .map(({ code, text, decision }) => ({ code, text, decision }));
}

function holds(
  { types, when }: Rule,
  features: Float32Array,
  { type }: Pick<ScoredTransaction, 'type'>,
): boolean {
  if (!types.includes(type)) return false;
  return Object.entries(when).every(([name, { min = -Infinity, max = Infinity }]) => {
    const value = features[F[name as FeatureName]] as number;
    return value >= min && value <= max;
  });
}

/** What the policy decides in all: rules make the model's decision stricter, never milder. */
export function decideWithRules(
  policy: Policy,
  probability: number,
  features: Float32Array,
  transaction: Pick<ScoredTransaction, 'type'>,
): { decision: Decision; rules: FiredRule[] } {
  const rules = applyRules(policy, features, transaction);
  const decision = rules.reduce(
    (strictest, rule) => stricter(strictest, rule.decision),
    decide(policy, probability),
  );
  return { decision, rules };
}

const stricter = (one: Decision, other: Decision): Decision =>
  DECISIONS.indexOf(one) >= DECISIONS.indexOf(other) ? one : other;

export interface UnscoredTransaction {
  type: ScoredTransaction['type'];
  /** Minor units of `currency`. */
  amount: number | bigint;
  currency: Currency;
  /** The wallet never paid this receiver before, as far as anybody can tell. */
  isNewPayee: boolean;
}

/** What is decided when nothing could be scored: small sums to known people go on. */
export function degradedDecision(
  { approveUpToCents, holdWithdrawals, holdNewPayees }: DegradedPolicy,
  { type, amount, currency, isNewPayee }: UnscoredTransaction,
): 'approve' | 'review' {
  if (toReferenceCents(Number(amount), currency) > approveUpToCents) return 'review';
  if (type === 'withdrawal' && holdWithdrawals) return 'review';
  return type === 'transfer' && isNewPayee && holdNewPayees ? 'review' : 'approve';
}
