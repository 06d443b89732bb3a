import { LANE_TYPES, type LaneMessage, type WalletLimits } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, bench, id, message, pay, riskOf, settled } from '../test/lane-bench.ts';

const DAY_US = 86_400_000_000;
const LIMITS = { perTransaction: '50', perDay: '100', perMonth: '150' };

const limit = (limits: WalletLimits | null): LaneMessage => ({
  specversion: '1.0',
  id: id(99),
  source: 'test',
  subject: ANA,
  time: '2026-01-01T00:00:00Z',
  dataschema: 'test',
  partitionkey: ANA,
  type: LANE_TYPES.changeWalletLimits,
  data: { walletId: ANA, limits },
});

/** Ana has 1000, of which not all may leave. */
function limited(limits: WalletLimits | null = LIMITS) {
  const lane = bench();
  for (const wallet of [ANA, BEN]) lane.tell(message({ do: 'open', wallet, currency: 'USD' }));
  lane.tell(message({ do: 'deposit', id: id(100), wallet: ANA, amount: 1000n, currency: 'USD' }));
  lane.tell(settled(lane.book, { do: 'settle', id: id(100), completed: true }));
  lane.tell(limit(limits));
  let next = 1000;
  const failureOf = (told: LaneMessage) =>
    lane.tell(told).newTransactions[0]?.failureCode ?? 'none';
  return {
    ...lane,
    pay: (amount: bigint) => failureOf(pay(amount, { id: id(next++) })),
    withdraw(amount: bigint) {
      const known = id(next++);
      const order = { do: 'withdraw', id: known, wallet: ANA, amount, currency: 'USD' } as const;
      return { id: known, failure: failureOf(message(order)) };
    },
  };
}

describe('hunts money that leaves beyond its limit', () => {
  test('at once, in a day, in a month', () => {
    const ana = limited();
    expect(ana.pay(51n)).toBe('limit-exceeded');
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
    ana.pass(DAY_US);
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
    ana.pass(31 * DAY_US);
    expect(ana.pay(50n)).toBe('none');
  });

  test('what is reserved counts, whatever becomes of it later', () => {
    const ana = limited();
    expect(ana.withdraw(50n).failure).toBe('none');
    expect(ana.withdraw(50n).failure).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
  });

  test('a clock that was a day ahead, and is right again, lets nobody begin anew', () => {
    const ana = limited();
    ana.pass(DAY_US);
    expect(ana.pay(50n)).toBe('none');
    ana.pass(-DAY_US);
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
  });

  test('too little money is said first; a higher limit would not help', () => {
    expect(limited().pay(5000n)).toBe('insufficient-funds');
  });

  test('a wallet is limited from the message on that opens it', () => {
    const lane = bench();
    const opening = message({ do: 'open', wallet: ANA, currency: 'USD' });
    lane.tell({ ...opening, data: { ...opening.data, limits: LIMITS } } as LaneMessage);
    expect(lane.book.wallets.get(ANA)?.allowance).toMatchObject({ perTransaction: 50n });
  });
});

describe('hunts limits that keep back what may leave', () => {
  test('what a bank declines, or a person, does not count', () => {
    const ana = limited();
    const { id: declined } = ana.withdraw(50n);
    ana.tell(settled(ana.book, { do: 'settle', id: declined, completed: false }));
    const reviewed = pay(50n, { id: id(1) });
    ana.tell({ ...reviewed, data: { ...reviewed.data, risk: riskOf('review') } } as LaneMessage);
    expect(ana.book.transactions.get(id(1))?.status).toBe('held');
    ana.tell(settled(ana.book, { do: 'review', id: id(1), verdict: 'decline' }));
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
  });

  test('what was declined next month gives nothing back of this one', () => {
    const ana = limited();
    const { id: declined } = ana.withdraw(50n);
    ana.pass(40 * DAY_US);
    expect(ana.pay(50n)).toBe('none');
    ana.tell(settled(ana.book, { do: 'settle', id: declined, completed: false }));
    expect(ana.pay(50n)).toBe('none');
    expect(ana.pay(1n)).toBe('limit-exceeded');
  });

  test('a new limit counts what has left already, and none lets everything out', () => {
    const ana = limited();
    expect(ana.pay(50n)).toBe('none');
    ana.tell(limit({ perTransaction: '500', perDay: '60', perMonth: '600' }));
    expect(ana.pay(11n)).toBe('limit-exceeded');
    expect(ana.pay(10n)).toBe('none');
    ana.tell(limit(null));
    expect(ana.pay(900n)).toBe('none');
  });

  test('what comes in is no concern of theirs', () => {
    const ana = limited();
    const deposit = {
      do: 'deposit',
      id: id(5),
      wallet: ANA,
      amount: 900n,
      currency: 'USD',
    } as const;
    expect(ana.tell(message(deposit)).newTransactions[0]?.status).toBe('pending');
  });
});
