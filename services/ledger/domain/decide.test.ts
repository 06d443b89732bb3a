import type { FeeRule, LaneMessage } from '@florin/contracts';
import { createAuditorModel } from '@florin/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ANA,
  BEN,
  bench,
  id,
  mayFollow,
  message,
  outcomeOf,
  pay,
  settled,
  twoPeople,
} from '../test/lane-bench.ts';
import { anyCommands } from '../test/any-command.ts';

describe('the first broken rule names the refusal of a transfer', () => {
  const freeze = (wallet: string) => message({ do: 'set-status', wallet, status: 'frozen' });
  const closed = (wallet: string) => [
    message({ do: 'open', wallet, currency: 'USD' }),
    message({ do: 'set-status', wallet, status: 'closed' }),
  ];
  const EUR = id(3);
  const GONE = id(4);
  const cases: [string, LaneMessage[], LaneMessage, string | undefined][] = [
    ['all is well', [], pay(100n), undefined],
    ['one cent too much', [], pay(101n), 'insufficient-funds'],
    ['to oneself', [], pay(1n, { to: ANA }), 'same-wallet'],
    ['to oneself comes before too much', [], pay(1000n, { to: ANA }), 'same-wallet'],
    ['to nobody', [], pay(1n, { to: id(77) }), 'not-found'],
    ['from a frozen wallet', [freeze(ANA)], pay(1n), 'wallet-frozen'],
    ['to a frozen wallet', [freeze(BEN)], pay(1n), 'wallet-frozen'],
    ['frozen comes before too much', [freeze(ANA)], pay(1000n), 'wallet-frozen'],
    ['to a closed wallet', closed(GONE), pay(1n, { to: GONE }), 'wallet-closed'],
    ['from a closed wallet', closed(GONE), pay(1n, { from: GONE }), 'wallet-closed'],
    ['in another currency', [], pay(1n, { currency: 'EUR' }), 'currency-mismatch'],
    [
      'to another currency',
      [message({ do: 'open', wallet: EUR, currency: 'EUR' })],
      pay(1n, { to: EUR }),
      'currency-mismatch',
    ],
  ];
  test.each(cases)('%s', (_, before, transfer, code) => {
    const lane = twoPeople();
    before.forEach(lane.tell);
    const { newTransactions, entries } = lane.tell(transfer);
    expect(newTransactions[0]?.failureCode ?? undefined).toBe(code);
    expect(newTransactions[0]?.status).toBe(code === undefined ? 'completed' : 'failed');
    expect(entries).toHaveLength(code === undefined ? 2 : 0);
  });
});

describe('numbers that would end are refused before they begin', () => {
  const most = 1_000_000_000_000_000n;
  const deposit = (n: number) =>
    message({ do: 'deposit', id: id(n), wallet: ANA, amount: most, currency: 'USD' });

  test('a wallet that holds almost all there is takes no more', () => {
    const lane = twoPeople();
    const ben = lane.book.wallets.get(BEN);
    if (ben === undefined) throw new Error('Ben has no wallet');
    ben.posted = 1_000_000_000_000_000_000n;
    expect(lane.tell(pay(1n)).newTransactions[0]?.failureCode).toBe('limit-exceeded');
  });

  test('no deposit begins that its bank’s clearing account could not take', () => {
    const lane = twoPeople();
    const clearing = [...lane.book.wallets.values()].find((one) => one.kind === 'bank-clearing');
    if (clearing === undefined) throw new Error('nothing was paid in');
    clearing.posted = -8_000_000_000_000_000_000n + most;
    expect(lane.tell(deposit(500)).newTransactions[0]?.status).toBe('pending');
    clearing.posted -= 1n;
    expect(lane.tell(deposit(501)).newTransactions[0]?.failureCode).toBe('limit-exceeded');
  });
});

