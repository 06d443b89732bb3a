import { isCurrency, type Currency } from '@florin/kernel';
import { z } from 'zod';

const basisPoints = z.number().int().min(0).max(5_000);

const isPair = (text: string): boolean =>
  text.split('-').length === 2 && text.split('-').every(isCurrency);

/**
 * What the platform keeps of a conversion, in basis points of the mid rate, as data: one for all,
 * and others for pairs, `USD-EUR`, in both directions.
 */
export const spreads = z.strictObject({
  default: basisPoints,
  pairs: z
    .record(z.string().refine(isPair, { error: 'must be a pair such as USD-EUR' }), basisPoints)
    .default({}),
});
export type Spreads = z.output<typeof spreads>;

export const SPREADS_DEFAULT: Spreads = { default: 50, pairs: { 'USD-EUR': 25 } };

export const spreadOf = ({ default: usual, pairs }: Spreads, a: Currency, b: Currency): number =>
  pairs[`${a}-${b}`] ?? pairs[`${b}-${a}`] ?? usual;
