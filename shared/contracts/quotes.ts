import { z } from 'zod';
import { currency, id, minorText, movedMinorText, timestamp } from './schema-fields.ts';

/** A positive decimal number, such as a rate: units of one currency for one unit of another. */
export const rateText = z
  .string()
  .regex(/^(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?$/)
  .meta({ description: 'Units of the second currency for one of the first', examples: ['0.9134'] });

/**
 * What a conversion would come to, promised until a time to whoever asked. The amounts are what is
 * moved; the values in the platform's own currency at the mid rate say what the spread earned and
 * what the positions have cost.
 */
export const quote = z.object({
  id,
  clientId: z.string().min(1).max(100),
  fromCurrency: currency,
  fromAmount: movedMinorText,
  toCurrency: currency,
  toAmount: movedMinorText,
  rate: rateText,
  midRate: rateText,
  baseCurrency: currency,
  fromValue: minorText,
  toValue: minorText,
  expiresAt: timestamp,
});
export type Quote = z.infer<typeof quote>;

/** A quote with the word of banking on it: nobody else can say what rate was promised. */
export const signedQuote = quote.extend({
  signature: z.string().max(200),
  signedAt: z.string().max(15),
});
export type SignedQuote = z.infer<typeof signedQuote>;

export const QUOTE_TYPE = 'florin.quote.v1';

const FIELDS = Object.keys(quote.shape) as (keyof Quote)[];

/** What is signed of a quote: every field, each on a line of its own. */
export const quoteText = (terms: Quote): string =>
  FIELDS.map((field) => `${field}: ${terms[field]}`).join('\n');
