import { ArchivedError } from '@florin/kernel';
import type pg from 'pg';
import type { Archive } from '../archive/open-archive.ts';
import type { EntryState } from '../domain/book.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { archivedParts, entriesBegin } from '../sql/opening-balances.ts';
import { entryFromRow, type EntryRow } from '../sql/rows.ts';

interface PartRow {
  month: string;
  sequence: bigint;
  balance: bigint;
  file: string;
  sha256: string;
  starts_us: bigint;
}

/** A wallet's entries in an archived month: from the first sequence to the last. */
export interface ArchivedPart {
  month: string;
  file: string;
  sha256: string;
  startsUs: number;
  first: number;
  last: number;
  closing: bigint;
}

/** Where a wallet stood: its last entry then, and the balance after it. */
export interface Place {
  sequence: number;
  balance: bigint;
}

const NOWHERE: Place = { sequence: 0, balance: 0n };

/** Entries that are in the archive, as the tables would have answered. */
export function createArchivedEntries(pool: pg.Pool, archive: Archive) {
  async function partsOf(walletId: string): Promise<ArchivedPart[]> {
    const { rows } = await pool.query<PartRow>(archivedParts, [walletId]);
    return rows.map(({ month, file, sha256, sequence, balance, starts_us: starts }, place) => ({
      month,
      file,
      sha256,
      startsUs: Number(starts),
      first: Number(rows[place - 1]?.sequence ?? 0n) + 1,
      last: Number(sequence),
      closing: balance,
    }));
  }

  /** What a file says of a wallet is held against what the books carried over. */
  async function read(walletId: string, part: ArchivedPart): Promise<EntryState[]> {
    const rows: EntryRow[] = await archive.entriesOf(part, walletId);
    const entries = rows.map(entryFromRow);
    const [first, last] = [entries[0], entries.at(-1)];
    const isWhole =
      entries.length === part.last - part.first + 1 &&
      first?.sequence === part.first &&
      last?.sequence === part.last &&
      last.balanceAfter === part.closing;
    if (isWhole) return entries;
    throw new ArchivedError(`${part.file} does not say what the books carried over from it`);
  }

  async function beginUs(): Promise<number | undefined> {
    const { rows } = await pool.query<{ begin_us: bigint | null }>(entriesBegin);
    const begin = rows[0]?.begin_us;
    return begin === null || begin === undefined ? undefined : Number(begin);
  }

  return {
    beginUs,
    partsOf,
    read,

    /** The last of a wallet's entries that is archived, 0 where none is. */
    async lastOf(walletId: string): Promise<number> {
      return (await partsOf(walletId)).at(-1)?.last ?? 0;
    },

    /** Where a wallet stood at a time in an archived month; undefined for later times. */
    async placeAt(walletId: string, atUs: number): Promise<Place | undefined> {
      const begin = await beginUs();
      if (begin === undefined || atUs >= begin) return undefined;
      const month = isoFromMicros(atUs).slice(0, 7);
      const parts = (await partsOf(walletId)).filter((part) => part.month <= month);
      const last = parts.at(-1);
      if (last === undefined) return NOWHERE;
      const closing = { sequence: last.last, balance: last.closing };
      if (last.month < month) return closing;
      const entry = (await read(walletId, last)).findLast((one) => one.createdAtUs <= atUs);
      if (entry !== undefined) return { sequence: entry.sequence, balance: entry.balanceAfter };
      const before = parts.at(-2);
      return before ? { sequence: before.last, balance: before.closing } : NOWHERE;
    },

    /** A wallet's archived entries from one sequence to another, oldest first. */
    async between(walletId: string, first: number, last: number): Promise<EntryState[]> {
      const parts = await partsOf(walletId);
      const entries: EntryState[] = [];
      for (const part of parts.filter((one) => one.last >= first && one.first <= last)) {
        entries.push(...(await read(walletId, part)));
      }
      return entries.filter(({ sequence }) => sequence >= first && sequence <= last);
    },
  };
}

export type ArchivedEntries = ReturnType<typeof createArchivedEntries>;
