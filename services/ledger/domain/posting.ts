import { assert, type Currency } from '@florin/kernel';
import { beginPeriod } from './allowance.ts';
import {
  availableOf,
  CLEARING_OVERDRAFT,
  type Book,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes } from './changes.ts';
import { costOf, yieldOf } from './fee.ts';
import { systemAccountId, type SystemAccountKind } from './system-accounts.ts';

/**
 * Moves an amount between two wallets: two entries that sum to zero. Every rule about whether it
 * may move was checked by the caller; here only our own mistakes are left.
 */
export function post(
  transaction: TransactionState,
  debited: WalletState,
  credited: WalletState,
  nowUs: number,
  changes: Changes,
): { debit: EntryState; credit: EntryState } {
  const { id, amount, currency } = transaction;
  assert(debited.currency === currency, 'debit in another currency');
  return move(id, amount, debited, credited, nowUs, changes);
}

/** The entries of a payment, and which of them are those of its two sides. */
export interface Posting {
  debit: EntryState;
  credit: EntryState;
  entries: EntryState[];
}

/**
 * Moves what a transaction asked for, and what it costs into the account of fees: who pays the fee
 * has one entry for both. Without a fee it is the two entries of `post`.
 */
export function pay(
  book: Book,
  transaction: TransactionState,
  debited: WalletState,
  credited: WalletState,
  nowUs: number,
  changes: Changes,
): Posting {
  const { id, fee, currency, partition } = transaction;
  if (fee === null) {
    const { debit, credit } = post(transaction, debited, credited, nowUs, changes);
    return { debit, credit, entries: [debit, credit] };
  }
  assert(debited !== credited, 'both sides of a payment are the same wallet');
  assert(debited.currency === currency, 'debit in another currency');
  assert(credited.currency === currency, 'credit in another currency');
  const account = systemAccount(book, 'fees', '', currency, partition, nowUs);
  const debit = addEntry(id, debited, -costOf(transaction), nowUs, changes);
  const credit = addEntry(id, credited, yieldOf(transaction), nowUs, changes);
  const charged = addEntry(id, account, fee.amount, nowUs, changes);
  assert(availableOf(debited) >= -debited.overdraftLimit, 'debit below the wallet’s limit');
  return { debit, credit, entries: [debit, credit, charged] };
}

/** A part of what a transaction moves, in the currency of both wallets. */
export function move(
  transactionId: string,
  amount: bigint,
  debited: WalletState,
  credited: WalletState,
  nowUs: number,
  changes: Changes,
): { debit: EntryState; credit: EntryState } {
  assert(debited !== credited, 'both sides of a posting are the same wallet');
  assert(credited.currency === debited.currency, 'credit in another currency');
  const debit = addEntry(transactionId, debited, -amount, nowUs, changes);
  const credit = addEntry(transactionId, credited, amount, nowUs, changes);
  assert(availableOf(debited) >= -debited.overdraftLimit, 'debit below the wallet’s limit');
  return { debit, credit };
}

function addEntry(
  transactionId: string,
  wallet: WalletState,
  delta: bigint,
  nowUs: number,
  changes: Changes,
): EntryState {
  wallet.posted += delta;
  wallet.sequence += 1;
  touch(wallet, nowUs, changes);
  const entry: EntryState = {
    walletId: wallet.id,
    sequence: wallet.sequence,
    transactionId,
    currency: wallet.currency,
    delta,
    balanceAfter: wallet.posted,
    overdraftLimit: wallet.kind === 'user' && wallet.posted < 0n ? wallet.overdraftLimit : null,
    createdAtUs: wallet.changedAtUs,
  };
  changes.entries.push(entry);
  return entry;
}

/**
 * Marks a wallet as changed. Its time always grows, whatever the clocks of two ledger processes
 * say: the order of its entries is the order of their times, which reads rely on.
 */
export function touch(wallet: WalletState, nowUs: number, changes: Changes): void {
  wallet.version += 1;
  beginPeriod(wallet, nowUs);
  wallet.changedAtUs = Math.max(wallet.changedAtUs + 1, nowUs);
  changes.wallets.add(wallet);
}

/** The clearing account of a bank, in this partition's stripe. */
export const clearingAccount = (
  book: Book,
  bank: string,
  currency: Currency,
  partition: number,
  nowUs: number,
): WalletState => systemAccount(book, 'bank-clearing', bank, currency, partition, nowUs);

const CLEARING = ' clearing';

/** Which bank a clearing account is of, by its name. */
export const bankOfClearing = (name: string): string => name.slice(0, -CLEARING.length);

/** What an account of the platform is called in lists of them. */
const NAMES: Record<SystemAccountKind, (of: string) => string> = {
  'bank-clearing': (bank) => bank + CLEARING,
  fees: () => 'fees',
  'fx-position': () => 'fx position',
  suspense: () => 'suspense',
  transit: (pair) => `transit ${pair}`,
};

/** An account of the platform, in this partition's stripe. Opened when it's first needed. */
export function systemAccount(
  book: Book,
  kind: SystemAccountKind,
  of: string,
  currency: Currency,
  partition: number,
  nowUs: number,
): WalletState {
  const id = systemAccountId(kind, of, currency, partition);
  const known = book.wallets.get(id);
  if (known !== undefined) return known;
  const opened: WalletState = {
    id,
    partition,
    kind,
    ownerId: null,
    name: NAMES[kind](of),
    purpose: null,
    currency,
    status: 'active',
    posted: 0n,
    held: 0n,
    overdraftLimit: CLEARING_OVERDRAFT,
    allowance: null,
    sequence: 0,
    version: 0,
    createdAtUs: nowUs,
    changedAtUs: nowUs,
    isNew: true,
  };
  book.wallets.set(id, opened);
  return opened;
}
