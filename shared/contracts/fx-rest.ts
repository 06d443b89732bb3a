import { z } from 'zod';
import { listedRate, QUOTE_SECONDS_MAX } from './banking-requests.ts';
import { quote } from './quotes.ts';
import {
  amountInput,
  currency,
  id,
  metadata,
  minorText,
  plainText,
  timestamp,
} from './schema-fields.ts';

export const currencyView = z.object({
  code: currency,
  decimals: z.number().int().meta({ description: 'Of its minor unit: 2 for USD, 0 for JPY' }),
  name: z.string(),
  kind: z.enum(['iso-4217', 'crypto', 'custom']),
});
export const currenciesView = z.object({
  items: z.array(currencyView),
  nextCursor: z.null(),
});

export const ratesQuery = z.strictObject({
  from: currency.optional().meta({ description: 'Else the currency of the provider' }),
  to: currency.optional(),
});
export const ratesView = z.object({
  publishedAt: timestamp,
  staleAt: timestamp.meta({ description: 'From then on nothing is converted at these rates' }),
  items: z.array(listedRate),
  nextCursor: z.null(),
});

export const quoteBody = z.strictObject({
  fromCurrency: currency,
  toCurrency: currency,
  fromAmount: amountInput,
  expiresInSeconds: z
    .number()
    .int()
    .min(1)
    .max(QUOTE_SECONDS_MAX)
    .optional()
    .meta({ description: 'Less than it would last otherwise' }),
});
export const quoteView = quote.pick({
  id: true,
  fromCurrency: true,
  fromAmount: true,
  toCurrency: true,
  toAmount: true,
  rate: true,
  midRate: true,
  expiresAt: true,
});

export const conversionBody = z.strictObject({
  quoteId: id,
  fromWalletId: id.meta({ description: 'In the currency that is paid' }),
  toWalletId: id.meta({ description: 'Of the same owner, in the currency that comes' }),
  description: plainText(500).optional(),
  metadata: metadata.optional(),
});

const position = z.object({
  currency,
  position: minorText.meta({ description: 'More than 0: held; less: owed' }),
  conversions: z.number().int(),
  midRate: z.string().nullable().meta({ description: 'Units of it for one of the base, now' }),
  value: minorText.nullable().meta({ description: 'At that rate, in the base' }),
  cost: minorText.meta({ description: 'At the mid rates of when it came about, in the base' }),
  unrealisedProfit: minorText.nullable().meta({ description: 'value − cost, in the base' }),
});
export const positionsView = z.object({
  baseCurrency: currency,
  publishedAt: timestamp.nullable().meta({ description: 'null where there are no current rates' }),
  items: z.array(position),
  spreadEarned: minorText.meta({ description: 'What spread and rounding have kept, in the base' }),
  unrealisedProfit: minorText.nullable(),
});
