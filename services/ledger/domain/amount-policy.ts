import type { FlagVariant, Risk, RiskReason, TransactionOrder } from '@florin/contracts';
import {
  CURRENCIES,
  unitsPerDollarOf,
  unreachable,
  worthOfCents,
  type Currency,
} from '@florin/kernel';

/** Up to these amounts, by currency and in minor units, money may move without a score. */
export type ApproveLimits = Readonly<Partial<Record<Currency, bigint>>>;

/** About 100 USD each, where the rough table of currencies would be far off. */
const HUNDRED_DOLLARS: ApproveLimits = {
  AUD: 15_000n,
  BRL: 50_000n,
  BTC: 150_000n,
  CAD: 14_000n,
  CHF: 9_000n,
  CNY: 70_000n,
  CZK: 220_000n,
  DKK: 68_000n,
  EUR: 9_000n,
  GBP: 8_000n,
  HKD: 78_000n,
  INR: 850_000n,
  JPY: 15_000n,
  KRW: 140_000n,
  KWD: 30_000n,
  MXN: 190_000n,
  NOK: 105_000n,
  NZD: 17_000n,
  PLN: 38_000n,
  SEK: 100_000n,
  SGD: 13_000n,
  TND: 300_000n,
  USD: 10_000n,
  ZAR: 180_000n,
};

/** About 100 USD in each currency. What nobody knows the worth of has no such amount. */
export const APPROVE_LIMITS: ApproveLimits = Object.fromEntries(
  CURRENCIES.map((currency) => [
    currency,
    HUNDRED_DOLLARS[currency] ?? worthOfCents(10_000n, currency, unitsPerDollarOf(currency)),
  ]),
);

const NOT_SCORED: RiskReason = {
  code: 'not-scored',
  text: 'No model has answered in time: a rule about the amount decided',
  share: 0,
};

/**
 * What happens to an order that nobody has scored in time. Small deposits, and small transfers to
 * somebody this wallet has paid before, go on; everything else waits for a person. Where the flag
 * lets a score decide nothing, its absence decides nothing either.
 * @param isNewPayee this wallet has not paid the counterparty lately
 */
export function riskByAmount(
  order: TransactionOrder,
  isNewPayee: boolean,
  limits: ApproveLimits,
  flag: FlagVariant,
): Risk {
  const objection = flag === 'enforce' ? objectionTo(order, isNewPayee, limits) : undefined;
  return {
    score: null,
    decision: objection === undefined ? 'approve' : 'review',
    reasons: objection === undefined ? [NOT_SCORED] : [objection, NOT_SCORED],
    modelVersion: 'amount-policy',
    mode: flag === 'enforce' ? 'enforce' : 'shadow',
    degraded: true,
  };
}

/** Whether the books have to be asked who was paid before: only where nothing else decides. */
export const dependsOnPayee = (order: TransactionOrder, limits: ApproveLimits): boolean =>
  (order.type === 'transfer' || order.type === 'hold') &&
  objectionTo(order, false, limits) === undefined;

function objectionTo(
  order: TransactionOrder,
  isNewPayee: boolean,
  limits: ApproveLimits,
): RiskReason | undefined {
  const limit = limits[order.currency];
  const amount = BigInt(order.amount);
  switch (order.type) {
    case 'withdrawal':
      return { code: 'withdrawal', text: 'Money would leave for a bank', share: 1 };
    case 'deposit':
    case 'hold':
    case 'conversion':
    case 'transfer':
      if (limit === undefined || amount > limit) {
        return {
          code: 'amount-above-limit',
          text: 'More than may move without a score',
          share: 1,
        };
      }
      if (order.type === 'deposit' || order.type === 'conversion' || !isNewPayee) return undefined;
      return { code: 'new-payee', text: 'This wallet has not paid the payee lately', share: 1 };
    default:
      return unreachable(order);
  }
}
