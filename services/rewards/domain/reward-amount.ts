import type { RewardTerms } from '@florin/contracts';
import type { Occasion } from './occasion.ts';

const BASIS = 10_000n;

const atLeast = (amount: bigint, least: string | undefined): boolean =>
  least === undefined || amount >= BigInt(least);

/**
 * Whether a rule looks at an occasion at all. Being the first deposit, being referred and the days
 * before are known elsewhere.
 */
export function isMeant(terms: RewardTerms, occasion: Occasion): boolean {
  switch (terms.kind) {
    case 'cashback':
      return (
        occasion.kind === 'payment' &&
        atLeast(occasion.amount, terms.paymentMin) &&
        (terms.payeeWalletIds?.includes(occasion.payeeWalletId ?? '') ?? true)
      );
    case 'streak':
      return occasion.kind === 'payment' && atLeast(occasion.amount, terms.paymentMin);
    case 'first-deposit':
    case 'referral':
      return occasion.kind === 'deposit' && atLeast(occasion.amount, terms.depositMin);
  }
}

/** What a rule pays for an amount, in minor units. A percentage is rounded down, so it may be 0. */
export function rewardAmount(terms: RewardTerms, amount: bigint): bigint {
  if (terms.kind !== 'cashback') return BigInt(terms.reward);
  const share = (amount * BigInt(terms.basisPoints)) / BASIS;
  const most = terms.rewardMax === undefined ? share : BigInt(terms.rewardMax);
  return share < most ? share : most;
}

/**
 * How much of a reward is to be taken back when so much is left of what it was paid for: the same
 * share, rounded down, and all of it when nothing is left.
 */
export const dueBack = (reward: bigint, payment: bigint, remaining: bigint): bigint =>
  (reward * (payment - remaining)) / payment;
