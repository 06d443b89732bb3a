import type { Transaction } from '@florin/contracts';

/**
 * Those that may come from here, told by what our orders carry. Anybody may write the same into his
 * own: it only saves looking all others up.
 */
export const ownTransactions = (transactions: readonly Transaction[]): Transaction[] =>
  transactions.filter(
    ({ metadata = {} }) => 'scheduledTransferId' in metadata || 'paymentRequestId' in metadata,
  );
