import type { EventName } from '@florin/contracts';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import type { EntryState, TransactionState } from '../domain/book.ts';
import type { EventState } from '../domain/changes.ts';
import { transactionEvent, transactionText } from '../domain/events.ts';
import {
  entryFromRow,
  transactionFromRow,
  type EntryRow,
  type TransactionRow,
} from '../sql/rows.ts';
import {
  entriesOfTransactions,
  unpublishedStoredEvents,
  unpublishedTransactions,
} from '../sql/unpublished-events.ts';

/** Events of one partition in order, and the final transactions among what they tell. */
export interface RebuiltEvents {
  events: EventState[];
  transactions: TransactionState[];
}

interface StoredEventRow {
  sequence: bigint;
  name: EventName;
  json: string;
  wallet: string;
}

/** Makes the events `after` < sequence ≤ `upTo` again, from the books alone. */
export async function rebuildEvents(
  pool: pg.Pool,
  partition: number,
  after: number,
  upTo: number,
): Promise<RebuiltEvents> {
  const range = [partition, after, upTo];
  const [told, stored] = await Promise.all([
    pool.query<TransactionRow>(unpublishedTransactions, range),
    pool.query<StoredEventRow>(unpublishedStoredEvents, range),
  ]);
  const transactions = told.rows.map(transactionFromRow).map(asFirstTold);
  const entries = await entriesByTransaction(pool, transactions);
  const events = transactions.map((state) =>
    transactionEvent(
      state,
      entries.get(state.id) ?? [],
      state.eventSequence,
      false,
      transactionText(state),
    ),
  );
  for (const { sequence, name, json, wallet } of stored.rows) {
    events.push({
      partition,
      sequence: Number(sequence),
      name,
      wallet,
      json: () => json,
      isStored: true,
    });
  }
  events.sort((a, b) => a.sequence - b.sequence);
  return { events, transactions };
}

/** What was final at once was told before anybody gave anything of it back. */
const asFirstTold = (state: TransactionState): TransactionState =>
  state.reversed === 0n ? state : { ...state, status: 'completed', reversed: 0n };

async function entriesByTransaction(
  pool: pg.Pool,
  transactions: readonly TransactionState[],
): Promise<Map<string, EntryState[]>> {
  const wallets: string[] = [];
  const sequences: number[] = [];
  for (const {
    walletId,
    walletSequence,
    counterpartyWalletId,
    counterpartySequence,
  } of transactions) {
    if (walletSequence !== null) {
      wallets.push(walletId);
      sequences.push(walletSequence);
    }
    if (counterpartyWalletId !== null && counterpartySequence !== null) {
      wallets.push(counterpartyWalletId);
      sequences.push(counterpartySequence);
    }
  }
  const { rows } = await pool.query<EntryRow>(entriesOfTransactions, [
    plainArray(wallets),
    plainArray(sequences),
  ]);
  return Map.groupBy(rows.map(entryFromRow), (entry) => entry.transactionId);
}
