import { currency, REFUSAL_CODES } from '@florin/contracts';
import { asTransactionId, asWalletId } from '@florin/kernel';
import { z } from 'zod';
import { PAYMENT_STATES } from '../domain/payment.ts';

const timeMs = z
  .date()
  .transform((time) => time.getTime())
  .nullable();

/** What both claims answer: payments that are this process's own until their claim ends. */
export const claimedRow = z.object({
  transactionId: z.string().transform(asTransactionId),
  kind: z.enum(['charge', 'payout']),
  bank: z.string(),
  account: z.string(),
  amount: z.bigint(),
  currency,
  walletId: z.string().transform(asWalletId),
  traceparent: z.string().nullable(),
  state: z.enum(PAYMENT_STATES),
  version: z.int(),
  attempts: z.int(),
  rounds: z.int(),
  exposedAtMs: timeMs,
  deadlineAtMs: timeMs,
  failureCode: z.enum(REFUSAL_CODES).nullable(),
  bankReference: z.string().nullable(),
  announced: z.boolean(),
});

/** A payment with the version that its next change must name. */
export type ClaimedPayment = z.output<typeof claimedRow>;

export const CLAIMED_COLUMNS = `
  p.transaction_id AS "transactionId", p.kind, p.bank, p.account, p.amount, p.currency,
  p.wallet_id AS "walletId", p.traceparent, p.state, p.version, p.attempts, p.rounds,
  p.exposed_at AS "exposedAtMs", p.deadline_at AS "deadlineAtMs",
  p.failure_code AS "failureCode", p.bank_reference AS "bankReference", p.announced`;
