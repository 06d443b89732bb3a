import { asTransactionId, asWalletId } from '@florin/kernel';
import type { Payment } from '../domain/payment.ts';

/** A charge that was just opened; each test says what is different. */
export const samplePayment = (change: Partial<Payment> = {}): Payment => ({
  transactionId: asTransactionId('0192f0c1-7a4b-8cc3-98c4-dc0c0c07398f'),
  kind: 'charge',
  bank: 'ok',
  account: 'ok',
  amount: 2500n,
  currency: 'EUR',
  walletId: asWalletId('0192f0c1-7a4b-7cc3-98c4-dc0c0c073990'),
  traceparent: null,
  state: 'requested',
  attempts: 0,
  rounds: 0,
  exposedAtMs: null,
  deadlineAtMs: 30_000,
  failureCode: null,
  bankReference: null,
  announced: false,
  ...change,
});