describe('an id has one outcome for ever', () => {
  test('the same request again is told the first outcome, though the money is gone', () => {
    const lane = twoPeople();
    lane.tell(pay(100n));
    const again = lane.tell(pay(100n));
    expect(again.entries).toEqual([]);
    expect(outcomeOf(again)).toMatchObject({
      kind: 'transaction',
      replayed: true,
      transaction: { status: 'completed', balances: { posted: '0' } },
    });
  });

  test('a refused id stays refused when the money has come', () => {
    const lane = twoPeople();
    lane.tell(pay(150n));
    lane.tell(message({ do: 'deposit', id: id(101), wallet: ANA, amount: 99n, currency: 'USD' }));
    lane.tell(settled(lane.book, { do: 'settle', id: id(101), completed: true }));
    const again = lane.tell(pay(150n));
    expect(outcomeOf(again)).toMatchObject({
      replayed: true,
      transaction: { status: 'failed', failure: { code: 'insufficient-funds' } },
    });
  });

  test('another request with the same id is refused and changes nothing', () => {
    const lane = twoPeople();
    lane.tell(pay(10n));
    const other = pay(10n);
    const reused = lane.tell({
      ...other,
      data: { ...other.data, bodyHash: 'other'.padEnd(22, '0') },
    } as LaneMessage);
    expect(outcomeOf(reused)).toMatchObject({ kind: 'key-reused' });
    expect(reused.entries).toEqual([]);
  });

  test('a bank’s second word changes nothing', () => {
    const lane = twoPeople();
    const second = lane.tell(settled(lane.book, { do: 'settle', id: id(100), completed: false }));
    expect(second.events).toEqual([]);
    expect(lane.book.wallets.get(ANA)?.posted).toBe(100n);
  });
});

describe('what can never be decided is said to be so', () => {
  test.each([
    ['settlement of an unknown transaction', message({ do: 'settle', id: id(5), completed: true })],
    ['settlement of another wallet', message({ do: 'settle', id: id(100), completed: true })],
    ['unknown wallet', pay(1n, { from: id(66) })],
  ])('%s', (problem, told) => {
    const lane = twoPeople();
    expect(lane.tell(told).problem).toBe(problem);
  });
});

test('withdrawals reserve at once, and release or capture exactly what they reserved', () => {
  const lane = twoPeople();
  const withdraw = (n: number) =>
    lane.tell(message({ do: 'withdraw', id: id(n), wallet: ANA, amount: 60n, currency: 'USD' }));
  expect(withdraw(300).newTransactions[0]?.status).toBe('held');
  expect(withdraw(301).newTransactions[0]?.failureCode).toBe('insufficient-funds');
  lane.tell(settled(lane.book, { do: 'settle', id: id(300), completed: false }));
  expect(lane.book.wallets.get(ANA)).toMatchObject({ posted: 100n, held: 0n });
  expect(withdraw(302).newTransactions[0]?.status).toBe('held');
  lane.tell(settled(lane.book, { do: 'settle', id: id(302), completed: true }));
  expect(lane.book.wallets.get(ANA)).toMatchObject({ posted: 40n, held: 0n });
});

/** Commands until a review is over: a second of the lane passes with each. */
const REVIEWED_FOR = 25;
const SECOND_US = 1_000_000;

/** So many commands until other fees hold, for each wallet and currency that pays any. */
const FEES_LAST = 17;
const rule = (
  type: FeeRule['type'],
  paidBy: FeeRule['paidBy'],
  tiers: FeeRule['tiers'],
): FeeRule => ({
  type,
  currency: 'USD',
  paidBy,
  tiers,
});
const tier = (from: string, flat: string, basisPoints: number) => ({ from, flat, basisPoints });
const FEES: FeeRule[][] = [
  [
    rule('transfer', 'sender', [tier('0', '0', 450), tier('30', '2', 100)]),
    rule('withdrawal', 'sender', [tier('0', '3', 0)]),
    rule('capture', 'recipient', [tier('0', '1', 250)]),
    rule('conversion', 'sender', [tier('0', '1', 0), tier('20', '0', 500)]),
  ],
  [
    { ...rule('transfer', 'recipient', [tier('0', '4', 1000)]), max: '6' },
    { ...rule('deposit', 'recipient', [tier('0', '0', 10)]), min: '2' },
  ],
  [],
];

