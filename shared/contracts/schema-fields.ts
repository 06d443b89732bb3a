import { AMOUNT_MAX, isCurrency, isUuid, parseAmount, type Currency } from '@florin/kernel';
import { z } from 'zod';

/** An id of ours. Its kind is known from where it stands. */
export const id = z
  .string()
  .refine(isUuid, { error: 'must be an id', abort: true })
  .meta({ description: 'Opaque id', examples: ['0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f'] });

/** The pattern is what readers of the schema see of it; the table decides. */
export const currency = z
  .string()
  .regex(/^([A-Z]{3}|[A-Z][A-Z0-9]{3,11}\/[0-8])$/, { error: 'must be a currency', abort: true })
  .refine(isCurrency, { error: 'must be a currency that exists' })
  .meta({
    description: 'ISO 4217 code, BTC, or an asset with its decimals such as MILES/0',
    examples: ['USD'],
  }) as z.ZodType<Currency, string>;

/** Minor units as they are written: a string of digits. */
export const minorText = z.string().regex(/^-?(0|[1-9][0-9]*)$/);

/** What is asked to be moved: more than nothing, and small enough for the books. */
export const movedMinorText = z.string().regex(/^[1-9][0-9]{0,17}$/);

/** Minor units as they are read from people's requests: digits or a safe integer, 1 to 10^15. */
export const amountInput = z
  .union([z.string(), z.number()])
  .transform((input, context) => {
    const amount = parseAmount(input);
    if (amount.ok) return amount.value;
    context.issues.push({ code: 'custom', message: amount.error, input });
    return z.NEVER;
  })
  .meta({
    description: `Minor units (2500 = 25.00 USD), more than 0 and at most ${AMOUNT_MAX}`,
    examples: ['2500'],
  });

export const timestamp = z.iso.datetime().meta({ description: 'RFC 3339, UTC' });

/** No NUL and no half of a surrogate pair: Postgres stores neither in JSON. */
const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();
const storable = { error: 'must be well-formed text without NUL' };

/** Stripe's limits: enough for references, too small to become a database. */
export const metadata = z
  .record(
    z.string().min(1).max(40).refine(isStorable, storable),
    z.string().max(500).refine(isStorable, storable),
  )
  .refine((entries) => Object.keys(entries).length <= 50, { error: 'must have at most 50 keys' })
  .meta({ description: 'Up to 50 keys of 40 characters with values of 500. No personal data.' });

/** Text without control characters, which neither logs nor Postgres want. */
export const plainText = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'must not contain control characters' })
    .refine(isStorable, storable);

export const bankAccount = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}(:[A-Za-z0-9-]{1,64})?$/, {
    error: 'must be a bank, or a bank and an account: bank:account',
  })
  .meta({ description: 'Bank, or bank:account', examples: ['ok'] });

export const bankName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, { error: 'must be the name of a bank' })
  .meta({ description: 'Bank, as bank accounts begin', examples: ['ok'] });

/** The bank that a bank account belongs to: what stands before the colon. */
export const bankOf = (account: string): string => account.split(':', 1)[0] as string;
