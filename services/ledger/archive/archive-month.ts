import { mkdir, open, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TerminalError } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import {
  brokenMonth,
  carryBalances,
  carryTransactions,
  closeMonth,
  dropTable,
  isClosed,
  noteArchived,
  obstacles,
  pageOfMonth,
  sealArchived,
  tablesUpTo,
} from '../sql/archive-months.ts';
import {
  contentOfFile,
  digestOfFile,
  writeEntryFile,
  type ArchivedEntry,
  type Content,
} from './entry-file.ts';
import { fileOfMonth, type Month } from './months.ts';

/** Entries in a group of rows: what a reader of one wallet reads, and what is in memory here. */
const GROUP_ENTRIES = 20_000;
/** Postings wait behind whoever waits for a table: not longer than this, then it is tried again. */
const LOCK_MS = 2_000;
const TRIES = 30;
const LOWEST_ID = '00000000-0000-0000-0000-000000000000';
const LOCKED = '55P03';

export interface ArchiveOptions {
  /** As the owner of the books: the ledger's own role makes and drops no table. */
  pool: pg.Pool;
  directory: string;
  month: Month;
}

export interface Archived extends Content {
  file: string;
  bytes: number;
  sha256: string;
}

/** Why a month can't be archived now, a line each; empty when it can. Changes nothing. */
export async function whyNot(pool: pg.Pool, month: Month): Promise<string[]> {
  const { rows } = await pool.query<{ obstacle: string }>(obstacles(month));
  if (rows.length > 0) return rows.map(({ obstacle }) => obstacle);
  const broken = await pool.query<{ detail: string }>(brokenMonth(month));
  return broken.rows.map(({ detail }) => detail);
}

/** The entries of a month, page by page: it is closed, so pages of different moments fit. */
async function* pagesOf(pool: pg.Pool, month: Month): AsyncGenerator<ArchivedEntry[]> {
  let place: [string, bigint] = [LOWEST_ID, 0n];
  for (;;) {
    const values = [...place, GROUP_ENTRIES];
    const { rows } = await pool.query<ArchivedEntry>(pageOfMonth(month), values);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    place = [last.wallet_id, last.sequence];
  }
}

/** In one database transaction, tried again while others use the tables. */
async function whenFree(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<void>,
): Promise<void> {
  for (let left = TRIES; ; left -= 1) {
    try {
      await withHotTransaction(pool, async (client) => {
        await client.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
        await work(client);
      });
      return;
    } catch (error) {
      if (left <= 1 || (error as { code?: string }).code !== LOCKED) throw error;
    }
  }
}

async function close(pool: pg.Pool, month: Month): Promise<void> {
  const { rows } = await pool.query<{ closed: boolean }>(isClosed(month));
  if (rows[0]?.closed === true) return;
  await whenFree(pool, async (client) => {
    await client.query(closeMonth(month));
  });
}

/** The file is there whole or not at all, whatever happens meanwhile. */
async function exportMonth({ pool, directory, month }: ArchiveOptions): Promise<Archived> {
  await mkdir(directory, { recursive: true });
  const file = fileOfMonth(month);
  const path = join(directory, file);
  const written = await writeEntryFile(`${path}.partial`, pagesOf(pool, month));
  await rename(`${path}.partial`, path);
  const folder = await open(directory);
  await folder.sync();
  await folder.close();
  const read = await contentOfFile(path);
  if (read.content !== written.content || read.entries !== written.entries) {
    throw new TerminalError(`${file} does not say what the books say: the month stays where it is`);
  }
  const { size: bytes } = await stat(path);
  return { file, bytes, sha256: await digestOfFile(path), ...written };
}

/** Balances are carried, the file is noted and the month goes: all of it or nothing. */
const detach = (pool: pg.Pool, month: Month, archived: Archived): Promise<void> =>
  whenFree(pool, async (client) => {
    await client.query(carryBalances(month));
    await client.query(carryTransactions(month));
    const { file, bytes, sha256, content, entries } = archived;
    await client.query(noteArchived, [month.first, file, bytes, sha256, content, entries]);
    const { rows } = await client.query<{ part: string }>(tablesUpTo(month));
    for (const { part } of rows) await client.query(dropTable(part));
    await client.query(sealArchived(month));
  });

/**
 * Archives the oldest month that is still in the books: closes it, checks its entries, writes them
 * to a file, reads that back, and only then drops them. Killed at any point it loses nothing, and
 * goes on when it is run again.
 * @throws TerminalError with the reasons when the month can't be archived
 */
export async function archiveMonth(options: ArchiveOptions): Promise<Archived> {
  const { pool, month, directory } = options;
  refuseFor(await whyNot(pool, month));
  await close(pool, month);
  // What came in between the look and the lock is in it as well.
  refuseFor(await whyNot(pool, month));
  const archived = await exportMonth(options);
  const manifest = { month: month.name, ...archived };
  await writeFile(join(directory, `${archived.file}.json`), `${JSON.stringify(manifest)}\n`);
  await detach(pool, month, archived);
  return archived;
}

function refuseFor(reasons: readonly string[]): void {
  if (reasons.length > 0) throw new TerminalError(`not archived: ${reasons.join('; ')}`);
}
