import { PAYMENT_EVENT_TYPES, type PaymentEvent, type PaymentEventName } from '@florin/contracts';
import type { Telling } from './event-audience.ts';
import type { MessageDraft } from './inbox-messages.ts';

const NAME_OF = Object.fromEntries(
  Object.entries(PAYMENT_EVENT_TYPES).map(([name, type]) => [type, name]),
) as Record<PaymentEvent['type'], PaymentEventName>;

/** Of requests the one hears who did not do it: who was asked, or else who asked. */
const TOLD_TO_PAYER: readonly PaymentEventName[] = [
  'payment-request-received',
  'payment-request-cancelled',
];

type RequestData = Extract<PaymentEvent, { data: { paymentRequestId: string } }>['data'];

const requestFacts = (data: RequestData): Record<string, string> => ({
  paymentRequestId: data.paymentRequestId,
  walletId: data.toWalletId,
  amount: data.amount,
  currency: data.currency,
  expiresAt: data.expiresAt,
  ...('transactionId' in data && { transactionId: data.transactionId }),
});

/** Who finds what about payments that were asked for, planned, or came in a file. */
export function paymentMessagesOf({ id: eventId, type, data }: PaymentEvent): MessageDraft[] {
  const kind = NAME_OF[type];
  if ('paymentRequestId' in data) {
    const userId = TOLD_TO_PAYER.includes(kind) ? data.payerId : data.requesterId;
    // Nobody has the e-mail that was asked.
    if (userId === undefined) return [];
    return [{ userId, kind, eventId, facts: requestFacts(data) }];
  }
  const { ownerId: userId } = data;
  if ('scheduledTransferId' in data) {
    const { scheduledTransferId, amount, currency, code, plannedFor } = data;
    const facts = { scheduledTransferId, amount, currency, failure: code, plannedFor };
    return [{ userId, kind, eventId, facts }];
  }
  const { bulkFileId, status: outcome, lines, completed, failed } = data;
  const counts = { lines: String(lines), completed: String(completed), failed: String(failed) };
  return [{ userId, kind, eventId, facts: { bulkFileId, outcome, ...counts } }];
}

/** Whose programs hear of it: both sides of a request, and machine clients of all. */
export function paymentTellingsOf({ id: eventId, type, time, data }: PaymentEvent): Telling[] {
  const base = { eventId, eventType: NAME_OF[type], time, data };
  const people = 'ownerId' in data ? [data.ownerId] : [data.requesterId, data.payerId];
  const owners = new Set([undefined, ...people]);
  return [...owners].map((ownerId) => ({ ...base, ownerId }));
}
