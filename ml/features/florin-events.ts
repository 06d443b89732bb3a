import type {
  IdentityEvent,
  LabelEvent,
  LedgerEvent,
  TransactionEventData,
  TransactionOrder,
} from '@florin/contracts';
import type { FoldedEvent, ScoredTransaction } from './folded-event.ts';

type Type = ScoredTransaction['type'];

/**
 * What is asked for, as features see it: a hold promises money to somebody, as a transfer, and a
 * conversion brings it to another wallet.
 */
const ASKED = new Map<string, Type>([
  ['deposit', 'deposit'],
  ['withdrawal', 'withdrawal'],
  ['transfer', 'transfer'],
  ['hold', 'transfer'],
  ['conversion', 'transfer'],
]);

/** What moves money when it is completed. A hold does by its captures. */
const MOVES = new Map<string, Type>([
  ['deposit', 'deposit'],
  ['withdrawal', 'withdrawal'],
  ['transfer', 'transfer'],
  ['capture', 'transfer'],
  ['conversion', 'transfer'],
]);

/** A TransactionInitiated order as features see it. `time` is the envelope's. */
export function scoredTransactionOf(order: TransactionOrder, time: string): ScoredTransaction {
  return {
    at: Date.parse(time),
    type: ASKED.get(order.type) ?? 'transfer',
    walletId: order.walletId,
    counterpartyWalletId: 'counterpartyWalletId' in order ? order.counterpartyWalletId : undefined,
    bankAccount: 'bankAccount' in order ? order.bankAccount : undefined,
    amount: Number(order.amount),
    currency: order.currency,
    context: order.context,
  };
}

/**
 * An event of the ledger, of identity, or a fraud label as the profiles take it; undefined for
 * those that they learn nothing from.
 */
export function foldedEventOf(
  event: LedgerEvent | IdentityEvent | LabelEvent,
): FoldedEvent | undefined {
  const now = Date.parse(event.time);
  switch (event.type) {
    case 'florin.transaction-completed.v1':
      return completedOf(event.data, now);
    case 'florin.transaction-held.v1':
      return heldOf(event.data, now);
    case 'florin.transaction-failed.v1':
      return failedOf(event.data, now);
    case 'florin.wallet-opened.v1': {
      const { id, ownerId, createdAt } = event.data.wallet;
      return { kind: 'account', at: now, walletId: id, ownerId, openedAt: Date.parse(createdAt) };
    }
    case 'florin.fraud-label.v1':
      return reportedOf(event.data, now);
    case 'florin.user-registered.v1': {
      const { userId, kycLevel } = event.data;
      return { kind: 'identified', at: now, ownerId: userId, kycLevel };
    }
    case 'florin.kyc-level-changed.v1': {
      const { userId, to } = event.data;
      return { kind: 'identified', at: now, ownerId: userId, kycLevel: to };
    }
    case 'florin.credentials-changed.v1':
      return { kind: 'credentials-changed', at: now, ownerId: event.data.userId };
    case 'florin.user-erased.v1':
      return { kind: 'erased', at: now, ownerId: event.data.userId };
    default:
      return undefined;
  }
}

/** What turned out to be honest is what profiles took it for. */
function reportedOf(data: LabelEvent['data'], now: number): FoldedEvent | undefined {
  const { label, walletId, counterpartyWalletId, deviceId, address } = data;
  if (label === 'legitimate') return undefined;
  return { kind: 'reported', at: now, walletId, counterpartyWalletId, deviceId, address };
}

/** What doesn't move money may still change what can be spent: a release, a reversal. */
function completedOf(data: TransactionEventData, now: number): FoldedEvent {
  const { walletId, counterpartyWalletId, bankAccount, amount, currency } = data.transaction;
  const type = MOVES.get(data.transaction.type);
  if (!type) return heldOf(data, now);
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
    // What a conversion brought is in another currency than what is told of it.
    counterpartyBalance: data.transaction.conversion
      ? undefined
      : balanceAfter(data, counterpartyWalletId),
  };
}

/** Only what somebody asked for anew can be declined. */
function failedOf({ transaction }: TransactionEventData, now: number): FoldedEvent | undefined {
  const { type, walletId } = transaction;
  return ASKED.has(type) ? { kind: 'failed', at: now, walletId } : undefined;
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
