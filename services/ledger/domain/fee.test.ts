import { feeRule, feeRules, type FeeRule } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import {
  ANA,
  BEN,
  id,
  message,
  outcomeOf,
  pay,
  riskOf,
  settled,
  twoPeople,
} from '../test/lane-bench.ts';
import { feeFor, feeRulesOf } from './fee.ts';

const tier = (from: string, flat: string, basisPoints: number) => ({ from, flat, basisPoints });
const rule = (more: Partial<FeeRule>): FeeRule => ({
  type: 'transfer',
  currency: 'USD',
  paidBy: 'sender',
  tiers: [tier('0', '0', 0)],
  ...more,
});

describe('hunts fees that are a unit too high or too low', () => {
  const flat = rule({ tiers: [tier('0', '30', 0)] });
  const percent = rule({ tiers: [tier('0', '0', 290)] });
  const both = rule({ tiers: [tier('0', '30', 290)] });
  const capped = rule({ tiers: [tier('0', '0', 100)], min: '50', max: '500' });
  const tiered = rule({
    tiers: [tier('0', '100', 0), tier('10000', '0', 150), tier('100000', '0', 50)],
  });
  const cases: [string, FeeRule, bigint, bigint][] = [
    ['flat, whatever the amount', flat, 1n, 30n],
    ['flat, of much', flat, 1_000_000n, 30n],
    ['percent', percent, 10_000n, 290n],
    ['just below a half is dropped', percent, 17n, 0n],
    ['a half counts as one', rule({ tiers: [tier('0', '0', 5000)] }), 1n, 1n],
    ['percent of one unit', percent, 18n, 1n],
    ['flat and percent', both, 10_000n, 320n],
    ['never less than min', capped, 100n, 50n],
    ['between', capped, 10_000n, 100n],
    ['never more than max', capped, 1_000_000n, 500n],
    ['first tier', tiered, 9999n, 100n],
    ['its bound belongs to the next', tiered, 10_000n, 150n],
    ['the tier holds for all of it', tiered, 100_000n, 500n],
    ['as much as there can be', percent, 1_000_000_000_000_000n, 29_000_000_000_000n],
  ];
  test.each(cases)('%s', (_, asked, amount, fee) => {
    const rules = feeRulesOf({ version: 7, rules: [asked] });
    expect(feeFor(rules, 'transfer', 'USD', amount)?.amount ?? 0n).toBe(fee);
  });

  test('other types and currencies cost nothing', () => {
    const rules = feeRulesOf({ version: 1, rules: [flat] });
    expect(feeFor(rules, 'withdrawal', 'USD', 100n)).toBeNull();
    expect(feeFor(rules, 'transfer', 'EUR', 100n)).toBeNull();
  });
});

describe('hunts schedules that nobody could charge by', () => {
  test.each<[string, Partial<FeeRule>]>([
    ['no tier at zero', { tiers: [tier('1', '1', 0)] }],
    ['tiers that descend', { tiers: [tier('0', '1', 0), tier('9', '1', 0), tier('9', '1', 0)] }],
    ['no tier at all', { tiers: [] }],
    ['min above max', { min: '2', max: '1' }],
    ['more than everything', { tiers: [tier('0', '0', 10_001)] }],
    ['a withdrawal that the bank pays for', { type: 'withdrawal', paidBy: 'recipient' }],
    ['a deposit that the bank pays for', { type: 'deposit' }],
    ['a capture that was not reserved for', { type: 'capture' }],
    ['a negative fee', { tiers: [tier('0', '-1', 0)] }],
  ])('%s', (_, more) => {
    expect(feeRule.safeParse(rule(more)).success).toBe(false);
  });

  test('two rules for the same', () => {
    expect(feeRules.safeParse([rule({}), rule({ paidBy: 'recipient' })]).success).toBe(false);
  });
});

/** Ana has 100, Ben nothing. */
function lane(rules: FeeRule[]) {
  const around = twoPeople();
  around.setFees(rules);
  const account = () => [...around.book.wallets.values()].find(({ kind }) => kind === 'fees');
  const balances = () => ({
    ana: around.book.wallets.get(ANA)?.posted,
    held: around.book.wallets.get(ANA)?.held,
    ben: around.book.wallets.get(BEN)?.posted,
    fees: account()?.posted ?? 0n,
  });
  return { ...around, balances };
}

