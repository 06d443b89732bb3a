import type { RewardTerms, Transaction } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgetPerson } from '../sql/people.ts';
import { ended, openRewards, type OpenRewards } from './surroundings.ts';

/**
 * Hunts rewards that are paid twice, beyond a budget, for nothing, or kept when their payment goes
 * back, with a real Postgres and events that come again, late and in the wrong order.
 */

let at: OpenRewards;
beforeAll(async () => {
  at = await openRewards();
});
afterAll(() => at[Symbol.asyncDispose]());

const CASHBACK: RewardTerms = { kind: 'cashback', basisPoints: 200, rewardMax: '500' };

const pay = (from: string, to: string, amount = '10000', more: Partial<Transaction> = {}) =>
  ended({ type: 'transfer', walletId: from, counterpartyWalletId: to, amount, ...more });

const deposit = (wallet: string, amount = '5000') =>
  ended({ type: 'deposit', walletId: wallet, amount, bankAccount: 'ok' });

const giveBack = (original: Transaction, amount: string, remaining: string) =>
  ended({
    type: 'reversal',
    walletId: original.counterpartyWalletId ?? original.walletId,
    relatedTransactionId: original.id,
    amount,
    remaining,
  });

/** Tells what the ledger has decided of our orders, as its events do. */
async function hearOrders(): Promise<void> {
  await at.tell(...at.decided.values());
}

const paid = (userId: string, count = 1) =>
  eventually(async () => {
    await hearOrders();
    const found = await at.rewardsOf(userId);
    return found.length === count && found.every(({ status }) => status !== 'pending') && found;
  });

/** One rule of a kind at a time: the tests share a database. */
async function onlyRule(terms: RewardTerms, more: { budget?: string; perPersonMax?: string } = {}) {
  for (const { id } of (await at.rules.listRules({ limit: 100 })).items) {
    await at.rules.changeRule({ id, change: { status: 'paused' } });
  }
  return at.rule(terms, more);
}

describe('a reward is decided and paid once', () => {
  it('however often, and however much at the same moment, its payment is told', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const payment = pay(ana.wallet, ben.wallet);
    await Promise.all(Array.from({ length: 20 }, () => at.tell(payment, payment)));
    const [reward] = await paid(ana.id);
    expect(reward).toMatchObject({ amount: '200', status: 'paid', walletId: ana.wallet });
    expect(reward?.rewardedTransactionId).toBe(payment.id);
    expect(await at.committed(rule.id)).toBe('200');
    expect(await at.rewardsOf(ben.id)).toEqual([]);
    const orders = at.ordered.filter((id) => id === reward?.id);
    expect(orders.length).toBeGreaterThan(0);
    expect(at.decided.get(reward?.id ?? '')?.amount).toBe('200');
  });

  it('of a percentage at most its cap, and nothing of so little that nothing is left', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    await at.tell(pay(ana.wallet, ben.wallet, '900000'), pay(ana.wallet, ben.wallet, '49'));
    expect((await paid(ana.id)).map(({ amount }) => amount)).toEqual(['500']);
    expect(await at.allOf(rule.id)).toHaveLength(1);
  });

  it('never for a reward, what goes back, or money that stays with its owner', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const payment = pay(ana.wallet, ben.wallet);
    await at.tell(
      { ...payment, type: 'reward' },
      { ...payment, id: uuidv7(), type: 'reversal', relatedTransactionId: payment.id },
      pay(ana.wallet, ana.wallet),
      { ...payment, id: uuidv7(), currency: 'EUR' },
    );
    expect(await at.allOf(rule.id)).toEqual([]);
  });

  it('by no rule that is paused, over, or of payments to others', async () => {
    const shop = at.person();
    const rule = await onlyRule({ ...CASHBACK, payeeWalletIds: [shop.wallet] });
    const [ana, ben] = [at.person(), at.person()];
    await at.tell(pay(ana.wallet, ben.wallet));
    const long = new Date(Date.parse(rule.validUntil) + 1).toISOString();
    await at.tell(pay(ana.wallet, shop.wallet, '10000', { completedAt: long }));
    await at.rules.changeRule({ id: rule.id, change: { status: 'paused' } });
    await at.tell(pay(ana.wallet, shop.wallet));
    expect(await at.allOf(rule.id)).toEqual([]);
    await at.rules.changeRule({ id: rule.id, change: { status: 'active' } });
    await at.tell(pay(ana.wallet, shop.wallet));
    expect(await paid(ana.id)).toHaveLength(1);
  });
});

