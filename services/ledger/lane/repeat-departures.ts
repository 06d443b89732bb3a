import { backoffMs, pollWork, type Logger, type PolledWork } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import type { TransactionState } from '../domain/book.ts';
import type { Letter } from '../domain/changes.ts';
import { creditLetter } from '../domain/depart.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { findDepartures } from '../sql/departures.ts';
import { findTransactions } from '../sql/find-transactions.ts';
import { transactionFromRow, type TransactionRow, type WalletRow } from '../sql/rows.ts';
import { findWallets } from '../sql/select-wallets.ts';

const LOOK_MS = 1000;
/** An answer takes milliseconds; what took so long was lost, or waits behind much else. */
const ANSWER_MS = 5000;
const REPEAT_MS_MAX = 60_000;
/** So many are looked at, and so many asked again: who is late already must not get much more. */
const LOOKED_AT = 5000;
const AT_ONCE = 500;

/**
 * Asks again for credits that no other shard has answered: whatever was lost between two steps, by
 * whoever was killed, is found by this. While a shard is away it asks less and less often.
 */
export function startRepeatDepartures(options: {
  pool: pg.Pool;
  /** The partitions that are ours at the moment. */
  partitions(): Iterable<number>;
  nowUs: () => number;
  send(letters: readonly Letter[]): void;
  log: Logger;
}): PolledWork {
  const { pool } = options;
  let asked = new Map<string, { tries: number; nextUs: number }>();

  /** Of conversions it is told whose they are: both wallets must be one person's. */
  async function ownersOf(
    states: readonly TransactionState[],
  ): Promise<Map<string, string | null>> {
    const converted = states.filter(({ conversion }) => conversion !== null);
    if (converted.length === 0) return new Map();
    const ids = plainArray(converted.map(({ walletId }) => walletId));
    const { rows } = await pool.query<WalletRow>(findWallets, [ids]);
    return new Map(rows.map((row) => [row.id, row.owner_id]));
  }

  async function doSome(): Promise<boolean> {
    const nowUs = options.nowUs();
    const { rows } = await pool.query<{ id: string }>(findDepartures, [
      plainArray([...options.partitions()]),
      isoFromMicros(nowUs - ANSWER_MS * 1000),
      LOOKED_AT,
    ]);
    const due = rows.filter(({ id }) => (asked.get(id)?.nextUs ?? 0) <= nowUs).slice(0, AT_ONCE);
    // What has been answered meanwhile is forgotten here.
    asked = new Map(rows.flatMap(({ id }) => [[id, asked.get(id)] as const]).filter(isKnown));
    if (due.length === 0) return false;
    for (const { id } of due) {
      const tries = (asked.get(id)?.tries ?? 0) + 1;
      const pauseMs = backoffMs(tries, { baseMs: ANSWER_MS, capMs: REPEAT_MS_MAX });
      asked.set(id, { tries, nextUs: nowUs + pauseMs * 1000 });
    }
    const found = await pool.query<TransactionRow>(findTransactions, [
      plainArray(due.map(({ id }) => id)),
    ]);
    const states = found.rows.map(transactionFromRow);
    const owners = await ownersOf(states);
    options.send(states.map((state) => creditLetter(state, owners.get(state.walletId) ?? null)));
    return false;
  }

  return pollWork({
    name: 'asking other shards again',
    everyMs: LOOK_MS,
    log: options.log,
    doSome,
  });
}

const isKnown = <Value>(entry: readonly [string, Value | undefined]): entry is [string, Value] =>
  entry[1] !== undefined;
