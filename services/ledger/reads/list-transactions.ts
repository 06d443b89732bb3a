import type { TransactionFilter } from '@florin/contracts';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { toTransaction } from '../domain/views.ts';
import { transactionFromRow, type TransactionRow } from '../sql/rows.ts';
import { furthestOfPartitions, listAllTransactions } from '../sql/select-all-transactions.ts';
import { furthestOfLabel, listLabelled, rarestLabel } from '../sql/select-labelled-transactions.ts';
import { furthestOfWallets, listTransactions, walletsOfOwner } from '../sql/select-transactions.ts';
import { readCursor, writeCursor, type Cursor } from './cursor.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

/** With the place of each item in the list, for whoever merges it with others. */
type PlacedTransactions = ResponseOf<'listTransactions'> & { places?: Cursor[] };

/**
 * Transactions that one page looks through before it ends early. At some 10 µs each this keeps a
 * search without an index of its own below a quarter of a second.
 */
const LOOKED_THROUGH_MAX = 20_000;
/** Up to so many of one label are rather looked up one by one than met among a wallet's own. */
const RARE_MAX = 1_000;
/** Behind everything of one moment: cursors go on with what is older than their time and id. */
const LOWEST_ID = '00000000-0000-1000-8000-000000000000';

type Statement = { name: string; text: string };
type Row = TransactionRow & { at_us: bigint };

/** Where a search looks, and how far it may go. */
interface Way {
  list: Statement;
  /** Parameters behind those that all ways share. */
  more: readonly unknown[];
  /** The time of the last one that may be looked through; null for all there are. */
  furthest(after: string | null): Promise<bigint | null>;
}

/** Whether a search may pass over much before it finds anything: times alone are found at once. */
const passesOver = (filter: TransactionFilter): boolean =>
  Object.keys(filter).some((name) => name !== 'from' && name !== 'to');

/** A part of a text as ILIKE wants it. */
const patternOf = (text: string | undefined): string | null =>
  text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;

const idsOf = (ids: readonly string[] | undefined): string | null =>
  ids === undefined ? null : plainArray(ids);

/** $5 to $15 of every way. */
const filterParameters = (filter: TransactionFilter): unknown[] => [
  filter.status ?? null,
  filter.type ?? null,
  filter.from ?? null,
  filter.to ?? null,
  filter.metadata === undefined ? null : JSON.stringify(filter.metadata),
  filter.currency ?? null,
  filter.minAmount ?? null,
  filter.maxAmount ?? null,
  patternOf(filter.text),
  idsOf(filter.textWalletIds),
  idsOf(filter.counterpartyIds),
];

/** Lists transactions from the books themselves: what was acknowledged is found at once. */
export function createListTransactions(pool: pg.Pool) {
  /** The wallets that are asked for; undefined for all there are. */
  async function walletIdsOf(
    request: RequestOf<'listTransactions'>,
  ): Promise<readonly string[] | undefined> {
    if (request.walletIds !== undefined || request.ownerId === undefined) return request.walletIds;
    const { rows } = await pool.query<{ id: string }>(walletsOfOwner, [request.ownerId]);
    return rows.map((row) => row.id);
  }

  async function furthest(statement: Statement, values: unknown[]): Promise<bigint | null> {
    const { rows } = await pool.query<{ at_us: bigint | null }>(statement, values);
    return rows[0]?.at_us ?? null;
  }

  const throughLabel = (label: bigint): Way => ({
    list: listLabelled,
    more: [label],
    furthest: (after) => furthest(furthestOfLabel, [label, after, LOOKED_THROUGH_MAX]),
  });

  const throughWallets = (walletIds: readonly string[]): Way => ({
    list: listTransactions,
    more: [],
    furthest: (after) =>
      furthest(furthestOfWallets, [
        plainArray(walletIds),
        after,
        Math.ceil(LOOKED_THROUGH_MAX / walletIds.length),
      ]),
  });

  async function throughPartitions(): Promise<Way> {
    const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM partitions');
    const each = Math.ceil(LOOKED_THROUGH_MAX / Math.max(1, rows[0]?.n ?? 1));
    return {
      list: listAllTransactions,
      more: [],
      furthest: (after) => furthest(furthestOfPartitions, [after, each]),
    };
  }

  async function wayOf(
    { metadata }: TransactionFilter,
    walletIds: readonly string[] | undefined,
  ): Promise<Way> {
    if (metadata !== undefined && Object.keys(metadata).length > 0) {
      const { rows } = await pool.query<{ label: bigint; found: number }>(rarestLabel, [
        JSON.stringify(metadata),
        RARE_MAX + 1,
      ]);
      const [rarest] = rows;
      if (rarest !== undefined && (walletIds === undefined || rarest.found <= RARE_MAX)) {
        return throughLabel(rarest.label);
      }
    }
    return walletIds === undefined ? throughPartitions() : throughWallets(walletIds);
  }

  return async (request: RequestOf<'listTransactions'>): Promise<PlacedTransactions> => {
    const cursor = request.cursor === undefined ? undefined : readCursor(request.cursor);
    const walletIds = await walletIdsOf(request);
    if (cursor?.ok === false || walletIds?.length === 0) return { items: [], nextCursor: null };
    const { filter, limit } = request;
    const way = await wayOf(filter, walletIds);
    const after = cursor === undefined ? null : isoFromMicros(cursor.value.atUs);
    const reachesUs = passesOver(filter) ? await way.furthest(after) : null;
    const { rows } = await pool.query<Row>(way.list, [
      idsOf(walletIds),
      after,
      cursor?.value.id ?? null,
      limit + 1,
      ...filterParameters(filter),
      reachesUs === null ? null : isoFromMicros(Number(reachesUs)),
      ...way.more,
    ]);
    return pageOf(rows, limit, reachesUs);
  };
}

function pageOf(rows: readonly Row[], limit: number, reachesUs: bigint | null): PlacedTransactions {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const items = page.map((row) => toTransaction(transactionFromRow(row)));
  let next: Cursor | undefined;
  if (last !== undefined) next = { atUs: Number(last.at_us), id: last.id };
  else if (reachesUs !== null) next = { atUs: Number(reachesUs), id: LOWEST_ID };
  const places = page.map(({ at_us: at, id }) => ({ atUs: Number(at), id }));
  return { items, places, nextCursor: next === undefined ? null : writeCursor(next) };
}
