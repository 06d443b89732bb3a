import { createHash } from 'node:crypto';
import { uuidFromDigest, type Currency } from '@florin/kernel';
import type pg from 'pg';
import {
  matchEntries,
  paymentOf,
  type BankItem,
  type BookItem,
  type Break,
  type Matching,
} from './domain/match-entries.ts';
import type { LockedAccount } from './sql/bank-accounts.ts';
import {
  freeBankEntries,
  setBankStates,
  settledPayments,
  type FreeBankRow,
} from './sql/bank-entries.ts';
import { freeBookEntries, setBookStates, type BookRow } from './sql/book-entries.ts';
import { findFreeBreaks, matchBreaks, openBreaks } from './sql/statement-breaks.ts';

/** An entry of the books with the row that it came from. */
interface OwnItem extends BookItem {
  readonly row: BookRow;
}
interface TheirItem extends BankItem {
  readonly row: FreeBankRow;
}

export interface Account {
  bank: string;
  currency: Currency;
}

const theirItem = (row: FreeBankRow): TheirItem => ({
  reference: row.reference,
  endToEndId: row.end_to_end_id,
  amount: row.amount,
  bookedAtMs: row.booked_at.getTime(),
  row,
});

const ownItem = (row: BookRow): OwnItem => ({
  entry: `${row.wallet_id} ${row.sequence}`,
  endToEndId: row.end_to_end_id,
  amount: row.amount,
  bookedAtMs: row.booked_at.getTime(),
  row,
});

const rowOf = (book: BookItem | undefined): BookRow | undefined =>
  (book as OwnItem | undefined)?.row;

/** Follows from what differs, so that the same difference is the same case, however often seen. */
export function breakIdOf({ bank, currency }: Account, found: Break): string {
  const sides = [found.kind, found.bank?.reference, found.book?.entry].map((one) => one ?? '');
  const name = ['break', bank, currency, ...sides].join('\n');
  return uuidFromDigest(createHash('sha256').update(name).digest());
}

/** Which payments of the free entries were matched, or worked on, before. */
async function settledOf(
  client: pg.ClientBase,
  { bank, currency }: Account,
  items: readonly TheirItem[],
): Promise<Set<string>> {
  const ids = [...new Set(items.map(({ endToEndId }) => endToEndId))].filter((id) => id !== null);
  if (ids.length === 0) return new Set();
  const { rows } = await client.query<{ end_to_end_id: string; amount: bigint }>(settledPayments, [
    bank,
    currency,
    ids,
  ]);
  return new Set(rows.map((row) => paymentOf(row.end_to_end_id, row.amount)));
}

type BookChange = [book: BookRow, state: 'matched' | 'broken' | 'waiting', breakId: string | null];

async function writeBooks(client: pg.ClientBase, changes: readonly BookChange[]): Promise<void> {
  if (changes.length === 0) return;
  await client.query(setBookStates, [
    changes.map(([row]) => row.wallet_id),
    changes.map(([row]) => row.sequence),
    changes.map(([, state]) => state),
    changes.map(([, , breakId]) => breakId),
  ]);
}

interface BankChange {
  reference: string;
  state: 'matched' | 'broken' | 'waiting';
  book?: BookRow | undefined;
  breakId: string | null;
}

async function writeBank(
  client: pg.ClientBase,
  { bank, currency }: Account,
  changes: readonly BankChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await client.query(setBankStates, [
    bank,
    currency,
    changes.map(({ reference }) => reference),
    changes.map(({ state }) => state),
    changes.map(({ book }) => book?.wallet_id ?? null),
    changes.map(({ book }) => book?.sequence ?? null),
    changes.map(({ breakId }) => breakId),
  ]);
}