/** Of what follows from a transaction, and of what it follows from. */
const OUTCOMES = [
  ...['held', 'completed', 'reversed', 'hold-expired', 'risk-blocked'].map((one) => `hold ${one}`),
  ...['completed', 'limit-exceeded', 'hold-already-settled'].map((one) => `capture ${one}`),
  ...['completed', 'hold-already-settled'].map((one) => `release ${one}`),
  ...['completed', 'limit-exceeded'].map((one) => `reversal ${one}`),
  'transfer reversed',
  ...['completed', 'held', 'quote-used', 'quote-expired', 'currency-mismatch', 'risk-blocked'].map(
    (one) => `conversion ${one}`,
  ),
  'transfer amount-below-fee',
  'deposit amount-below-fee',
  'adjustment completed',
];

/** More of it: RUNS=40000 SEED=… npm run test:unit -- services/ledger/domain/decide.test.ts */
const RUNS = Number(process.env['RUNS'] ?? 1000);
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);

test(
  'any commands in any order leave what the auditor says',
  () => {
    const seen = new Set<string>();
    let operations = 0;
    fc.assert(
      fc.property(anyCommands(0, { maxLength: 120 }), (commands) => {
        operations += commands.length;
        const lane = bench(REVIEWED_FOR * SECOND_US, SECOND_US);
        const auditor = createAuditorModel(REVIEWED_FOR);
        for (const [place, command] of commands.entries()) {
          if (place % FEES_LAST === FEES_LAST - 1) {
            const rules = FEES[Math.floor(place / FEES_LAST) % FEES.length] ?? [];
            lane.setFees(rules);
            auditor.setFees(rules);
          }
          const payer =
            'from' in command ? command.from : 'wallet' in command ? command.wallet : '';
          // Orders of unknown wallets never reach a lane: the gateway answers 404.
          if ('amount' in command && !lane.book.wallets.has(payer)) continue;
          if ('of' in command) {
            const of = lane.book.transactions.get(command.of);
            if (of === undefined || !mayFollow(command, of.type, of.status)) continue;
          }
          if (
            command.do === 'expire-hold' &&
            lane.book.transactions.get(command.id)?.type !== 'hold'
          ) {
            continue;
          }
          const payers = 'items' in command ? command.items.map((item) => item.from) : [];
          if (payers.some((one) => !lane.book.wallets.has(one))) continue;
          const isWord = !('amount' in command) && !('wallet' in command) && !('items' in command);
          lane.tell(isWord ? settled(lane.book, command) : message(command));
          auditor.apply(command);
        }
        for (const [wallet, expected] of auditor.wallets) {
          const { posted, held, sequence, status } = lane.book.wallets.get(wallet) ?? {};
          expect({ posted, held, sequence, status }).toEqual({
            posted: expected.posted,
            held: expected.held,
            sequence: expected.entries,
            status: expected.status,
          });
        }
        for (const [transaction, expected] of auditor.transactions) {
          const { status, failureCode, review } = lane.book.transactions.get(transaction) ?? {};
          expect({ status, code: failureCode ?? undefined, review: review?.status }).toEqual({
            code: undefined,
            review: undefined,
            ...expected,
          });
        }
        for (const { type, status, failureCode } of lane.book.transactions.values()) {
          seen.add(`${type} ${failureCode ?? status}`);
        }
        const account = [...lane.book.wallets.values()].find(({ kind }) => kind === 'fees');
        expect(account?.posted ?? 0n).toBe(auditor.fees.get('USD') ?? 0n);
        const sums = new Map<string, bigint>();
        for (const { transactionId, currency, delta } of lane.all.entries) {
          const key = `${transactionId} ${currency}`;
          sums.set(key, (sums.get(key) ?? 0n) + delta);
        }
        expect([...sums.values()].every((sum) => sum === 0n)).toBe(true);
        expect(lane.all.events.map((event) => event.sequence)).toEqual(
          lane.all.events.map((_, place) => place + 1),
        );
      }),
      { numRuns: RUNS, seed: SEED },
    );
    console.log(`${operations} operations, seed ${SEED}`);
    // Else this would have tested nothing.
    for (const outcome of OUTCOMES) expect(seen).toContain(outcome);
  },
  RUNS * 60,
);
