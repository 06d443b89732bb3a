import { unreachable } from '@florin/kernel';
import type { Payment } from './payment.ts';
import type { PaymentPolicy } from './policy.ts';

/** What is to be done about a payment now. */
export type Step =
  | 'ask'
  | 'check-status'
  | 'recover'
  | 'give-up'
  | 'wait-for-bank'
  | 'announce'
  | 'confirm'
  | 'nothing';

export interface Circumstances {
  readonly nowMs: number;
  /** False while the bank's circuit breaker is open. */
  readonly bankCallable: boolean;
}

/**
 * Whether a request whose answer was lost can still arrive at the bank. "Never seen" is its
 * answer of that moment: enough to ask again with the same key, not enough to tell the client no.
 */
function mayStillArrive(payment: Payment, nowMs: number, policy: PaymentPolicy): boolean {
  return payment.exposedAtMs !== null && nowMs - payment.exposedAtMs < policy.inFlightMsMax;
}

/** Whether asking the bank is no longer worth it. Only a charge has somebody waiting for it. */
function isHopeless(payment: Payment, now: Circumstances, policy: PaymentPolicy): boolean {
  if (payment.deadlineAtMs === null) return false;
  if (now.nowMs >= payment.deadlineAtMs) return true;
  if (payment.kind === 'payout') return false;
  return !now.bankCallable || payment.attempts >= policy.chargeAttemptsMax;
}

function stepOfRequested(payment: Payment, now: Circumstances, policy: PaymentPolicy): Step {
  const maySayNo = !mayStillArrive(payment, now.nowMs, policy);
  if (maySayNo && isHopeless(payment, now, policy)) return 'give-up';
  return now.bankCallable ? 'ask' : 'wait-for-bank';
}

/** Decides the next step of a payment that this process has claimed and nobody works on. */
export function nextStep(payment: Payment, now: Circumstances, policy: PaymentPolicy): Step {
  switch (payment.state) {
    case 'requested':
      return stepOfRequested(payment, now, policy);
    case 'asked':
      // Nobody works on it, so whoever asked has died: the answer will not come.
      return 'recover';
    case 'unknown':
      return now.bankCallable ? 'check-status' : 'wait-for-bank';
    case 'settled':
    case 'declined':
    case 'abandoned':
      return payment.announced ? 'confirm' : 'announce';
    case 'done':
      return 'nothing';
    default:
      return unreachable(payment.state);
  }
}