describe('a budget', () => {
  it('is spent to the last reward and not beyond it, by a hundred payments at once', async () => {
    const rule = await onlyRule(CASHBACK, { budget: '2100' });
    const [ana, ben] = [at.person(), at.person()];
    const payments = Array.from({ length: 100 }, () => pay(ana.wallet, ben.wallet));
    await Promise.all(payments.map((payment) => at.tell(payment)));
    expect(await at.committed(rule.id)).toBe('2000');
    const all = await at.allOf(rule.id);
    const declined = all.filter(({ status }) => status === 'declined');
    expect(declined).toHaveLength(90);
    expect(new Set(declined.map(({ reason }) => reason))).toEqual(new Set(['budget-exhausted']));
    expect(await paid(ana.id, 10)).toHaveLength(10);
    // Declined once is declined for ever, also when there is more.
    await at.rules.changeRule({ id: rule.id, change: { budget: '100000' } });
    await at.tell(...payments);
    expect(await at.committed(rule.id)).toBe('2000');
  });

  it('of a person is not exceeded either, by payments at once', async () => {
    const rule = await onlyRule(CASHBACK, { perPersonMax: '500' });
    const [ana, ben] = [at.person(), at.person()];
    const payments = Array.from({ length: 20 }, () => pay(ana.wallet, ben.wallet));
    await Promise.all(payments.map((payment) => at.tell(payment)));
    expect(await at.committed(rule.id)).toBe('400');
    expect(at.outcomes).toContain('person-limit');
  });

  it('can’t fall below what it has spent', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    await at.tell(pay(ana.wallet, ben.wallet));
    expect(await at.rules.changeRule({ id: rule.id, change: { budget: '199' } })).toMatchObject({
      refused: 'not-possible',
    });
    expect(await at.rules.changeRule({ id: rule.id, change: { budget: '200' } })).toMatchObject({
      before: { budget: '1000000' },
      rule: { budget: '200', committed: '200' },
    });
  });

  it('is free again when the ledger has no money for the reward, or no wallet at all', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    try {
      at.setPurse(0n);
      await at.tell(pay(ana.wallet, ben.wallet));
      await eventually(async () => {
        await hearOrders();
        return (await at.committed(rule.id)) === '0';
      });
      at.setPurse(undefined);
      await at.tell(pay(ana.wallet, ben.wallet));
      await eventually(async () => (await at.committed(rule.id)) === '0');
    } finally {
      at.setPurse(1_000_000_000n);
    }
    const reasons = await eventually(async () => {
      const all = await at.allOf(rule.id);
      return all.every(({ reason }) => reason !== undefined) && all.map(({ reason }) => reason);
    });
    expect(new Set(reasons)).toEqual(new Set(['insufficient-funds', 'unfunded']));
    expect(await at.rewardsOf(ana.id)).toEqual([]);
  });
});

describe('a reward goes back with its payment', () => {
  it('in proportion, rounded for whoever has it, and all of it at the end', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const payment = pay(ana.wallet, ben.wallet, '9999');
    await at.tell(payment);
    await paid(ana.id);
    const back = (amount: string) =>
      eventually(async () => {
        await hearOrders();
        const [reward] = await at.rewardsOf(ana.id);
        return reward?.takenBackAmount === amount && reward;
      });
    const third = giveBack(payment, '3333', '6666');
    await Promise.all([at.tell(third), at.tell(third, third)]);
    await back('66');
    expect(await at.committed(rule.id)).toBe('133');
    await at.tell(giveBack(payment, '6666', '0'));
    // Heard of late: what it says has happened long ago.
    await at.tell(third);
    expect((await back('199')).status).toBe('taken-back');
    expect(await at.committed(rule.id)).toBe('0');
  });

  it('also when the reversal is heard of before the payment', async () => {
    const rule = await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const payment = pay(ana.wallet, ben.wallet);
    await Promise.all([at.tell(giveBack(payment, '10000', '0')), at.tell(payment)]);
    await eventually(async () => {
      await hearOrders();
      return (await at.rewardsOf(ana.id))[0]?.status === 'taken-back';
    });
    expect(await at.committed(rule.id)).toBe('0');
  });

  it('later, when it is spent now; and is owed when it can’t be had at all', async () => {
    await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const payment = pay(ana.wallet, ben.wallet);
    await at.tell(payment);
    await paid(ana.id);
    at.refusals.push('insufficient-funds', 'wallet-frozen');
    await at.tell(giveBack(payment, '10000', '0'));
    await eventually(async () => {
      await hearOrders();
      return (await at.rewardsOf(ana.id))[0]?.status === 'taken-back';
    });
    expect(at.refusals).toEqual([]);
    const other = pay(ana.wallet, ben.wallet);
    await at.tell(other);
    await paid(ana.id, 2);
    at.refusals.push('wallet-closed');
    await at.tell(giveBack(other, '10000', '0'));
    await eventually(async () => {
      await hearOrders();
      return at.outcomes.includes('owed');
    });
  });
});

