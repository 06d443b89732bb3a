import { plainArray } from '../adapters/array-literal.ts';
import type { ArchivedEntries, ArchivedPart } from './archived-entries.ts';
import { LOWEST_ID, type Cursor } from './cursor.ts';

/** What a page finds in the archive: which transactions, and how far back it has looked. */
export interface FoundArchived {
  /** Parameters of the statement that reads them: wallets, transactions, times. */
  parameters: readonly [string, string, string];
  /** The time down to which all was looked through; null when nothing is before it. */
  reachesUs: number | null;
}

interface Found {
  walletId: string;
  id: string;
  atUs: number;
}

/** Whether a month has moments before a cursor. */
const beginsBefore = ({ startsUs }: ArchivedPart, { atUs, id }: Cursor): boolean =>
  id === LOWEST_ID ? startsUs < atUs : startsUs <= atUs;

const isBefore = (one: Found, { atUs, id }: Cursor): boolean =>
  one.atUs < atUs || (one.atUs === atUs && one.id < id);

const newestFirst = (a: Found, b: Found): number => b.atUs - a.atUs || (a.id < b.id ? 1 : -1);

/**
 * The transactions that some wallets have in the newest archived month before a cursor, each by its
 * last entry; not more than about `most`.
 */
export async function findArchived(
  archived: ArchivedEntries,
  walletIds: readonly string[],
  cursor: Cursor,
  most: number,
): Promise<FoundArchived> {
  const parts = new Map<string, ArchivedPart[]>();
  for (const walletId of walletIds) {
    const own = await archived.partsOf(walletId);
    parts.set(
      walletId,
      own.filter((part) => beginsBefore(part, cursor)),
    );
  }
  const months = [...parts.values()].flat();
  if (months.length === 0) return { parameters: ['{}', '{}', '{}'], reachesUs: null };
  const startsUs = Math.max(...months.map((part) => part.startsUs));
  const found: Found[] = [];
  for (const [walletId, own] of parts) {
    const part = own.find((one) => one.startsUs === startsUs);
    if (part === undefined) continue;
    const entries = await archived.read(walletId, part);
    const last = new Map(entries.map((entry) => [entry.transactionId, entry]));
    for (const [id, { createdAtUs: atUs }] of last) found.push({ walletId, id, atUs });
  }
  const before = found.filter((one) => isBefore(one, cursor)).toSorted(newestFirst);
  const oldest = before.length > most ? before[most - 1] : undefined;
  const reachesUs = oldest?.atUs ?? startsUs;
  const some = before.filter(({ atUs }) => atUs >= reachesUs);
  return {
    parameters: [
      plainArray(some.map(({ walletId }) => walletId)),
      plainArray(some.map(({ id }) => id)),
      plainArray(some.map(({ atUs }) => atUs)),
    ],
    reachesUs,
  };
}
