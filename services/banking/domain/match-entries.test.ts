import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  differenceOf,
  matchEntries,
  paymentOf,
  type BankItem,
  type BookItem,
  type MatchOptions,
} from './match-entries.ts';

/** Hunts a difference that is not seen, seen as another one, or seen where there is none. */

const MINUTE = 60_000;
const bank = (id: string | null, amount: bigint, bookedAtMs = 0, reference = `ref-${id}`) =>
  ({ reference, endToEndId: id, amount, bookedAtMs }) satisfies BankItem;
const book = (endToEndId: string, amount: bigint, bookedAtMs = 0) =>
  ({ entry: `own-${endToEndId}-${amount}`, endToEndId, amount, bookedAtMs }) satisfies BookItem;
const LATE: MatchOptions = {
  settled: new Set(),
  bankUntilMs: 60 * MINUTE,
  booksUntilMs: 60 * MINUTE,
  toleranceMs: 15 * MINUTE,
};
const found = (banks: BankItem[], books: BookItem[], options: Partial<MatchOptions> = {}) => {
  const { matches, breaks } = matchEntries(banks, books, { ...LATE, ...options });
  return {
    matches: matches.map((one) => `${one.bank.reference}=${one.book.entry}`),
    breaks: breaks.map((one) => `${one.kind} ${differenceOf(one)}`),
  };
};

describe('one row for each way in which two books can differ', () => {
  test.each<[string, BankItem[], BookItem[], string[], string[]]>([
    ['the same', [bank('a', 5n)], [book('a', 5n)], ['ref-a=own-a-5'], []],
    ['nothing at all', [], [], [], []],
    ['only there', [bank('a', 5n)], [], [], ['missing-here 5']],
    ['only there, going out', [bank('a', -5n)], [], [], ['missing-here -5']],
    ['only here', [], [book('a', 5n)], [], ['missing-there -5']],
    ['another amount', [bank('a', 7n)], [book('a', 5n)], [], ['different-amount 2']],
    [
      'twice there',
      [bank('a', 5n), bank('a', 5n, 1, 'again')],
      [book('a', 5n)],
      ['ref-a=own-a-5'],
      ['duplicate 5'],
    ],
    [
      'twice there, the first one with another amount: the right one is matched',
      [bank('a', 7n, 0, 'first'), bank('a', 5n, 1, 'second')],
      [book('a', 5n)],
      ['second=own-a-5'],
      ['duplicate 7'],
    ],
    [
      'twice there and never right',
      [bank('a', 7n, 0, 'first'), bank('a', 6n, 1, 'second')],
      [book('a', 5n)],
      [],
      ['different-amount 2', 'duplicate 6'],
    ],
    [
      'without an id nothing is guessed',
      [bank(null, 5n, 0, 'x'), bank(null, 5n, 0, 'y')],
      [book('a', 5n)],
      [],
      ['missing-here 5', 'missing-here 5', 'missing-there -5'],
    ],
    [
      'paid in, and back: two payments of one id',
      [bank('a', 5n), bank('a', -5n, 1, 'back')],
      [book('a', 5n), book('a', -5n, 1)],
      ['ref-a=own-a-5', 'back=own-a--5'],
      [],
    ],
    [
      'the other direction is another payment',
      [bank('a', -5n)],
      [book('a', 5n)],
      [],
      ['missing-here -5', 'missing-there -5'],
    ],
  ])('%s', (_, banks, books, matches, breaks) => {
    expect(found(banks, books)).toEqual({ matches, breaks });
  });

  test('a duplicate of what was matched with an earlier statement', () => {
    const settled = new Set([paymentOf('a', 5n)]);
    expect(found([bank('a', 5n)], [], { settled }).breaks).toEqual(['duplicate 5']);
    expect(found([bank('a', -5n)], [], { settled }).breaks).toEqual(['missing-here -5']);
  });
});

describe('what may still come is waited for, and no longer', () => {
  const MIDNIGHT = 24 * 60 * MINUTE;
  test('booked here before midnight, there after it: no break, and a match the next day', () => {
    const ours = book('a', 5n, MIDNIGHT - 1);
    const bankUntilMs = MIDNIGHT;
    expect(found([], [ours], { bankUntilMs }).breaks).toEqual([]);
    const theirs = bank('a', 5n, MIDNIGHT + MINUTE);
    expect(found([theirs], [ours], { bankUntilMs: 2 * MIDNIGHT }).matches).toHaveLength(1);
    expect(found([], [ours], { bankUntilMs: 2 * MIDNIGHT }).breaks).toEqual(['missing-there -5']);
  });

  test.each([
    ['just within its time', 15 * MINUTE, []],
    ['just beyond it', 15 * MINUTE + 1, ['missing-here 5']],
  ])('booked there, not here: %s', (_, booksUntilMs, breaks) => {
    expect(found([bank('a', 5n)], [], { booksUntilMs }).breaks).toEqual(breaks);
  });

  test('a difference of amounts is one at once', () => {
    const now = { bankUntilMs: 0, booksUntilMs: 0 };
    expect(found([bank('a', 7n)], [book('a', 5n)], now).breaks).toEqual(['different-amount 2']);
  });
});

describe('property: any books, any bank, any order', () => {
  const amount = fc.integer({ min: -3, max: 3 }).filter(Boolean).map(BigInt);
  const key = fc.constantFrom('a', 'b', 'c', 'd');
  const at = fc.nat(40 * MINUTE);
  const banks = fc
    .array(fc.tuple(fc.option(key), amount, at), { maxLength: 12 })
    .map((rows) => rows.map(([id, sum, time], n) => bank(id, sum, time, `r${n}`)));
  const books = fc
    .array(fc.tuple(key, amount, at), { maxLength: 12 })
    .map((rows) => rows.map(([id, sum, time], n) => ({ ...book(id, sum, time), entry: `e${n}` })));

  test('the same answer in any order; every item once; differences add up', () => {
    fc.assert(
      fc.property(banks, books, fc.nat(), (there, here, turn) => {
        const options = { ...LATE, toleranceMs: 0 };
        const first = matchEntries(there, here, options);
        const turned = <T>(items: T[]): T[] => {
          const by = items.length === 0 ? 0 : turn % items.length;
          return [...items.slice(by), ...items.slice(0, by)].toReversed();
        };
        expect(matchEntries(turned(there), turned(here), options)).toEqual(first);
        const parts = [...first.matches, ...first.breaks];
        const told = parts.flatMap((one) => [one.bank?.reference, one.book?.entry]);
        const items = [...there.map((one) => one.reference), ...here.map((one) => one.entry)];
        expect(told.filter((name) => name !== undefined).toSorted()).toEqual(items.toSorted());
        const sum = (all: { amount: bigint }[]) => all.reduce((s, one) => s + one.amount, 0n);
        const differences = first.breaks.reduce((s, one) => s + differenceOf(one), 0n);
        expect(differences).toBe(sum(there) - sum(here));
      }),
    );
  });

  test('what was matched once is left alone by the next run', () => {
    fc.assert(
      fc.property(banks, books, (there, here) => {
        const { matches } = matchEntries(there, here, LATE);
        const settled = new Set(
          matches.map((one) => paymentOf(one.book.endToEndId, one.book.amount)),
        );
        const done = new Set(matches.flatMap((one) => [one.bank.reference, one.book.entry]));
        const again = matchEntries(
          there.filter((one) => !done.has(one.reference)),
          here.filter((one) => !done.has(one.entry)),
          { ...LATE, settled },
        );
        expect(again.matches).toEqual([]);
      }),
    );
  });
});
