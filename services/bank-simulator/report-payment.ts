import type { Clock } from '@florin/kernel';
import { answerTimeMs, type Bank } from './domain/bank.ts';
import { statusAt, type PaymentStatus } from './domain/payment.ts';

export interface ReportPaymentDeps {
  clock: Clock;
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
}

export type StatusAnswer =
  | { type: 'status'; status: PaymentStatus; paymentId: string }
  | { type: 'never-seen' }
  | { type: 'error' };

/** Tells what became of a payment. This is how a caller resolves an answer that never came. */
export function createReportPayment({ clock, random, wait }: ReportPaymentDeps) {
  return async (bank: Bank, idempotencyKey: string): Promise<StatusAnswer> => {
    await wait(answerTimeMs(bank.settings, random()));
    if (random() < bank.settings.failureRate) return { type: 'error' };
    const payment = bank.payments.get(idempotencyKey);
    if (payment === undefined) return { type: 'never-seen' };
    const status = statusAt(payment, clock.nowMs());
    return { type: 'status', status, paymentId: payment.paymentId };
  };
}

export type ReportPayment = ReturnType<typeof createReportPayment>;