describe('hunts money that fees make or lose', () => {
  const five = [tier('0', '5', 0)];

  test('the sender pays on top, in one entry', () => {
    const { tell, balances } = lane([rule({ tiers: five })]);
    const { entries, newTransactions } = tell(pay(95n));
    expect(entries.map(({ delta }) => delta)).toEqual([-100n, 95n, 5n]);
    expect(newTransactions[0]?.fee).toEqual({ amount: 5n, paidBy: 'sender', scheduleVersion: 1 });
    expect(balances()).toEqual({ ana: 0n, held: 0n, ben: 95n, fees: 5n });
  });

  test('and must have it', () => {
    const { tell, balances } = lane([rule({ tiers: five })]);
    const refused = tell(pay(96n));
    expect(refused.newTransactions[0]?.failureCode).toBe('insufficient-funds');
    expect(outcomeOf(refused)).toMatchObject({ transaction: { fee: { amount: '5' } } });
    expect(balances()).toMatchObject({ ana: 100n, fees: 0n });
  });

  test('the recipient pays out of it, and something must be left', () => {
    const { tell, balances } = lane([rule({ paidBy: 'recipient', tiers: five })]);
    expect(tell(pay(100n)).entries.map(({ delta }) => delta)).toEqual([-100n, 95n, 5n]);
    expect(balances()).toEqual({ ana: 0n, held: 0n, ben: 95n, fees: 5n });
    const small = pay(5n, { id: id(201), from: BEN, to: ANA });
    expect(tell(small).newTransactions[0]?.failureCode).toBe('amount-below-fee');
    expect(tell(pay(6n, { id: id(202), from: BEN, to: ANA })).entries).toHaveLength(3);
  });

  test('a withdrawal holds it, and gives it back when the bank says no', () => {
    const { tell, balances, book } = lane([rule({ type: 'withdrawal', tiers: five })]);
    const order = { do: 'withdraw', wallet: ANA, amount: 60n, currency: 'USD' } as const;
    tell(message({ ...order, id: id(300) }));
    expect(balances()).toMatchObject({ ana: 100n, held: 65n });
    tell(settled(book, { do: 'settle', id: id(300), completed: false }));
    expect(balances()).toMatchObject({ ana: 100n, held: 0n, fees: 0n });
    tell(message({ ...order, id: id(301) }));
    tell(settled(book, { do: 'settle', id: id(301), completed: true }));
    expect(balances()).toMatchObject({ ana: 35n, held: 0n, fees: 5n });
  });

  test('what waits for a person costs what it cost when it was asked for', () => {
    const around = lane([rule({ tiers: five })]);
    around.tell(pay(90n, { risk: 'review' }));
    expect(around.balances()).toMatchObject({ ana: 100n, held: 95n });
    around.setFees([]);
    around.tell(settled(around.book, { do: 'review', id: id(200), verdict: 'approve' }));
    expect(around.balances()).toEqual({ ana: 5n, held: 0n, ben: 90n, fees: 5n });
  });

  test('a capture is paid for by who receives, each for itself', () => {
    const { tell, balances, book } = lane([
      rule({ type: 'capture', paidBy: 'recipient', tiers: five }),
    ]);
    const hold = { do: 'hold', from: ANA, to: BEN, expiresIn: 60, currency: 'USD' } as const;
    tell(message({ ...hold, id: id(400), amount: 50n }));
    const capture = (n: number, part: bigint) =>
      tell(settled(book, { do: 'capture', id: id(n), of: id(400), part, final: false }));
    expect(capture(401, 20n).entries.map(({ delta }) => delta)).toEqual([-20n, 15n, 5n]);
    expect(capture(402, 5n).newTransactions[0]?.failureCode).toBe('amount-below-fee');
    expect(balances()).toEqual({ ana: 80n, held: 30n, ben: 15n, fees: 5n });
  });

  test('a refund gives back the amount, and the platform keeps its fee', () => {
    const { tell, balances, book } = lane([rule({ tiers: five })]);
    tell(pay(50n));
    tell(settled(book, { do: 'reverse', id: id(500), of: id(200), part: 'all' }));
    expect(balances()).toEqual({ ana: 95n, held: 0n, ben: 0n, fees: 5n });
    expect(book.transactions.get(id(500))?.fee).toBeNull();
  });

  test('a bulk is decided with what each of its transfers costs', () => {
    const { tell, balances } = lane([rule({ tiers: five })]);
    const item = (n: number, amount: bigint) =>
      ({ do: 'transfer', id: id(n), from: ANA, to: BEN, amount, currency: 'USD' }) as const;
    const short = tell(
      message({ do: 'bulk', id: id(600), items: [item(601, 50n), item(602, 41n)] }),
    );
    expect(short.newTransactions[0]?.failureCode).toBe('insufficient-funds');
    expect(balances()).toMatchObject({ ana: 100n, fees: 0n });
    tell(message({ do: 'bulk', id: id(603), items: [item(604, 50n), item(605, 40n)] }));
    expect(balances()).toEqual({ ana: 0n, held: 0n, ben: 90n, fees: 10n });
  });

  test('blocked in enforce mode it costs nothing', () => {
    const { tell, balances } = lane([rule({ tiers: five })]);
    const order = pay(10n);
    const blocked = { ...order, data: { ...order.data, risk: riskOf('block') } };
    expect(tell(blocked as typeof order).newTransactions[0]?.failureCode).toBe('risk-blocked');
    expect(balances()).toMatchObject({ ana: 100n, fees: 0n });
  });
});
