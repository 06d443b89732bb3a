import type { RewardTerms } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Occasion } from './occasion.ts';
import { dueBack, isMeant, rewardAmount } from './reward-amount.ts';

/** Hunts rewards larger than what was promised, and money left or lost by rounding. */

const cashback = (more: object = {}): RewardTerms => ({
  kind: 'cashback',
  basisPoints: 150,
  ...more,
});

describe('a reward', () => {
  test.each([
    ['a share, rounded down', cashback(), 10_033n, 150n],
    ['nothing of next to nothing', cashback(), 66n, 0n],
    ['its cap', cashback({ rewardMax: '100' }), 10_000n, 100n],
    ['all of it', cashback({ basisPoints: 10_000 }), 7n, 7n],
    ['what was promised', { kind: 'first-deposit', reward: '500' } as const, 1n, 500n],
  ])('is %s', (_, terms, amount, expected) => {
    expect(rewardAmount(terms, amount)).toBe(expected);
  });

  const payment: Occasion = {
    kind: 'payment',
    transactionId: 't',
    personId: 'p',
    walletId: 'w',
    payeeWalletId: 'shop',
    amount: 100n,
    currency: 'USD',
    atMs: 0,
  };
  const deposit: Occasion = { ...payment, kind: 'deposit', payeeWalletId: undefined };
  const first: RewardTerms = { kind: 'first-deposit', reward: '1', depositMin: '100' };

  test.each([
    ['a payment', cashback(), payment, true],
    ['no deposit as a payment', cashback(), deposit, false],
    ['a payment of the least', cashback({ paymentMin: '100' }), payment, true],
    ['no payment below the least', cashback({ paymentMin: '101' }), payment, false],
    ['a payment to the shop', cashback({ payeeWalletIds: ['shop'] }), payment, true],
    ['no payment to others', cashback({ payeeWalletIds: ['other'] }), payment, false],
    ['a deposit', first, deposit, true],
    ['no payment as a deposit', first, payment, false],
    ['no deposit below the least', first, { ...deposit, amount: 99n }, false],
  ])('is for %s', (_, terms, occasion, expected) => {
    expect(isMeant(terms, occasion)).toBe(expected);
  });
});

describe('what is taken back', () => {
  test('adds up to the reward and never beyond it, whatever comes back in which steps', () => {
    const amounts = fc
      .bigInt({ min: 1n, max: 10n ** 15n })
      .chain((paid) =>
        fc.tuple(
          fc.constant(paid),
          fc.bigInt({ min: 1n, max: paid }),
          fc.array(fc.bigInt({ min: 0n, max: paid }), { maxLength: 8 }),
        ),
      );
    fc.assert(
      fc.property(amounts, ([paid, reward, steps]) => {
        let taken = 0n;
        for (const remaining of [...steps.toSorted((a, b) => (a < b ? 1 : -1)), 0n]) {
          const due = dueBack(reward, paid, remaining);
          expect(due >= taken && due <= reward).toBe(true);
          taken = due;
        }
        expect(taken).toBe(reward);
      }),
    );
  });
});
