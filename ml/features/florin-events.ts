import type { LedgerEvent, TransactionEventData, TransactionOrder } from '@florin/contracts';
import type { FoldedEvent, RequestContext, ScoredTransaction } from './folded-event.ts';

/**
 * A TransactionInitiated order as features see it. `time` is the envelope's. Orders carry no
 * context yet: without it the features about devices and places keep their defaults.
 */
export function scoredTransactionOf(
  order: TransactionOrder & { context?: RequestContext | undefined },
  time: string,
): ScoredTransaction {
  return {
    at: Date.parse(time),
    type: order.type,
    walletId: order.walletId,
    counterpartyWalletId: order.type === 'transfer' ? order.counterpartyWalletId : undefined,
    bankAccount: order.type === 'transfer' ? undefined : order.bankAccount,
    amount: Number(order.amount),
    currency: order.currency,
    context: order.context,
  };
}

/** A ledger event as the profiles take it; undefined for those that they learn nothing from. */
export function foldedEventOf(event: LedgerEvent): FoldedEvent | undefined {
  const now = Date.parse(event.time);
  switch (event.type) {
    case 'florin.transaction-completed.v1':
      return completedOf(event.data, now);
    case 'florin.transaction-held.v1':
      return heldOf(event.data, now);
    case 'florin.transaction-failed.v1':
      return { kind: 'failed', at: now, walletId: event.data.transaction.walletId };
    case 'florin.wallet-opened.v1': {
      const { id, createdAt } = event.data.wallet;
      return { kind: 'account', at: now, walletId: id, openedAt: Date.parse(createdAt) };
    }
    case 'florin.transaction-pending.v1':
    case 'florin.wallet-status-changed.v1':
      return undefined;
  }
}

function completedOf(data: TransactionEventData, now: number): FoldedEvent {
  const { type, walletId, counterpartyWalletId, bankAccount, amount, currency } = data.transaction;
  return {
    kind: 'completed',
    at: now,
    type,
    walletId,
    counterpartyWalletId,
    bankAccount,
    amount: Number(amount),
    currency,
    balance: availableAfter(data) ?? balanceAfter(data, walletId),
    counterpartyBalance: balanceAfter(data, counterpartyWalletId),
  };
}

function heldOf(data: TransactionEventData, now: number): FoldedEvent {
  const { walletId, currency } = data.transaction;
  return { kind: 'held', at: now, walletId, currency, balance: availableAfter(data) };
}

/** The wallet's own balance without what is held: what it can still spend. */
function availableAfter({ transaction }: TransactionEventData): number | undefined {
  return transaction.balances && Number(transaction.balances.available);
}

function balanceAfter({ entries }: TransactionEventData, walletId?: string): number | undefined {
  const entry = entries.findLast((one) => one.walletId === walletId);
  return entry && Number(entry.balanceAfter);
}
