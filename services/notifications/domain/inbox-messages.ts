import { REWARDS_OWNER } from '@florin/contracts';
import type { LedgerEvent, MessageKind, Transaction } from '@florin/contracts';

/** A message for the app of one person. */
export interface MessageDraft {
  userId: string;
  kind: MessageKind;
  eventId: string;
  facts: Record<string, string>;
}

const COMPLETED_KIND = {
  deposit: 'deposit-completed',
  withdrawal: 'withdrawal-completed',
  transfer: 'payment-sent',
  capture: 'payment-sent',
  reversal: 'payment-sent',
  // Nobody has to be told what they did between their own wallets.
  conversion: undefined,
  reward: undefined,
  // Whoever corrects a wallet has spoken with its owner.
  adjustment: undefined,
  // Their captures are told: by themselves they move nothing.
  hold: undefined,
  release: undefined,
} as const satisfies Record<Transaction['type'], MessageKind | undefined>;

function kindForPayer(event: LedgerEvent, receiver: string | undefined): MessageKind | undefined {
  if ('wallet' in event.data) return undefined;
  const { transaction } = event.data;
  switch (event.type) {
    case 'florin.transaction-completed.v1':
      // What goes back to where rewards come from is a reward that is taken back.
      return receiver === REWARDS_OWNER ? 'reward-taken-back' : COMPLETED_KIND[transaction.type];
    case 'florin.transaction-failed.v1':
      return receiver === REWARDS_OWNER ? undefined : 'payment-failed';
    case 'florin.transaction-held.v1':
      return transaction.review?.status === 'open' ? 'payment-under-review' : undefined;
    default:
      return undefined;
  }
}

const factsOf = (transaction: Transaction, walletId: string): Record<string, string> => ({
  transactionId: transaction.id,
  walletId,
  type: transaction.type,
  amount: transaction.amount,
  currency: transaction.currency,
  ...(transaction.failure && { failure: transaction.failure.code }),
  ...(transaction.description !== undefined && { description: transaction.description }),
});

const receivedKind = ({ type }: Transaction): MessageKind =>
  type === 'reward' ? 'reward-paid' : 'money-received';

/**
 * Who finds what in the app about an event. A payment to oneself is told once, and what was still
 * open and went on as expected not at all.
 */
export function messagesOf(
  event: LedgerEvent,
  ownerOf: (walletId: string) => string | undefined,
): MessageDraft[] {
  const eventId = event.id;
  if ('wallet' in event.data) {
    if (event.type !== 'florin.wallet-status-changed.v1') return [];
    const { id: walletId, ownerId: userId, status, name } = event.data.wallet;
    return [{ userId, kind: 'wallet-status-changed', eventId, facts: { walletId, status, name } }];
  }
  const { transaction } = event.data;
  const payer = ownerOf(transaction.walletId);
  const receiverWallet = transaction.counterpartyWalletId ?? '';
  const receiver = ownerOf(receiverWallet);
  const drafts: MessageDraft[] = [];
  const kind = kindForPayer(event, receiver);
  if (payer !== undefined && payer !== REWARDS_OWNER && kind !== undefined) {
    drafts.push({
      userId: payer,
      kind,
      eventId,
      facts: factsOf(transaction, transaction.walletId),
    });
  }
  const moved = event.type === 'florin.transaction-completed.v1' && event.data.entries.length > 0;
  const received = moved && receiver !== payer;
  if (received && receiver !== undefined && receiver !== REWARDS_OWNER) {
    const facts = factsOf(transaction, receiverWallet);
    drafts.push({ userId: receiver, kind: receivedKind(transaction), eventId, facts });
  }
  return drafts;
}
