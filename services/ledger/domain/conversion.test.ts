import { feeRule, type LaneMessage } from '@florin/contracts';
import type { AuditedCommand } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, outcomeOf, twoPeople } from '../test/lane-bench.ts';
import { CLEARING_DEPOSITS_MAX } from './book.ts';

const EUR = id(3);
type Convert = Extract<AuditedCommand, { do: 'convert' }>;

const convert = (more: Partial<Convert> = {}): LaneMessage =>
  message({
    do: 'convert',
    id: id(200),
    from: ANA,
    to: EUR,
    amount: 100n,
    currency: 'USD',
    quote: id(500),
    toCurrency: 'EUR',
    toAmount: 86n,
    expired: false,
    ...more,
  });

function lane() {
  const people = twoPeople();
  people.tell(message({ do: 'open', wallet: EUR, currency: 'EUR' }));
  return people;
}

describe('the first broken rule names the refusal of a conversion', () => {
  const freeze = (wallet: string) => message({ do: 'set-status', wallet, status: 'frozen' });
  const used = convert({ id: id(201), amount: 1n, toAmount: 1n });
  const cases: [string, LaneMessage[], LaneMessage, string | undefined][] = [
    ['all is well', [], convert(), undefined],
    ['one cent too much', [], convert({ amount: 101n }), 'insufficient-funds'],
    ['over', [], convert({ expired: true }), 'quote-expired'],
    ['over comes before too much', [], convert({ expired: true, amount: 101n }), 'quote-expired'],
    ['used', [used], convert(), 'quote-used'],
    ['used comes before over', [used], convert({ expired: true }), 'quote-used'],
    ['refused before', [convert({ id: id(201), amount: 101n })], convert(), undefined],
    ['from a frozen wallet', [freeze(ANA)], convert(), 'wallet-frozen'],
    ['to a frozen wallet', [freeze(EUR)], convert(), 'wallet-frozen'],
    ['frozen comes before used', [used, freeze(EUR)], convert(), 'wallet-frozen'],
    ['to a wallet in the first currency', [], convert({ to: BEN }), 'currency-mismatch'],
    ['to a third currency', [], convert({ toCurrency: 'JPY' }), 'currency-mismatch'],
    ['from another currency', [], convert({ currency: 'JPY' }), 'currency-mismatch'],
    ['to itself', [], convert({ to: ANA }), 'same-wallet'],
    ['to nobody', [], convert({ to: id(77) }), 'not-found'],
    ['blocked', [], convert({ risk: 'block' }), 'risk-blocked'],
  ];
  test.each(cases)('%s', (_, before, told, code) => {
    const bench = lane();
    before.forEach(bench.tell);
    const { newTransactions, entries } = bench.tell(told);
    expect(newTransactions[0]?.failureCode ?? undefined).toBe(code);
    expect(entries).toHaveLength(code === undefined ? 4 : 0);
  });

  test('to somebody else', () => {
    const bench = lane();
    const wallet = bench.book.wallets.get(EUR);
    if (wallet === undefined) throw new Error('no wallet');
    wallet.ownerId = id(901);
    expect(bench.tell(convert()).newTransactions[0]?.failureCode).toBe('owner-mismatch');
  });

  test('positions that would leave the numbers there are', () => {
    const bench = lane();
    bench.tell(convert({ amount: 1n, toAmount: 1n }));
    const position = [...bench.book.wallets.values()].find(
      ({ kind, currency }) => kind === 'fx-position' && currency === 'EUR',
    );
    if (position === undefined) throw new Error('no position');
    position.posted = -CLEARING_DEPOSITS_MAX;
    const next = convert({ id: id(202), quote: id(502), amount: 1n });
    expect(bench.tell(next).newTransactions[0]?.failureCode).toBe('limit-exceeded');
  });
});

test('the same request again is told the first outcome, its quote being over by then', () => {
  const bench = lane();
  const first = bench.tell(convert());
  const again = bench.tell(convert({ expired: true }));
  expect(again.entries).toEqual([]);
  expect(outcomeOf(again)).toMatchObject({ replayed: true });
  expect(outcomeOf(first)).toMatchObject({
    transaction: { conversion: { quoteId: id(500), toCurrency: 'EUR', toAmount: '86' } },
  });
});

describe('hunts a fee of a conversion that is not what the schedule says, or nobody gets', () => {
  const tiers = [
    { from: '0', flat: '3', basisPoints: 0 },
    { from: '50', flat: '0', basisPoints: 1_000 },
  ];
  const conversion = { type: 'conversion', currency: 'USD', paidBy: 'sender', tiers } as const;
  const withFees = () => {
    const bench = lane();
    bench.setFees([conversion]);
    return bench;
  };

  test.each([
    [40n, 3n],
    [60n, 6n],
  ])('of %d: %d, beside what is converted', (amount, fee) => {
    const { entries } = withFees().tell(convert({ amount }));
    expect(entries.map(({ currency, delta }) => `${currency} ${delta}`)).toEqual([
      `USD ${-amount - fee}`,
      `USD ${amount}`,
      `USD ${fee}`,
      'EUR -86',
      'EUR 86',
    ]);
  });

  test('who has the amount and not the fee has too little', () => {
    const { newTransactions } = withFees().tell(convert({ amount: 95n }));
    expect(newTransactions[0]?.failureCode).toBe('insufficient-funds');
  });

  test('it is held with the amount, and stays what it was', () => {
    const bench = withFees();
    bench.tell(convert({ amount: 60n, risk: 'review' }));
    expect(bench.book.wallets.get(ANA)).toMatchObject({ posted: 100n, held: 66n });
    bench.setFees([]);
    const verdict = message({ do: 'review', id: id(200), verdict: 'approve' });
    bench.tell({ ...verdict, data: { ...verdict.data, walletId: ANA } } as LaneMessage);
    expect(bench.book.wallets.get(ANA)).toMatchObject({ posted: 34n, held: 0n });
  });

  test('whoever gets the other currency can’t be asked for it', () => {
    expect(feeRule.safeParse({ ...conversion, paidBy: 'recipient' }).success).toBe(false);
  });
});

test('what is held for a person is converted at the promised rate, however late', () => {
  const bench = lane();
  bench.tell(convert({ risk: 'review' }));
  expect(bench.book.wallets.get(ANA)).toMatchObject({ posted: 100n, held: 100n });
  const verdict = message({ do: 'review', id: id(200), verdict: 'approve' });
  const { entries, problem } = bench.tell({
    ...verdict,
    data: { ...verdict.data, walletId: ANA },
  } as LaneMessage);
  expect(problem).toBeUndefined();
  expect(entries.map(({ currency, delta }) => `${currency} ${delta}`)).toEqual([
    'USD -100',
    'USD 100',
    'EUR -86',
    'EUR 86',
  ]);
  expect(bench.book.wallets.get(ANA)).toMatchObject({ posted: 0n, held: 0n });
  expect(bench.book.wallets.get(EUR)).toMatchObject({ posted: 86n });
});
