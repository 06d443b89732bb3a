import type { TransactionFilter } from '@florin/contracts';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros, microsFromIso } from '../domain/iso-time.ts';
import { toTransaction } from '../domain/views.ts';
import { transactionFromRow, type TransactionRow } from '../sql/rows.ts';
import { listArchivedTransactions } from '../sql/select-archived-transactions.ts';
import { furthestOfPartitions, listAllTransactions } from '../sql/select-all-transactions.ts';
import { furthestOfLabel, listLabelled, rarestLabel } from '../sql/select-labelled-transactions.ts';
import { furthestOfWallets, listTransactions, walletsOfOwner } from '../sql/select-transactions.ts';
import type { ArchivedEntries } from './archived-entries.ts';
import { LOWEST_ID, readCursor, writeCursor, type Cursor } from './cursor.ts';
import { findArchived } from './find-archived.ts';
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
export function createListTransactions(pool: pg.Pool, archived: ArchivedEntries) {
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

  /** Where entries begin, if some of these wallets' are archived and the search goes by them. */
  async function archivedUntil(
    way: Way,
    walletIds: readonly string[] | undefined,
  ): Promise<number | null> {
    if (way.list !== listTransactions || walletIds === undefined) return null;
    const beginUs = await archived.beginUs();
    if (beginUs === undefined) return null;
    for (const walletId of walletIds) if ((await archived.lastOf(walletId)) > 0) return beginUs;
    return null;
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
    const beginUs = await archivedUntil(way, walletIds);
    const place = cursor?.value;
    const after = place === undefined ? null : isoFromMicros(place.atUs);
    const select = (list: Statement, reachesUs: number | null, more: readonly unknown[]) =>
      pool.query<Row>(list, [
        idsOf(walletIds),
        after,
        place?.id ?? null,
        limit + 1,
        ...filterParameters(filter),
        reachesUs === null ? null : isoFromMicros(reachesUs),
        ...more,
      ]);
    if (beginUs !== null && place !== undefined && place.atUs <= beginUs) {
      const found = await findArchived(archived, walletIds ?? [], place, LOOKED_THROUGH_MAX);
      const { rows } = await select(listArchivedTransactions, found.reachesUs, found.parameters);
      return pageOf(rows, limit, before(filter, found.reachesUs));
    }
    const furthestUs = passesOver(filter) ? await way.furthest(after) : null;
    const reachesUs = later(furthestUs === null ? null : Number(furthestUs), beginUs);
    const { rows } = await select(way.list, reachesUs, way.more);
    return pageOf(rows, limit, before(filter, reachesUs));
  };
}

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b);

/** Where the next page goes on; nowhere when nothing older is asked for. */
const before = ({ from }: TransactionFilter, reachesUs: number | null): number | null =>
  reachesUs !== null && from !== undefined && microsFromIso(from) >= reachesUs ? null : reachesUs;

function pageOf(rows: readonly Row[], limit: number, reachesUs: number | null): PlacedTransactions {
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const items = page.map((row) => toTransaction(transactionFromRow(row)));
  let next: Cursor | undefined;
  if (last !== undefined) next = { atUs: Number(last.at_us), id: last.id };
  else if (reachesUs !== null) next = { atUs: reachesUs, id: LOWEST_ID };
  const places = page.map(({ at_us: at, id }) => ({ atUs: Number(at), id }));
  return { items, places, nextCursor: next === undefined ? null : writeCursor(next) };
}
