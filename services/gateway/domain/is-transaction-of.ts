import type { AnyOrder, Transaction } from '@florin/contracts';
import { canonical } from './idempotency.ts';
import { isFollowUp } from './order.ts';

/** What a transaction repeats of its order. */
const REPEATED = ['type', 'walletId', 'currency', 'description', 'metadata'] as const;
const OF_PAYMENTS = [...REPEATED, 'amount', 'counterpartyWalletId', 'bankAccount'] as const;
/** Whom it pays follows from what it is related to. */
const OF_FOLLOW_UPS = [...REPEATED, 'relatedTransactionId'] as const;

type Name = (typeof OF_PAYMENTS)[number] | (typeof OF_FOLLOW_UPS)[number];
type Essence = Partial<Record<Name, unknown>>;

/**
 * Whether a transaction that stands under an order's id can have been made by this order. Only
 * asked where the ledger, which compares the hash of the request, was not heard.
 */
export function isTransactionOf(order: AnyOrder, transaction: Transaction): boolean {
  const ordered: Essence = order;
  const made: Essence = transaction;
  const same = (name: Name): boolean => canonical(ordered[name]) === canonical(made[name]);
  if (!isFollowUp(order)) return OF_PAYMENTS.every(same);
  // Of what takes all that is left nobody knew the amount before.
  return OF_FOLLOW_UPS.every(same) && (order.all || same('amount'));
}
