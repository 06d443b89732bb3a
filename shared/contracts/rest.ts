import { z } from 'zod';
import { user } from './identity-requests.ts';
import { amountInput, bankAccount, currency, id, metadata, plainText } from './schema-fields.ts';
import { entry, transaction, wallet } from './transaction.ts';

/** Bodies and answers of the REST API. Bodies are strict: an unknown field is a mistake. */

const email = z.string().trim().toLowerCase().max(254).pipe(z.email());

export const registerBody = z.strictObject({
  email,
  password: z.string().min(10).max(200),
  name: plainText(100).min(1),
});
export const loginBody = z.strictObject({
  email,
  password: z.string().min(1).max(200),
  totp: z.string().max(20).optional(),
});
export const refreshBody = z.strictObject({ refreshToken: z.string().min(1).max(500) });

export const openWalletBody = z.strictObject({ currency, name: plainText(100).min(1).optional() });

const payment = {
  amount: amountInput,
  description: plainText(500).optional(),
  metadata: metadata.optional(),
};

export const bankPaymentBody = z.strictObject({ walletId: id, bankAccount, ...payment });

export const transferBody = z
  .strictObject({
    fromWalletId: id,
    toWalletId: id.optional(),
    toEmail: email.optional(),
    ...payment,
  })
  .refine((body) => (body.toWalletId === undefined) !== (body.toEmail === undefined), {
    error: 'exactly one of toWalletId and toEmail is required',
  });

export const BULK_ITEMS_MAX = 1000;
const bulkItem = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('transfer'),
    fromWalletId: id,
    toWalletId: id,
    ...payment,
  }),
]);
export const bulkBody = z.strictObject({
  mode: z.enum(['atomic', 'continueOnFailure']),
  items: z.array(bulkItem).min(1).max(BULK_ITEMS_MAX),
});

export const userView = user.pick({
  id: true,
  email: true,
  name: true,
  roles: true,
  kycLevel: true,
});
export const walletView = wallet;
export const transactionView = transaction.omit({ bankAccount: true });
export const entryView = entry
  .omit({ walletId: true })
  .extend({ id: z.string().meta({ description: 'Unique per entry' }) });

export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  traceId: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string() }))
    .optional()
    .meta({ description: 'JSON pointers into the body, for validation' }),
  transaction: transactionView.optional(),
});
export type Problem = z.infer<typeof problem>;

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
