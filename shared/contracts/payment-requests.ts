import { z } from 'zod';
import { transferOrder } from './lane-messages.ts';
import { emailBody, pageOf, pageQuery } from './rest.ts';
import {
  amountInput,
  currency,
  id,
  minorText,
  movedMinorText,
  plainText,
  timestamp,
} from './schema-fields.ts';

/** Somebody asks somebody else to be paid, who accepts or declines. */

const DAY_SECONDS = 86_400;
const expiresInSeconds = z
  .number()
  .int()
  .min(1)
  .max(90 * DAY_SECONDS);

export const paymentRequestBody = z.strictObject({
  fromEmail: emailBody.shape.email.meta({ description: 'Who is asked to pay' }),
  toWalletId: id,
  amount: amountInput,
  description: plainText(200).optional(),
  expiresInSeconds: expiresInSeconds.default(7 * DAY_SECONDS),
});

export const acceptanceBody = z.strictObject({
  fromWalletId: id.meta({ description: 'The wallet of the payer that it is paid from' }),
});

export const PAYMENT_REQUEST_STATUSES = [
  'open',
  'processing',
  'accepted',
  'declined',
  'cancelled',
  'expired',
] as const;
const status = z.enum(PAYMENT_REQUEST_STATUSES);
export type PaymentRequestStatus = (typeof PAYMENT_REQUEST_STATUSES)[number];

/** A request as both sides see it, without who they are. */
const facts = {
  id,
  toWalletId: id,
  amount: minorText,
  currency,
  description: z.string().optional(),
  status: status.meta({ description: '`processing`: accepted, and the payment is not final yet' }),
  transactionId: id.optional().meta({ description: 'The transfer that pays it' }),
  lastFailure: z.object({ transactionId: id, code: z.string() }).optional().meta({
    description: 'Why the latest try to pay it was refused; it may be accepted again',
  }),
  expiresAt: timestamp,
  createdAt: timestamp,
};

export const paymentRequestView = z.object({
  ...facts,
  direction: z.enum(['incoming', 'outgoing']).meta({
    description: '`incoming`: the caller is asked to pay; `outgoing`: the caller wants to be paid',
  }),
  fromEmail: z.string().optional().meta({ description: 'Of outgoing ones: as it was written' }),
  requesterName: z.string().optional().meta({ description: 'Of incoming ones: who asks' }),
});
export type PaymentRequestView = z.infer<typeof paymentRequestView>;

export const paymentRequestsQuery = pageQuery.extend({
  direction: z.enum(['incoming', 'outgoing']).default('incoming'),
  status: status.optional(),
});

/** As payments tells the gateway, which shows each side what is theirs. */
export const paymentRequest = z.object({
  ...facts,
  requesterId: id,
  payerId: id.nullable(),
  fromEmail: z.string().nullable(),
});
export type PaymentRequest = z.infer<typeof paymentRequest>;

const refusedWith = <Code extends string>(...codes: [Code, ...Code[]]) =>
  z.object({ refused: z.enum(codes), detail: z.string() });
const found = z.object({ request: paymentRequest.nullable() });
/** By one of its two sides; null: by a machine client, which acts on every wallet. */
const byUser = { id, userId: id.nullable() };

/** What may be asked of payments about payment requests. */
export const PAYMENT_REQUEST_REQUESTS = {
  /** The same id again answers what it stands for. */
  createPaymentRequest: {
    subject: 'rpc.payments.create-payment-request',
    request: z.object({
      id,
      requesterId: id,
      /** Nobody where the e-mail is unknown: whoever asks must not learn of it. */
      payerId: id.nullable(),
      fromEmail: emailBody.shape.email,
      fingerprint: z.string().length(22),
      toWalletId: id,
      amount: movedMinorText,
      currency,
      description: plainText(200).optional(),
      expiresInSeconds,
    }),
    response: z.union([
      z.object({ request: paymentRequest, replayed: z.boolean() }),
      refusedWith('key-reused', 'too-many'),
    ]),
  },
  /** Of one of its two sides; null for everybody else. */
  getPaymentRequest: {
    subject: 'rpc.payments.get-payment-request',
    request: z.object(byUser),
    response: found,
  },
  /** Newest first. */
  listPaymentRequests: {
    subject: 'rpc.payments.list-payment-requests',
    request: z.object({
      userId: id.nullable(),
      direction: z.enum(['incoming', 'outgoing']),
      status: status.optional(),
      cursor: z.string().max(200).optional(),
      limit: z.number().int().min(1).max(100),
    }),
    response: pageOf(paymentRequest),
  },
  /**
   * The order that pays it, from then on reserved for this wallet until it is decided. Under the
   * same key the same order again; `settled` when it can't be paid any more.
   */
  acceptPaymentRequest: {
    subject: 'rpc.payments.accept-payment-request',
    request: z.object({
      id,
      /** Owner of the paying wallet: nobody but the payer may accept, or who acts for them. */
      payerId: id,
      clientId: z.string().min(1).max(100),
      key: z.string().min(1).max(255),
      fromWalletId: id,
    }),
    response: z.union([
      z.object({ order: transferOrder.nullable() }),
      refusedWith('settled', 'key-reused'),
    ]),
  },
  /** By the payer. */
  declinePaymentRequest: {
    subject: 'rpc.payments.decline-payment-request',
    request: z.object(byUser),
    response: z.union([found, refusedWith('settled')]),
  },
  /** By whoever wanted to be paid. */
  cancelPaymentRequest: {
    subject: 'rpc.payments.cancel-payment-request',
    request: z.object(byUser),
    response: z.union([found, refusedWith('settled')]),
  },
} as const;