describe('deposits', () => {
  it('are rewarded when they are the first of a person, in whatever order they come', async () => {
    const rule = await onlyRule({ kind: 'first-deposit', reward: '1000', depositMin: '2000' });
    const ana = at.person();
    const [first, second] = [deposit(ana.wallet), deposit(ana.wallet)];
    await at.tell(first);
    await Promise.all([at.tell(second), at.tell(first), at.tell(second)]);
    expect((await paid(ana.id))[0]?.rewardedTransactionId).toBe(first.id);
    expect(await at.allOf(rule.id)).toHaveLength(1);
    const ben = at.person();
    await at.tell(deposit(ben.wallet, '1999'), deposit(ben.wallet, '50000'));
    expect(await at.rewardsOf(ben.id)).toEqual([]);
  });

  it('of whoever was brought here reward the one who brought them, once', async () => {
    await onlyRule({ kind: 'referral', reward: '700', beneficiary: 'referrer' });
    const [ana, ben] = [at.person(), at.person()];
    const { code } = await at.rewards.getReferral({ userId: ana.id });
    const claim = (userId: string, asked = code) =>
      at.rewards.claimReferral({ userId, code: asked });
    expect(await claim(ana.id)).toEqual({ refused: 'own-code' });
    expect(await claim(ben.id, 'NOBODYS')).toEqual({ refused: 'unknown-code' });
    expect(await claim(ben.id, code.toLowerCase())).toEqual({ claimed: true });
    expect(await claim(ben.id)).toEqual({ refused: 'already' });
    const bens = await at.rewards.getReferral({ userId: ben.id });
    expect(bens.wasReferred).toBe(true);
    expect(await claim(ana.id, bens.code)).toEqual({ refused: 'already' });
    const first = deposit(ben.wallet);
    await at.tell(first, deposit(ben.wallet));
    await at.tell(first);
    expect((await paid(ana.id))[0]).toMatchObject({ amount: '700', walletId: ana.wallet });
    expect(await at.rewardsOf(ben.id)).toEqual([]);
    expect(await claim(ben.id, bens.code)).toEqual({ refused: 'own-code' });
    const carl = at.person();
    await at.tell(deposit(carl.wallet));
    expect(await claim(carl.id)).toEqual({ refused: 'too-late' });
  });
});

describe('streaks', () => {
  const onDay = (from: string, to: string, day: number) => {
    const completedAt = new Date(Date.now() + day * 86_400_000 + 5_000).toISOString();
    return pay(from, to, '1000', { completedAt });
  };

  it('earn more each day in a row, once a day, and a reward for enough points', async () => {
    await onlyRule({
      kind: 'streak',
      reward: '300',
      pointsPerDay: 10,
      pointsPerDayMax: 30,
      pointsPerReward: 60,
    });
    const [ana, ben] = [at.person(), at.person()];
    const told = [0, 0, 1, 2].map((day) => onDay(ana.wallet, ben.wallet, day));
    for (const payment of told) await at.tell(payment, payment);
    // 10 + 20 + 30 points.
    expect(await paid(ana.id)).toMatchObject([
      { amount: '300', rewardedTransactionId: told[3]?.id },
    ]);
    // A day is missing: it begins anew with 10.
    await at.tell(onDay(ana.wallet, ben.wallet, 4));
    const { items } = await at.rewards.listOffers({ userId: ana.id });
    expect(items.find(({ terms }) => terms.kind === 'streak')?.streak).toEqual({
      days: 1,
      points: 10,
    });
    expect(await at.rewardsOf(ana.id)).toHaveLength(1);
  });

  it('lose the points of payments that went back entirely', async () => {
    await onlyRule({
      kind: 'streak',
      reward: '300',
      pointsPerDay: 10,
      pointsPerDayMax: 10,
      pointsPerReward: 20,
    });
    const [ana, ben] = [at.person(), at.person()];
    const first = onDay(ana.wallet, ben.wallet, 0);
    await at.tell(first);
    await at.tell(giveBack(first, '1000', '0'));
    await at.tell(onDay(ana.wallet, ben.wallet, 1));
    expect(await at.rewardsOf(ana.id)).toEqual([]);
    await at.tell(onDay(ana.wallet, ben.wallet, 2));
    expect(await paid(ana.id)).toHaveLength(1);
  });
});

describe('rules and people', () => {
  it('are not made twice under one id, nor for the past', async () => {
    const rule = await onlyRule(CASHBACK);
    const again = {
      id: rule.id,
      name: rule.name,
      currency: 'USD' as const,
      terms: CASHBACK,
      validUntil: rule.validUntil,
      budget: '1000000',
      createdBy: 'admin',
    };
    expect(await at.rules.createRule(again)).toMatchObject({ replayed: true });
    const other = { ...again, currency: 'EUR' as const };
    expect(await at.rules.createRule(other)).toMatchObject({ refused: 'id-reused' });
    const past = { ...again, id: uuidv7(), validFrom: '2020-01-01T00:00:00Z' };
    expect(await at.rules.createRule(past)).toMatchObject({ refused: 'in-the-past' });
  });

  it('are forgotten, but for what the books tell', async () => {
    await onlyRule(CASHBACK);
    const [ana, ben] = [at.person(), at.person()];
    const { code } = await at.rewards.getReferral({ userId: ana.id });
    await at.tell(pay(ana.wallet, ben.wallet));
    await paid(ana.id);
    await forgetPerson(at.db, ana.id);
    expect(await at.rewards.claimReferral({ userId: ben.id, code })).toEqual({
      refused: 'unknown-code',
    });
    expect(await at.rewardsOf(ana.id)).toHaveLength(1);
  });
});
