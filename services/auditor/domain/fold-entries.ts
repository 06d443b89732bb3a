import type { Break } from './break.ts';

/** A wallet as its entries say, up to the last one that has all before it. */
export interface WalletBook {
  walletId: string;
  currency: string;
  /** Somebody's, who can't owe anything; else an account of the platform. */
  owned: boolean;
  sequence: number;
  balance: bigint;
  /** The lowest balance it ever had, or how much was left of its overdraft limit then. */
  lowest: bigint;
}

export interface BookEntry {
  walletId: string;
  sequence: number;
  currency: string;
  delta: bigint;
  balanceAfter: bigint;
  /** How far below zero its wallet might go. */
  overdraftLimit?: bigint;
  transactionId: string;
}

export interface Folded {
  books: WalletBook[];
  /** Came before their predecessors, and wait for them from now on. */
  waiting: BookEntry[];
  /** Waited, and were taken now. */
  released: BookEntry[];
  breaks: Break[];
}

const I2 = 'I2 balance after is the balance before plus the entry';
const I3 = 'I3 no wallet below its limit';
const I5 = 'I5 entries of a wallet are gap-free and ordered';

/**
 * Takes one entry that follows the last one of its wallet. A balance that does not follow is
 * reported once and believed from then on: the entries after it are judged by themselves.
 */
function take(book: WalletBook, entry: BookEntry, breaks: Break[]): void {
  const { walletId, sequence, balanceAfter, delta, currency } = entry;
  const at = `wallet ${walletId} entry ${sequence}`;
  if (book.balance + delta !== balanceAfter) {
    const detail = `${at}: ${book.balance} and ${delta} is told to be ${balanceAfter}`;
    breaks.push({ key: `I2:${walletId}:${sequence}`, invariant: I2, detail });
  }
  if (book.currency !== currency) {
    const detail = `${at} is in ${currency}, the wallet in ${book.currency}`;
    breaks.push({ key: `currency:${walletId}:${sequence}`, invariant: I2, detail });
  }
  book.sequence = sequence;
  book.balance = balanceAfter;
}

/** The balance that a person's wallet must never have. */
export function overdrawn({ walletId, owned, lowest }: WalletBook): Break[] {
  if (!owned || lowest >= 0n) return [];
  const detail = `wallet ${walletId} went ${-lowest} below its limit`;
  return [{ key: `I3:${walletId}`, invariant: I3, detail }];
}

const sortEntries = (entries: readonly BookEntry[]): BookEntry[] =>
  entries.toSorted((a, b) => a.sequence - b.sequence);

function foldWallet(
  book: WalletBook,
  arrived: readonly BookEntry[],
  stored: readonly BookEntry[],
): Folded {
  const breaks: Break[] = [];
  const waiting: BookEntry[] = [];
  const released: BookEntry[] = [];
  for (const { balanceAfter, overdraftLimit = 0n } of arrived) {
    const left = balanceAfter + overdraftLimit;
    if (left < book.lowest) book.lowest = left;
  }
  const wasWaiting = new Set(stored);
  const taken = new Set(stored.map(({ sequence }) => sequence));
  const isNew = (entry: BookEntry): boolean => {
    const { walletId, sequence, transactionId } = entry;
    if (sequence > book.sequence && !taken.has(sequence)) return Boolean(taken.add(sequence));
    const detail = `wallet ${walletId} has two entries ${sequence}, one of ${transactionId}`;
    breaks.push({ key: `I5:${walletId}:${sequence}:${transactionId}`, invariant: I5, detail });
    return false;
  };
  for (const entry of sortEntries([...stored, ...arrived.filter(isNew)])) {
    if (entry.sequence === book.sequence + 1) {
      take(book, entry, breaks);
      if (wasWaiting.has(entry)) released.push(entry);
    } else if (!wasWaiting.has(entry)) waiting.push(entry);
  }
  return { books: [book], waiting, released, breaks: [...breaks, ...overdrawn(book)] };
}

const newBook = ({ walletId, currency }: BookEntry): WalletBook => ({
  walletId,
  currency,
  owned: false,
  sequence: 0,
  balance: 0n,
  lowest: 0n,
});

/**
 * Adds entries to wallets in the order of their sequences, whatever order they come in: both sides
 * of a transfer travel in the partition of the payer, so a wallet's entries overtake each other.
 * @param books those of the wallets that are known; changed in place
 * @param stored all entries of these wallets that wait already
 */
export function foldEntries(
  books: ReadonlyMap<string, WalletBook>,
  stored: readonly BookEntry[],
  arrived: readonly BookEntry[],
): Folded {
  const waitingOf = Map.groupBy(stored, ({ walletId }) => walletId);
  const folded: Folded = { books: [], waiting: [], released: [], breaks: [] };
  for (const [walletId, entries] of Map.groupBy(arrived, (entry) => entry.walletId)) {
    const [first] = entries;
    const book = books.get(walletId) ?? (first && newBook(first));
    if (book === undefined) continue;
    const one = foldWallet(book, entries, waitingOf.get(walletId) ?? []);
    folded.books.push(...one.books);
    folded.waiting.push(...one.waiting);
    folded.released.push(...one.released);
    folded.breaks.push(...one.breaks);
  }
  return folded;
}
