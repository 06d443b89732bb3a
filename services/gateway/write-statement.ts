import type { Entry } from '@florin/contracts';
import { refusal, type Refusal } from './domain/refusal.ts';
import type { Ledger } from './adapters/ledger.ts';

export interface Period {
  /** First moment; since the wallet was opened if left out. */
  from?: string | undefined;
  /** First moment after it; until now if left out. */
  to?: string | undefined;
}

export interface Statement {
  openingBalance: string;
  closingBalance: string;
  /** Oldest first, as statements are read. */
  entries: Entry[];
}

const PAGE = 100;
/** Entries that are looked through for one statement: it is written in memory. */
const ENTRIES_MAX = 20_000;

const tooLong = refusal(
  'validation-failed',
  `more than ${ENTRIES_MAX} entries lie since the start of the period: choose a later one`,
);

/** The balance before an entry: what it left, without what it did. */
const balanceBefore = ({ direction, amount, balanceAfter }: Entry): string => {
  const after = BigInt(balanceAfter);
  return String(direction === 'credit' ? after - BigInt(amount) : after + BigInt(amount));
};

/** Writes the statement of a wallet over a period: every entry, and the balances at both ends. */
export function createWriteStatement({ ledger }: { ledger: Pick<Ledger, 'listEntries'> }) {
  return async (walletId: string, { from, to }: Period): Promise<Statement | Refusal> => {
    const entries: Entry[] = [];
    const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from);
    const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
    let before: Entry | undefined;
    let cursor: string | null = null;
    let seen = 0;
    do {
      const question = { walletId, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
      const page: Awaited<ReturnType<Ledger['listEntries']>> = await ledger.listEntries(question);
      for (const entry of page.items) {
        const atMs = Date.parse(entry.createdAt);
        if (atMs < fromMs) before ??= entry;
        else if (atMs < toMs) entries.push(entry);
      }
      seen += page.items.length;
      cursor = page.nextCursor;
      if (seen >= ENTRIES_MAX && cursor !== null && before === undefined) return tooLong;
    } while (cursor !== null && before === undefined);
    entries.reverse();
    const [first] = entries;
    const opening = before?.balanceAfter ?? (first === undefined ? '0' : balanceBefore(first));
    return {
      openingBalance: opening,
      closingBalance: entries.at(-1)?.balanceAfter ?? opening,
      entries,
    };
  };
}

export type WriteStatement = ReturnType<typeof createWriteStatement>;
