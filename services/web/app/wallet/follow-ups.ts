import type { TransactionView, UserView } from '../api/answers.ts';
import { may } from '../session/staff.ts';

export interface FollowUp {
  action: 'capture' | 'release' | 'reverse';
  /** At most this much, in minor units. */
  most: string;
}

/** What is left of an amount after parts of it. */
const lessThan = (amount: string, ...parts: (string | undefined)[]): bigint =>
  parts.reduce((left, part) => left - BigInt(part ?? '0'), BigInt(amount));

/**
 * What this person may still do with a transaction, as the API allows it: both sides of a hold take
 * or release it, whoever was paid gives back, and operators do for others.
 */
export function followUpsOf(
  { type, status, review, walletId, counterpartyWalletId, amount, ...facts }: TransactionView,
  me: UserView | undefined,
  isMine: (walletId: string) => boolean,
): FollowUp[] {
  const staff = may(me, 'give-back');
  const pays = isMine(walletId);
  const receives = counterpartyWalletId !== undefined && isMine(counterpartyWalletId);
  if (type === 'hold') {
    const left = lessThan(amount, facts.hold?.capturedAmount, facts.hold?.releasedAmount);
    const open = status === 'held' && review?.status !== 'open' && left > 0n;
    if (!open || !(pays || receives)) return [];
    const most = String(left);
    return [
      { action: 'capture', most },
      { action: 'release', most },
    ];
  }
  const left = lessThan(amount, facts.reversedAmount);
  if (status !== 'completed' || left <= 0n) return [];
  const paid = type === 'transfer' || type === 'capture';
  const allowed = paid ? staff || (receives && !pays) : type === 'deposit' && staff;
  return allowed ? [{ action: 'reverse', most: String(left) }] : [];
}
