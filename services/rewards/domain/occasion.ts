import { REWARDS_OWNER, type LedgerEvent, type Transaction } from '@florin/contracts';

/** A payment or a deposit that somebody may be rewarded for. */
export interface Occasion {
  kind: 'payment' | 'deposit';
  transactionId: string;
  personId: string;
  walletId: string;
  payeeWalletId: string | undefined;
  amount: bigint;
  currency: Transaction['currency'];
  atMs: number;
}

/** Of everything that completes, only these are rewarded: neither rewards nor what goes back. */
const KIND_OF: Partial<Record<Transaction['type'], Occasion['kind']>> = {
  transfer: 'payment',
  capture: 'payment',
  deposit: 'deposit',
};

/** The transaction of an event that may be an occasion, whoever owns its wallets. */
export function rewardableOf(event: LedgerEvent): Transaction | undefined {
  if (event.type !== 'florin.transaction-completed.v1') return undefined;
  const { transaction } = event.data;
  return KIND_OF[transaction.type] === undefined ? undefined : transaction;
}

/**
 * What a completed transaction is worth looking at as. Money that stays with its owner is no
 * payment, and what the platform brings into its own wallets is nobody's deposit.
 */
export function occasionOf(
  transaction: Transaction,
  ownerOf: (walletId: string) => string | undefined,
): Occasion | undefined {
  const kind = KIND_OF[transaction.type];
  const personId = ownerOf(transaction.walletId);
  if (kind === undefined || personId === undefined || personId === REWARDS_OWNER) return undefined;
  const { counterpartyWalletId: payeeWalletId } = transaction;
  if (kind === 'payment' && ownerOf(payeeWalletId ?? '') === personId) return undefined;
  return {
    kind,
    transactionId: transaction.id,
    personId,
    walletId: transaction.walletId,
    payeeWalletId,
    amount: BigInt(transaction.amount),
    currency: transaction.currency,
    atMs: Date.parse(transaction.completedAt ?? transaction.createdAt),
  };
}
