import { z } from 'zod';
import { quote, rateText, signedQuote } from './quotes.ts';
import { currency, id, movedMinorText, timestamp } from './schema-fields.ts';

/** What one unit of the base costs in another currency, and what a quote would give for it now. */
export const listedRate = z.object({
  fromCurrency: currency,
  toCurrency: currency,
  midRate: rateText.meta({ description: 'As the provider publishes it' }),
  rate: rateText.meta({ description: 'What a quote gives: the mid rate less the spread' }),
  spreadBasisPoints: z.number().int().nonnegative().meta({ description: '50 = 0.5 %' }),
});

/**
 * Rates that were published too long ago are none. Some currencies have no rate; of too little
 * nothing is left after rounding, and of too much more than may move at once.
 */
export const QUOTE_REFUSALS = [
  'rate-stale',
  'no-rate',
  'amount-too-small',
  'limit-exceeded',
] as const;

const refused = z.object({
  ok: z.literal(false),
  code: z.enum(QUOTE_REFUSALS),
  /** When the last known rates were published. */
  publishedAt: timestamp.optional(),
  retryAfterSeconds: z.number().int().positive().optional(),
});

/** The longest that a rate is locked for, whatever an installation says. */
export const QUOTE_SECONDS_MAX = 300;

/** What may be asked of banking: exchange rates, and promises about them. */
export const BANKING_REQUESTS = {
  /** From the base, or any other currency that has a rate. */
  getRates: {
    subject: 'rpc.banking.get-rates',
    request: z.object({ from: currency.optional() }),
    response: z.union([
      z.object({
        ok: z.literal(true),
        baseCurrency: currency,
        publishedAt: timestamp,
        /** From then on they are refused. */
        staleAt: timestamp,
        rates: z.array(listedRate),
      }),
      refused,
    ]),
  },
  createQuote: {
    subject: 'rpc.banking.create-quote',
    request: z.object({
      ...quote.pick({ clientId: true, fromCurrency: true, toCurrency: true }).shape,
      fromAmount: movedMinorText,
      expiresInSeconds: z.number().int().min(1).max(QUOTE_SECONDS_MAX).optional(),
    }),
    response: z.union([z.object({ ok: z.literal(true), quote }), refused]),
  },
  /** Null when there is none, or it was promised to somebody else. */
  getQuote: {
    subject: 'rpc.banking.get-quote',
    request: z.object({ id, clientId: quote.shape.clientId }),
    response: z.object({ quote: signedQuote.nullable() }),
  },
} as const;
