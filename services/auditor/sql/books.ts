import type pg from 'pg';
import type { Break } from '../domain/break.ts';
import { FINAL_TYPES, type OpenedWallet } from '../domain/book-facts.ts';
import type { BookEntry, Folded, WalletBook } from '../domain/fold-entries.ts';

type BookRow = Omit<WalletBook, 'sequence'> & { sequence: bigint };
type EntryRow = Omit<BookEntry, 'sequence'> & { sequence: bigint };

/** The books of wallets, and all of their entries that wait for others. */
export async function readBooks(client: pg.PoolClient, walletIds: readonly string[]) {
  const values = [walletIds];
  const books = await client.query<BookRow>({
    name: 'wallet-books',
    text: `SELECT wallet_id AS "walletId", currency, owned, sequence, balance, lowest
             FROM wallet_books WHERE wallet_id = ANY($1::uuid[])`,
    values,
  });
  const waiting = await client.query<EntryRow>({
    name: 'waiting-entries',
    text: `SELECT wallet_id AS "walletId", sequence, currency, delta,
                  balance_after AS "balanceAfter", transaction_id AS "transactionId"
             FROM waiting_entries WHERE wallet_id = ANY($1::uuid[])`,
    values,
  });
  const numbered = <Row extends { sequence: bigint }>(row: Row) => ({
    ...row,
    sequence: Number(row.sequence),
  });
  return {
    books: new Map(books.rows.map((row) => [row.walletId, numbered(row)])),
    waiting: waiting.rows.map(numbered),
  };
}

const saveBooksSql = `
  INSERT INTO wallet_books (wallet_id, currency, owned, sequence, balance, lowest)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::bool[], $4::bigint[], $5::bigint[], $6::bigint[])
  ON CONFLICT (wallet_id) DO UPDATE SET
    owned = excluded.owned, sequence = excluded.sequence, balance = excluded.balance,
    lowest = excluded.lowest`;

const saveWaitingSql = `
  INSERT INTO waiting_entries
    (wallet_id, sequence, currency, delta, balance_after, transaction_id)
  SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::uuid[])
  ON CONFLICT DO NOTHING`;

const releaseSql = `
  DELETE FROM waiting_entries w USING unnest($1::uuid[], $2::bigint[]) AS r (wallet_id, sequence)
   WHERE w.wallet_id = r.wallet_id AND w.sequence = r.sequence`;

export async function saveBooks(
  client: pg.PoolClient,
  { books, waiting, released }: Pick<Folded, 'books' | 'waiting' | 'released'>,
): Promise<void> {
  if (books.length > 0) {
    await client.query({
      name: 'save-books',
      text: saveBooksSql,
      values: [
        books.map(({ walletId }) => walletId),
        books.map(({ currency }) => currency),
        books.map(({ owned }) => owned),
        books.map(({ sequence }) => sequence),
        books.map(({ balance }) => balance),
        books.map(({ lowest }) => lowest),
      ],
    });
  }
  if (waiting.length > 0) {
    await client.query({
      name: 'save-waiting',
      text: saveWaitingSql,
      values: [
        waiting.map(({ walletId }) => walletId),
        waiting.map(({ sequence }) => sequence),
        waiting.map(({ currency }) => currency),
        waiting.map(({ delta }) => delta),
        waiting.map(({ balanceAfter }) => balanceAfter),
        waiting.map(({ transactionId }) => transactionId),
      ],
    });
  }
  if (released.length > 0) {
    await client.query({
      name: 'release-waiting',
      text: releaseSql,
      values: [released.map(({ walletId }) => walletId), released.map(({ sequence }) => sequence)],
    });
  }
}

/** Wallets that were opened get a book, and whoever had one is somebody's from now on. */
export const openBooks = (
  books: Map<string, WalletBook>,
  opened: readonly OpenedWallet[],
): WalletBook[] =>
  opened.map(({ walletId, currency }) => {
    const known = books.get(walletId);
    const book = {
      walletId,
      currency,
      sequence: 0,
      balance: 0n,
      lowest: 0n,
      ...known,
      owned: true,
    };
    books.set(walletId, book);
    return book;
  });

/** Adds up all entries of a currency: it must stay 0. */
export async function addToTotals(
  client: pg.PoolClient,
  entries: readonly BookEntry[],
): Promise<void> {
  const totals = new Map<string, { total: bigint; entries: number }>();
  for (const { currency, delta } of entries) {
    const before = totals.get(currency) ?? { total: 0n, entries: 0 };
    totals.set(currency, { total: before.total + delta, entries: before.entries + 1 });
  }
  if (totals.size === 0) return;
  await client.query({
    name: 'add-to-totals',
    text: `
      INSERT INTO currency_totals AS t (currency, total, entries)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[])
      ON CONFLICT (currency) DO UPDATE
        SET total = t.total + excluded.total, entries = t.entries + excluded.entries`,
    values: [
      [...totals.keys()],
      [...totals.values()].map(({ total }) => total),
      [...totals.values()].map((sum) => sum.entries),
    ],
  });
}

/** I4: of these transactions, those that have more than one outcome in the log. */
export async function repeatedOutcomes(
  client: pg.PoolClient,
  transactionIds: readonly string[],
): Promise<Break[]> {
  if (transactionIds.length === 0) return [];
  const { rows } = await client.query<{ id: string; outcomes: number; events: string }>({
    name: 'repeated-outcomes',
    text: `
      SELECT transaction_id AS id, count(*)::int AS outcomes,
             string_agg(event_id, ', ' ORDER BY chain, place) AS events
        FROM records
       WHERE transaction_id = ANY($1::uuid[]) AND type = ANY($2::text[])
       GROUP BY transaction_id HAVING count(*) > 1`,
    values: [transactionIds, FINAL_TYPES],
  });
  return rows.map(({ id, outcomes, events }) => ({
    key: `I4:${id}`,
    invariant: 'I4 one outcome per transaction',
    detail: `transaction ${id} has ${outcomes} outcomes: events ${events}`,
  }));
}
