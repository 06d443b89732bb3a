import type { Transaction, TransactionOrder } from '@florin/contracts';
import { canonical } from './idempotency.ts';

/** What a transaction repeats of its order. */
const COMPARED = [
  'type',
  'walletId',
  'amount',
  'currency',
  'counterpartyWalletId',
  'bankAccount',
  'description',
  'metadata',
] as const;

type Essence = Partial<Record<(typeof COMPARED)[number], unknown>>;

/**
 * Whether a transaction that stands under an order's id can have been made by this order. Only
 * asked where the ledger, which compares the hash of the request, was not heard.
 */
export function isTransactionOf(order: TransactionOrder, transaction: Transaction): boolean {
  const ordered: Essence = order;
  const made: Essence = transaction;
  return COMPARED.every((name) => canonical(ordered[name]) === canonical(made[name]));
}