async function writeBreaks(
  client: pg.ClientBase,
  account: Account,
  breaks: readonly Break[],
): Promise<void> {
  if (breaks.length === 0) return;
  const rows = breaks.map((one) => ({ ...one, own: rowOf(one.book) }));
  await client.query(openBreaks, [
    account.bank,
    account.currency,
    rows.map((one) => breakIdOf(account, one)),
    rows.map(({ kind }) => kind),
    rows.map(({ bank }) => bank?.reference ?? null),
    rows.map(({ own }) => own?.wallet_id ?? null),
    rows.map(({ own }) => own?.sequence ?? null),
    rows.map(({ own }) => own?.transaction_id ?? null),
    rows.map(({ bank, book }) => bank?.endToEndId ?? book?.endToEndId ?? null),
    rows.map(({ bank }) => bank?.amount ?? null),
    rows.map(({ book }) => book?.amount ?? null),
    rows.map(({ bank, book }) => new Date((bank ?? book)?.bookedAtMs ?? 0)),
  ]);
}

/** What is neither matched nor broken any more waits again. */
function released<Item extends TheirItem | OwnItem>(
  items: readonly Item[],
  touched: ReadonlySet<BankItem | BookItem | undefined>,
): Item[] {
  return items.filter((item) => item.row.break_id !== null && !touched.has(item));
}

async function write(
  client: pg.ClientBase,
  account: Account,
  items: { theirs: readonly TheirItem[]; own: readonly OwnItem[] },
  { matches, breaks }: Matching,
): Promise<void> {
  const sides = [...matches, ...breaks].flatMap(({ bank, book }) => [bank, book]);
  const touched = new Set<BankItem | BookItem | undefined>(sides);
  const broken = breaks.map((one) => ({ ...one, id: breakIdOf(account, one) }));
  await writeBreaks(client, account, breaks);
  await writeBooks(client, [
    ...matches.map(({ book }): BookChange => [(book as OwnItem).row, 'matched', null]),
    ...broken.flatMap(({ book, id }): BookChange[] => {
      const row = rowOf(book);
      return row === undefined ? [] : [[row, 'broken', id]];
    }),
    ...released(items.own, touched).map(({ row }): BookChange => [row, 'waiting', null]),
  ]);
  await writeBank(client, account, [
    ...matches.map(({ bank, book }): BankChange => {
      return { reference: bank.reference, state: 'matched', book: rowOf(book), breakId: null };
    }),
    ...broken.flatMap(({ bank, id }): BankChange[] =>
      bank === undefined ? [] : [{ reference: bank.reference, state: 'broken', breakId: id }],
    ),
    ...released(items.theirs, touched).map(({ reference }): BankChange => {
      return { reference, state: 'waiting', breakId: null };
    }),
  ]);
  const live = await client.query<{ id: string }>(findFreeBreaks, [account.bank, account.currency]);
  const still = new Set(broken.map(({ id }) => id));
  const gone = live.rows.map(({ id }) => id).filter((id) => !still.has(id));
  if (gone.length > 0) await client.query(matchBreaks, [gone]);
}

/**
 * Compares an account with its bank, within the database transaction that holds its lock. What has
 * found its other side is matched, what has none for too long is a break, and a break whose cause
 * is gone ends. Entries of breaks that somebody works on, or has worked, are left alone. Run again
 * over the same entries it changes nothing.
 */
export async function compareAccount(
  client: pg.ClientBase,
  account: Account,
  { statement_until: bankUntil, books_until: booksUntil }: LockedAccount,
  toleranceMs: number,
): Promise<void> {
  const values = [account.bank, account.currency];
  const { rows: bankRows } = await client.query<FreeBankRow>(freeBankEntries, values);
  const { rows: bookRows } = await client.query<BookRow>(freeBookEntries, values);
  const [theirs, own] = [bankRows.map(theirItem), bookRows.map(ownItem)];
  const matching = matchEntries(theirs, own, {
    settled: await settledOf(client, account, theirs),
    bankUntilMs: bankUntil?.getTime() ?? 0,
    booksUntilMs: booksUntil?.getTime() ?? 0,
    toleranceMs,
  });
  await write(client, account, { theirs, own }, matching);
}
