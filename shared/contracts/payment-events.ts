import { z } from 'zod';
import { envelopeOf } from './envelope.ts';
import { currency, id, minorText, timestamp } from './schema-fields.ts';

/**
 * What the service payments tells everybody after commit: about payments that people asked each
 * other for, that were planned, and that came in a file. Nothing personal is in them but ids.
 * `subject` and `partitionkey` of the envelope are the id of what the event is about.
 */
export const PAYMENT_EVENT_TYPES = {
  'payment-request-received': 'florin.payment-request-received.v1',
  'payment-request-accepted': 'florin.payment-request-accepted.v1',
  'payment-request-declined': 'florin.payment-request-declined.v1',
  'payment-request-cancelled': 'florin.payment-request-cancelled.v1',
  'payment-request-expired': 'florin.payment-request-expired.v1',
  'scheduled-transfer-failed': 'florin.scheduled-transfer-failed.v1',
  'bulk-file-finished': 'florin.bulk-file-finished.v1',
} as const;

/** The last token of a payment event's subject. */
export type PaymentEventName = keyof typeof PAYMENT_EVENT_TYPES;

const aboutRequest = z.object({
  paymentRequestId: id,
  requesterId: id.meta({ description: 'Who asked to be paid' }),
  payerId: id.optional().meta({
    description: 'Who was asked; absent when nobody has the e-mail that was written',
  }),
  toWalletId: id,
  amount: minorText,
  currency,
  expiresAt: timestamp,
});

const requestAccepted = aboutRequest.extend({
  transactionId: id.meta({ description: 'The completed transfer that paid it' }),
});

const scheduleFailed = z.object({
  scheduledTransferId: id,
  ownerId: id.meta({ description: 'Owner of the paying wallet' }),
  occurrence: z.number().int().positive(),
  transactionId: id,
  amount: minorText,
  currency,
  /** Code of the refusal, as a failed transaction has it. */
  code: z.string().max(60),
  plannedFor: timestamp,
});

const fileFinished = z.object({
  bulkFileId: id,
  ownerId: id.meta({ description: 'Who uploaded it: a user or a machine client' }),
  status: z.enum(['completed', 'cancelled']),
  lines: z.number().int().nonnegative(),
  completed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
});

export const paymentEvent = z.discriminatedUnion('type', [
  envelopeOf(PAYMENT_EVENT_TYPES['payment-request-received'], aboutRequest),
  envelopeOf(PAYMENT_EVENT_TYPES['payment-request-accepted'], requestAccepted),
  envelopeOf(PAYMENT_EVENT_TYPES['payment-request-declined'], aboutRequest),
  envelopeOf(PAYMENT_EVENT_TYPES['payment-request-cancelled'], aboutRequest),
  envelopeOf(PAYMENT_EVENT_TYPES['payment-request-expired'], aboutRequest),
  envelopeOf(PAYMENT_EVENT_TYPES['scheduled-transfer-failed'], scheduleFailed),
  envelopeOf(PAYMENT_EVENT_TYPES['bulk-file-finished'], fileFinished),
]);
export type PaymentEvent = z.infer<typeof paymentEvent>;

/** What one message of the stream PAY holds, as in the other streams. */
export const paymentEventBatch = z.array(paymentEvent).min(1);

export const paymentEventSubject = (name: PaymentEventName): string => `pay.${name}`;
/** Every payment event. */
export const PAYMENT_EVENT_FILTER = 'pay.*';
