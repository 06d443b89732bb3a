import type { BreakKind } from '@florin/contracts';
import type { Minor } from '@florin/kernel';

/** An entry of a bank's statements that was not matched yet. More than 0: money came in there. */
export interface BankItem {
  readonly reference: string;
  readonly endToEndId: string | null;
  readonly amount: Minor;
  readonly bookedAtMs: number;
}

/** An entry of our clearing account that was not matched yet, with the sign that the bank gives. */
export interface BookItem {
  /** Our own name for it: account and sequence. */
  readonly entry: string;
  /** What the bank knows it by. */
  readonly endToEndId: string;
  readonly amount: Minor;
  readonly bookedAtMs: number;
}

export interface Match {
  readonly bank: BankItem;
  readonly book: BookItem;
}

/** A difference that will not go away by itself. */
export interface Break {
  readonly kind: BreakKind;
  readonly bank?: BankItem;
  readonly book?: BookItem;
}

export interface Matching {
  readonly matches: readonly Match[];
  readonly breaks: readonly Break[];
}

export interface MatchOptions {
  /** Payments (see `paymentOf`) that an entry of the bank was matched with before. */
  readonly settled: ReadonlySet<string>;
  /** Up to then the statements, and the books, are known without gaps. */
  readonly bankUntilMs: number;
  readonly booksUntilMs: number;
  /** How much later than the one side the other one may book. */
  readonly toleranceMs: number;
}

/** A payment and its direction: one that was paid in and went back is two. */
export const paymentOf = (endToEndId: string, amount: Minor): string =>
  `${endToEndId} ${amount < 0n ? 'out' : 'in'}`;

const byTime =
  <Item extends { bookedAtMs: number }>(nameOf: (item: Item) => string) =>
  (one: Item, other: Item): number =>
    one.bookedAtMs - other.bookedAtMs || (nameOf(one) < nameOf(other) ? -1 : 1);

/**
 * Compares what a bank and we have booked: by the id that we gave along, the direction and the
 * amount, never by the day, so that what one side books before midnight and the other one after it
 * is no difference. What has no other side yet waits for as long as that may take, counted in the
 * time up to which the other side is known. The same items give the same answer, in any order.
 */
export function matchEntries(
  bankItems: readonly BankItem[],
  bookItems: readonly BookItem[],
  { settled, bankUntilMs, booksUntilMs, toleranceMs }: MatchOptions,
): Matching {
  const matches: Match[] = [];
  const breaks: Break[] = [];
  const seen = new Set(settled);
  const isOverdue = (bookedAtMs: number, otherUntilMs: number): boolean =>
    bookedAtMs + toleranceMs < otherUntilMs;
  const books = Map.groupBy(
    bookItems.toSorted(byTime(({ entry }) => entry)),
    ({ endToEndId, amount }) => paymentOf(endToEndId, amount),
  );
  const take = (payment: string, is: (book: BookItem) => boolean): BookItem | undefined => {
    const waiting = books.get(payment) ?? [];
    const at = waiting.findIndex(is);
    return at < 0 ? undefined : waiting.splice(at, 1)[0];
  };

  const rest: BankItem[] = [];
  for (const bank of bankItems.toSorted(byTime(({ reference }) => reference))) {
    const payment = paymentOf(bank.endToEndId ?? '', bank.amount);
    const book = bank.endToEndId === null ? undefined : take(payment, exactly(bank));
    if (book === undefined) {
      rest.push(bank);
      continue;
    }
    seen.add(payment);
    matches.push({ bank, book });
  }
  // Only now is it known what is left for those whose amount differs.
  for (const bank of rest) {
    const payment = bank.endToEndId === null ? '' : paymentOf(bank.endToEndId, bank.amount);
    const book = payment === '' ? undefined : take(payment, () => true);
    if (book !== undefined) {
      seen.add(payment);
      breaks.push({ kind: 'different-amount', bank, book });
    } else if (payment !== '' && seen.has(payment)) {
      breaks.push({ kind: 'duplicate', bank });
    } else if (isOverdue(bank.bookedAtMs, booksUntilMs)) {
      breaks.push({ kind: 'missing-here', bank });
    }
  }
  for (const book of [...books.values()].flat()) {
    if (isOverdue(book.bookedAtMs, bankUntilMs)) breaks.push({ kind: 'missing-there', book });
  }
  return { matches, breaks };
}

const exactly =
  ({ amount }: BankItem) =>
  (book: BookItem): boolean =>
    book.amount === amount;

/** What the bank has more than we: by so much our account has to change to be the bank's. */
export const differenceOf = ({ bank, book }: Break): Minor =>
  (bank?.amount ?? 0n) - (book?.amount ?? 0n);
