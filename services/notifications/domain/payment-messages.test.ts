import { createEnvelope, PAYMENT_EVENT_TYPES, type PaymentEvent } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { paymentMessagesOf, paymentTellingsOf } from './payment-messages.ts';

/** Hunts people who are told what they did themselves, and others' affairs. */

const base = { id: 'e1', source: 'payments', wallet: 'r1', time: '2026-01-01T00:00:00Z' };
const request = {
  paymentRequestId: 'r1',
  requesterId: 'ana',
  payerId: 'ben',
  toWalletId: 'w1',
  amount: '500',
  currency: 'USD',
  expiresAt: '2026-01-02T00:00:00Z',
} as const;

const TYPES = PAYMENT_EVENT_TYPES;
const eventOf = (name: keyof typeof TYPES, data: object): PaymentEvent =>
  createEnvelope(TYPES[name], { ...base, data }) as PaymentEvent;

describe('of a request', () => {
  test.each([
    ['payment-request-received', 'ben'],
    ['payment-request-cancelled', 'ben'],
    ['payment-request-accepted', 'ana'],
    ['payment-request-declined', 'ana'],
    ['payment-request-expired', 'ana'],
  ] as const)('%s is told to %s', (name, reader) => {
    const [message, ...others] = paymentMessagesOf(eventOf(name, request));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ userId: reader, kind: name, eventId: 'e1' });
    expect(message?.facts).toMatchObject({ amount: '500', walletId: 'w1' });
  });

  test('both sides’ programs hear, and nobody where nobody has the e-mail', () => {
    const known = eventOf('payment-request-received', request);
    expect(paymentTellingsOf(known).map(({ ownerId }) => ownerId)).toEqual([
      undefined,
      'ana',
      'ben',
    ]);
    const { payerId: _, ...unknown } = request;
    const event = eventOf('payment-request-received', unknown);
    expect(paymentMessagesOf(event)).toEqual([]);
    expect(paymentTellingsOf(event).map(({ ownerId }) => ownerId)).toEqual([undefined, 'ana']);
  });
});

test('what was planned or came in a file is told to whose it is', () => {
  const failed = eventOf('scheduled-transfer-failed', {
    scheduledTransferId: 's1',
    ownerId: 'ana',
    occurrence: 2,
    transactionId: 't1',
    amount: '500',
    currency: 'USD',
    code: 'insufficient-funds',
    plannedFor: '2026-01-01T00:00:00Z',
  });
  expect(paymentMessagesOf(failed)).toMatchObject([
    { userId: 'ana', kind: 'scheduled-transfer-failed', facts: { failure: 'insufficient-funds' } },
  ]);
  const counts = { lines: 3, completed: 2, failed: 1 };
  const file = { bulkFileId: 'f1', ownerId: 'ana', status: 'completed', ...counts };
  expect(paymentMessagesOf(eventOf('bulk-file-finished', file))).toMatchObject([
    { userId: 'ana', facts: { lines: '3', completed: '2', failed: '1' } },
  ]);
});
