import { BASIS_POINTS, type FeePayer, type FeeSchedule, type RefusalCode } from '@florin/contracts';
import type { FeeState, TransactionState } from './book.ts';

/** What one kind of payment costs, ready to be calculated with. */
interface FeeFormula {
  paidBy: FeePayer;
  /** The highest first. */
  tiers: readonly { from: bigint; flat: bigint; basisPoints: bigint }[];
  min: bigint;
  max: bigint | undefined;
}

/** A schedule as decisions look into it: by type and currency. */
export interface FeeRules {
  version: number;
  formulas: ReadonlyMap<string, FeeFormula>;
}

export const NO_FEES: FeeRules = { version: 0, formulas: new Map() };

export const feeRulesOf = ({ version, rules }: FeeSchedule): FeeRules => ({
  version,
  formulas: new Map(
    rules.map(({ type, currency, paidBy, tiers, min, max }) => [
      `${type} ${currency}`,
      {
        paidBy,
        tiers: tiers
          .map(({ from, flat, basisPoints }) => ({
            from: BigInt(from),
            flat: BigInt(flat),
            basisPoints: BigInt(basisPoints),
          }))
          .toReversed(),
        min: BigInt(min ?? 0),
        max: max === undefined ? undefined : BigInt(max),
      },
    ]),
  ),
});

/** Whether such payments may cost anything: then the account of fees is needed. */
export const mayCost = (
  { formulas }: FeeRules,
  payment: { type: string; currency: string },
): boolean => formulas.size > 0 && formulas.has(`${payment.type} ${payment.currency}`);

const WHOLE = BigInt(BASIS_POINTS);

/**
 * What a payment costs: flat part and percentage of the tier that the amount falls in, for all of
 * it. The percentage is rounded half up to whole minor units, the sum then kept within min and max.
 * Null where it costs nothing.
 */
export function feeFor(
  { version, formulas }: FeeRules,
  type: string,
  currency: string,
  amount: bigint,
): FeeState | null {
  if (formulas.size === 0) return null;
  const formula = formulas.get(`${type} ${currency}`);
  const tier = formula?.tiers.find(({ from }) => amount >= from);
  if (formula === undefined || tier === undefined) return null;
  const { paidBy, min, max } = formula;
  let fee = tier.flat + (amount * tier.basisPoints + WHOLE / 2n) / WHOLE;
  if (fee < min) fee = min;
  if (max !== undefined && fee > max) fee = max;
  return fee === 0n ? null : { amount: fee, paidBy, scheduleVersion: version };
}

type Charged = Pick<TransactionState, 'amount' | 'fee'>;

/** What leaves the paying wallet, or is held on it. */
export const costOf = ({ amount, fee }: Charged): bigint =>
  fee?.paidBy === 'sender' ? amount + fee.amount : amount;

/** What arrives. */
export const yieldOf = ({ amount, fee }: Charged): bigint =>
  fee?.paidBy === 'recipient' ? amount - fee.amount : amount;

/** Whoever receives a payment must be left something of it. */
export const feeRefusal = (charged: Charged): RefusalCode | undefined =>
  yieldOf(charged) > 0n ? undefined : 'amount-below-fee';
