import { eventFilter, ledgerEventBatch, STREAMS } from '@florin/contracts';
import { jsonOf, readPartition, streamState, type Bus } from '@florin/messaging';
import { eventually } from '@florin/testing';
import type pg from 'pg';
import { brokenBooks } from '../bench/verify-books.ts';
import type { Acknowledged } from './payer.ts';

export interface Reckoning {
  acknowledged: number;
  /** Told as done to a client, and not so in the books. */
  lost: number;
  /** Money moved twice, or moved for an outcome that was told as refused. */
  doubled: number;
  /** Broken invariants of the books. */
  breaks: string[];
  /** Wallets whose balance is not what the acknowledged payments add up to. */
  wrongBalances: number;
  /** Committed outcomes that nobody was told of. */
  untoldEvents: number;
  /** Events of a partition that the stream has not, though it has later ones. */
  eventGaps: number;
  /** Events that came after later ones of their partition. */
  overtakenEvents: number;
}

/** What is found when nothing was lost, doubled or left half done. */
export const flawless = {
  lost: 0,
  doubled: 0,
  breaks: [],
  wrongBalances: 0,
  untoldEvents: 0,
  eventGaps: 0,
  overtakenEvents: 0,
} satisfies Omit<Reckoning, 'acknowledged'>;

/** Compares what clients were told with what the books and the event stream say. */
export async function reckon(
  pool: pg.Pool,
  bus: Bus,
  wallets: readonly string[],
  acknowledged: readonly Acknowledged[],
): Promise<Reckoning> {
  // Withdrawals are acknowledged as held: their banks' last words may be on their way.
  await eventually(
    async () => {
      const { rows } = await pool.query<{ open: number }>(
        "SELECT count(*)::int AS open FROM transactions WHERE status IN ('pending', 'held')",
      );
      return rows[0]?.open === 0;
    },
    { timeoutMs: 120_000, everyMs: 500 },
  );
  const books = await readBooks(pool);
  return {
    acknowledged: acknowledged.length,
    ...compareTold(books, acknowledged),
    breaks: await brokenBooks(bus),
    wrongBalances: await wrongBalances(pool, wallets, acknowledged, books),
    ...(await missingEvents(pool, bus)),
  };
}

/** What the books say of a transaction. */
interface Booked {
  id: string;
  status: string;
  /** Of wallets that are somebody's. */
  entries: number;
}
type Books = ReadonlyMap<string, Booked>;

export async function readBooks(pool: pg.Pool): Promise<Books> {
  const { rows } = await pool.query<Booked>(
    `SELECT t.id, t.status, coalesce(e.entries, 0) AS entries
       FROM transactions t
       LEFT JOIN (SELECT transaction_id, count(*)::int AS entries
                    FROM entries JOIN wallets ON wallets.id = entries.wallet_id
                   WHERE kind = 'user' GROUP BY transaction_id) e ON e.transaction_id = t.id`,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** How much of what was told is not so in the books, or more than once. */
export function compareTold(
  books: Books,
  acknowledged: readonly Acknowledged[],
): Pick<Reckoning, 'lost' | 'doubled'> {
  let lost = 0;
  let doubled = 0;
  for (const one of acknowledged) {
    const row = books.get(one.transactionId);
    if (row === undefined || !agrees(one.status, row.status)) lost += 1;
    else if (row.entries > (one.path === '/v1/transfers' ? 2 : 1)) doubled += 1;
  }
  const keys = new Set(acknowledged.map((one) => one.transactionId));
  doubled += acknowledged.length - keys.size;
  return { lost, doubled };
}

/** A withdrawal that was told as held may have become anything final since. */
const agrees = (told: string, stored: string): boolean =>
  told === stored || (told === 'held' && ['completed', 'failed'].includes(stored));

/** Adds up the acknowledged payments by themselves and compares every wallet. */
async function wrongBalances(
  pool: pg.Pool,
  wallets: readonly string[],
  acknowledged: readonly Acknowledged[],
  books: Books,
): Promise<number> {
  const expected = new Map(wallets.map((wallet) => [wallet, 0n]));
  const add = (wallet: string | undefined, by: bigint) => {
    if (wallet !== undefined) expected.set(wallet, (expected.get(wallet) ?? 0n) + by);
  };
  for (const one of acknowledged) {
    if (books.get(one.transactionId)?.status !== 'completed') continue;
    add(one.walletId, one.path === '/v1/deposits' ? one.amount : -one.amount);
    add(one.counterpartyWalletId, one.amount);
  }
  const { rows } = await pool.query<{ id: string; posted: bigint }>(
    'SELECT id, posted FROM wallets WHERE id = ANY ($1)',
    [wallets],
  );
  return rows.filter((row) => row.posted !== expected.get(row.id)).length;
}

/** Reads the whole event stream and looks for what was committed and never told. */
async function missingEvents(
  pool: pg.Pool,
  bus: Bus,
): Promise<Pick<Reckoning, 'untoldEvents' | 'eventGaps' | 'overtakenEvents'>> {
  await eventually(
    async () => {
      const { rows } = await pool.query<{ untold: number }>(
        `SELECT count(*)::int AS untold FROM partitions
          WHERE published_sequence < event_sequence`,
      );
      return rows[0]?.untold === 0;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  const { lastSequence } = await streamState(bus, STREAMS.events);
  const last = new Map<number, number>();
  const missing = new Set<string>();
  let overtakenEvents = 0;
  let read = 0;
  const reader = readPartition(bus, {
    stream: STREAMS.events,
    filterSubject: eventFilter('*'),
    startAfter: 0,
    onMessage(message) {
      for (const { data } of ledgerEventBatch.parse(jsonOf(message))) {
        const { partition, sequence } = data;
        const before = last.get(partition) ?? 0;
        for (let next = before + 1; next < sequence; next++) missing.add(`${partition}-${next}`);
        if (missing.delete(`${partition}-${sequence}`)) overtakenEvents += 1;
        last.set(partition, Math.max(before, sequence));
      }
      read = message.sequence;
    },
    onDisorder: () => undefined,
  });
  await eventually(() => read >= lastSequence, { timeoutMs: 60_000 });
  await reader.stop();
  const { rows } = await pool.query<{ partition: number; event_sequence: bigint }>(
    'SELECT partition, event_sequence FROM partitions',
  );
  const untoldEvents = rows.reduce(
    (sum, row) => sum + Number(row.event_sequence) - (last.get(row.partition) ?? 0),
    0,
  );
  return { untoldEvents, eventGaps: missing.size, overtakenEvents };
}
