import type { Quote, QUOTE_REFUSALS } from '@florin/contracts';
import {
  AMOUNT_MAX,
  convert,
  crossRate,
  formatRate,
  lessSpread,
  ok,
  parseRate,
  present,
  refuse,
  type Currency,
  type Rate,
  type Result,
} from '@florin/kernel';
import type { RateTable } from './rate-table.ts';
import { spreadOf, type Spreads } from './spreads.ts';

export type PriceRefusal = (typeof QUOTE_REFUSALS)[number];

/** A rate as it is told, and what is calculated with: the same number. */
export interface Price {
  midRate: string;
  rate: string;
  spreadBasisPoints: number;
}

const read = (text: string): Rate => {
  const rate = parseRate(text);
  if (!rate.ok) throw new TypeError(`a rate came out as ${text}`);
  return rate.value;
};

/** Undefined where the provider knows no rate, or it is too small to be told in decimals. */
export function priceOf(
  { rates }: RateTable,
  spreads: Spreads,
  from: Currency,
  to: Currency,
): Price | undefined {
  const [one, other] = [rates.get(from), rates.get(to)];
  if (one === undefined || other === undefined) return undefined;
  const mid = crossRate(one, other);
  const spreadBasisPoints = spreadOf(spreads, from, to);
  const [midRate, rate] = [formatRate(mid), formatRate(lessSpread(mid, spreadBasisPoints))];
  const isWritable = [midRate, rate].every((text) => parseRate(text).ok);
  return isWritable ? { midRate, rate, spreadBasisPoints } : undefined;
}

/** Minor units in the base, at the mid rate. */
export function valueInBase({ base, rates }: RateTable, amount: bigint, of: Currency): bigint {
  const [one, other] = [rates.get(of), rates.get(base)].map((rate) => present(rate, 'rate'));
  const rate = crossRate(present(one, 'rate'), present(other, 'rate of the base'));
  return amount < 0n ? -convert(-amount, rate, of, base) : convert(amount, rate, of, base);
}

/** A thousand times what may move at once: far inside int8, also in sums. */
const VALUE_MAX = 1_000n * AMOUNT_MAX;

export type Terms = Omit<Quote, 'id' | 'clientId' | 'expiresAt'>;

/**
 * What an amount comes to now. It is calculated with the rate as it is told, so that whoever reads
 * the quote can check it, and rounded down: the platform keeps what is less than a minor unit.
 */
export function priceConversion(
  table: RateTable,
  spreads: Spreads,
  { amount, from, to }: { amount: bigint; from: Currency; to: Currency },
): Result<Terms, PriceRefusal> {
  const price = priceOf(table, spreads, from, to);
  if (price === undefined || from === to) return refuse('no-rate');
  const { midRate, rate } = price;
  const toAmount = convert(amount, read(rate), from, to);
  if (toAmount === 0n) return refuse('amount-too-small');
  const [fromValue, toValue] = [valueInBase(table, amount, from), valueInBase(table, toAmount, to)];
  // Nobody is promised what the books would refuse, or could not write down.
  if (toAmount > AMOUNT_MAX || fromValue > VALUE_MAX) return refuse('limit-exceeded');
  return ok({
    fromCurrency: from,
    fromAmount: String(amount),
    toCurrency: to,
    toAmount: String(toAmount),
    rate,
    midRate,
    baseCurrency: table.base,
    fromValue: String(fromValue),
    toValue: String(toValue),
  });
}
