import type { TransactionView } from '../api/answers.ts';

export type Direction = 'in' | 'out' | 'between';

export interface Described {
  direction: Direction;
  /** The wallet of mine that it is about; of two, the one that was asked about, else the payer. */
  walletId: string;
  /** Whose the other side is, when there is one. */
  otherWalletId: string | undefined;
  /** Minor units with the sign that they have for me. */
  signed: string;
  /** Names the kind of movement in texts. */
  kind:
    | 'deposit'
    | 'withdrawal'
    | 'sent'
    | 'received'
    | 'moved'
    | 'hold'
    | 'capture'
    | 'release'
    | 'reversal'
    | 'reward'
    | 'conversion'
    | 'adjustment';
  /** No money has moved, or it has moved back. */
  voided: boolean;
}

/** What a transaction is from where I stand: the same transfer is an expense here, income there. */
export function describeTransaction(
  transaction: TransactionView,
  isMine: (walletId: string) => boolean,
  viewedFrom?: string,
): Described {
  const { type, walletId, counterpartyWalletId: other, amount, status } = transaction;
  const voided = status === 'failed' || status === 'reversed';
  const facts = { otherWalletId: other, voided };
  const positive = { ...facts, walletId, signed: amount };
  const negative = { ...facts, walletId, signed: `-${amount}` };
  if (type === 'deposit') return { ...positive, direction: 'in', kind: 'deposit' };
  if (type === 'withdrawal') return { ...negative, direction: 'out', kind: 'withdrawal' };
  if (type === 'adjustment') {
    return transaction.direction === 'credit'
      ? { ...positive, direction: 'in', kind: type }
      : { ...negative, direction: 'out', kind: type };
  }
  if (type === 'release') return { ...positive, direction: 'between', kind: 'release' };
  const receives = other !== undefined && isMine(other);
  const pays = isMine(walletId);
  if (type !== 'transfer') {
    const comes = receives && !pays;
    const sides = comes ? { walletId: other, otherWalletId: walletId } : {};
    const signed = comes ? amount : `-${amount}`;
    return { ...negative, ...sides, signed, direction: comes ? 'in' : 'out', kind: type };
  }
  if (receives && (!pays || viewedFrom === other)) {
    const kind = pays ? 'moved' : 'received';
    const sides = { walletId: other, otherWalletId: walletId };
    return { ...facts, ...sides, signed: amount, direction: 'in', kind };
  }
  if (receives && viewedFrom === undefined) {
    return { ...positive, direction: 'between', kind: 'moved' };
  }
  return { ...negative, direction: 'out', kind: receives ? 'moved' : 'sent' };
}

/** What a screen says about where a transaction stands. */
export type Standing =
  | 'completed'
  | 'failed'
  | 'reversed'
  | 'pending'
  | 'held-for-review'
  | 'held-for-bank'
  | 'held-for-payee';

export function standingOf({ type, status, review }: TransactionView): Standing {
  if (status !== 'held') return status;
  if (review?.status === 'open') return 'held-for-review';
  if (type === 'hold') return 'held-for-payee';
  // Who gets a transfer is not told that a person looks at it.
  return type === 'withdrawal' ? 'held-for-bank' : 'pending';
}

/** Not decided yet: it is worth asking again. */
export const isUnderWay = ({ status }: TransactionView): boolean =>
  status === 'pending' || status === 'held';
