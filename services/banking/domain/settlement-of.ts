import { createHash } from 'node:crypto';
import type { Settlement } from '@florin/contracts';
import { assert, uuidFromDigest } from '@florin/kernel';
import { isOutcome, type Payment } from './payment.ts';

/** Always the same for a transaction: however often it is sent, it is one settlement. */
export function settlementIdOf(transactionId: string): string {
  return uuidFromDigest(createHash('sha256').update(`settlement\n${transactionId}`).digest());
}

/** What the ledger is told about a payment whose outcome is known. */
export function settlementOf(payment: Payment): Settlement {
  const { state, transactionId, walletId, failureCode, bankReference } = payment;
  assert(isOutcome(state), `a payment that is ${state} has no outcome to tell`);
  return {
    transactionId,
    walletId,
    outcome: state === 'settled' ? 'completed' : 'failed',
    ...(failureCode !== null && { failureCode }),
    ...(bankReference !== null && { bankReference }),
  };
}
