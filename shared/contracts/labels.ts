import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { id } from './schema-fields.ts';

/** What turned out about a transaction: the next training learns from it, profiles at once. */
export const fraudLabel = z.object({
  transactionId: id,
  walletId: id,
  counterpartyWalletId: id.optional(),
  /** Keyed hashes, as the order's context told them. */
  deviceId: z.string().max(64).optional(),
  address: z.string().max(64).optional(),
  label: z.enum(['fraud', 'legitimate']),
  source: z.enum(['chargeback', 'report', 'review']),
  reportedBy: z.string().max(100),
});
export type FraudLabel = z.infer<typeof fraudLabel>;

export const LABEL_TYPE = 'florin.fraud-label.v1';
export const labelEvent = envelopeOf(LABEL_TYPE, fraudLabel);
export type LabelEvent = z.infer<typeof labelEvent>;
