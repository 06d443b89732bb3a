import { z } from 'zod';
import { bankName } from './schema-fields.ts';

/** The largest webhook that is read: a message on its way to banking has to hold it. */
export const PROVIDER_WEBHOOK_BYTES_MAX = 262_144;

export const providerWebhookQuery = z.strictObject({ bank: bankName });
export const providerWebhookView = z.object({ received: z.literal(true) });

/** What banking is told of what providers send. */
export const PROVIDER_REQUESTS = {
  /** A webhook as it came: only banking knows the secrets that it is checked with. */
  hearProvider: {
    subject: 'rpc.banking.hear-provider',
    request: z.object({
      bank: bankName,
      payload: z.string().max(PROVIDER_WEBHOOK_BYTES_MAX),
      signature: z.string().max(2_000),
    }),
    response: z.union([
      z.object({ ok: z.literal(true), result: z.enum(['noted', 'ignored']) }),
      z.object({ ok: z.literal(false), code: z.enum(['not-found', 'bad-signature']) }),
    ]),
  },
} as const;
