import type { Outcome } from '@florin/contracts';
import { problemsWithModel } from './audit-shard.ts';
import { problemsBetween } from './check-crossings.ts';
import { problemsOfFollowUps } from './check-follow-ups.ts';
import type { MemoryBooks } from './memory-session.ts';
import type { MemoryStream } from './memory-stream.ts';
import type { Row } from './memory-tables.ts';
import type { SimulatedShard, SimulatedShards } from './simulated-shards.ts';
import type { SimulatedTraffic } from './simulated-traffic.ts';

/** What is left of a run when all has come to rest. */
export interface Finished {
  shards: SimulatedShards;
  events: MemoryStream;
  answers: readonly string[];
  /** Wallets and transactions that had ended when somebody asked for them. */
  asked: readonly (readonly [wallet: string, transaction: string])[];
  traffic: Pick<SimulatedTraffic, 'commandOf'>;
}

/** Everything that is wrong: with the books, what was told of them, and what was answered. */
export function problemsOf(run: Finished): string[] {
  const { shards, events, traffic } = run;
  return [
    ...shards.all.flatMap((shard) => [
      ...problemsOfOrder(shard),
      ...(shards.isAnything ? [] : problemsWithModel(shard, shards, traffic)),
      ...problemsOfBooks(shard.books),
      ...problemsOfEvents(shard, events),
    ]),
    ...problemsBetween(shards, events),
    ...problemsOfFollowUps(shards),
    ...problemsOfAnswers(run),
  ];
}

/** Each message of a lane is decided once, after those before it, whoever owns the lane. */
function problemsOfOrder({ commits }: SimulatedShard): string[] {
  const last = new Map<number, { sequence: number; process: string }>();
  const problems: string[] = [];
  for (const { process, items } of commits) {
    for (const { partition, sequence } of items) {
      const before = last.get(partition);
      if (before !== undefined && sequence <= before.sequence) {
        const place = `message ${sequence} of partition ${partition}`;
        problems.push(`${process} decided ${place} after ${before.process} had ${before.sequence}`);
      }
      last.set(partition, { sequence, process });
    }
  }
  return problems;
}

const sum = (rows: readonly Row[], column: string): bigint =>
  rows.reduce((total, row) => total + ((row[column] as bigint | null) ?? 0n), 0n);

/** I1, I2, I5 and I7, from the entries and holds alone. */
function problemsOfBooks({ tables }: MemoryBooks): string[] {
  const problems: string[] = [];
  const entries = Map.groupBy(tables.entries.values(), (row) => row['wallet_id']);
  const holds = Map.groupBy(tables.holds.values(), (row) => row['wallet_id']);
  for (const [id, wallet] of tables.wallets) {
    const own = (entries.get(id) ?? []).toSorted(
      (a, b) => Number(a['sequence']) - Number(b['sequence']),
    );
    let balance = 0n;
    for (const [i, entry] of own.entries()) {
      balance += entry['delta'] as bigint;
      if (entry['sequence'] === BigInt(i + 1) && entry['balance_after'] === balance) continue;
      problems.push(`entry ${i + 1} of wallet ${id} is not what follows`);
    }
    if (wallet['posted'] !== balance) problems.push(`wallet ${id} is not the sum of its entries`);
    const open = holds.get(id) ?? [];
    const held = sum(open, 'amount') - sum(open, 'captured') - sum(open, 'released');
    if (wallet['held'] !== held) problems.push(`wallet ${id} holds other than its holds`);
  }
  const currencies = Map.groupBy(tables.entries.values(), (row) => row['currency']);
  for (const [currency, all] of currencies) {
    if (sum(all, 'delta') !== 0n) problems.push(`${String(currency)} does not sum to zero`);
  }
  for (const { reason } of tables.dead_letters.values()) {
    problems.push(`a message was buried: ${String(reason)}`);
  }
  return problems;
}

interface ToldEvent {
  data: { sequence: number };
}

/** I6: of each partition all events, in order; what comes twice is the same. */
function problemsOfEvents({ books }: SimulatedShard, events: MemoryStream): string[] {
  const problems: string[] = [];
  const told = new Map<number, string[]>();
  for (const { subject, data } of events.messages) {
    const partition = Number(subject.split('.')[1]);
    if (!books.tables.partitions.has(String(partition))) continue;
    const known = told.get(partition) ?? [];
    told.set(partition, known);
    for (const event of JSON.parse(Buffer.from(data).toString()) as ToldEvent[]) {
      const text = JSON.stringify(event);
      const place = event.data.sequence - 1;
      if (place === known.length) known.push(text);
      else if (place > known.length) problems.push(`event ${partition}-${place} overtook another`);
      else if (known[place] !== text) problems.push(`event ${partition}-${place} changed`);
    }
  }
  for (const { partition, event_sequence: last } of books.tables.partitions.values()) {
    const count = told.get(Number(partition))?.length ?? 0;
    if (BigInt(count) === last) continue;
    problems.push(`partition ${String(partition)} told ${count} of ${String(last)} events`);
  }
  return problems;
}

const isOpen = (status: string): boolean => status === 'pending' || status === 'held';

/** I8: what was answered is in the books, and stays; and all who asked were told how it ended. */
function problemsOfAnswers({ shards, answers, asked }: Finished): string[] {
  const outcomes = answers.flatMap((text) => JSON.parse(text) as Outcome[]);
  const statusOf = (wallet: string, id: string): string | undefined => {
    const row = shards.of(wallet).books.tables.transactions.get(id);
    return row?.['wallet_id'] === wallet ? String(row['status']) : undefined;
  };
  const ended = new Set<string>();
  const problems: string[] = [];
  for (const outcome of outcomes) {
    if (outcome.kind !== 'transaction') continue;
    const { id, walletId, status } = outcome.transaction;
    const now = statusOf(walletId, id);
    if (!isOpen(status)) ended.add(`${walletId} ${id}`);
    if (now !== undefined && (isOpen(status) || now === status || now === 'reversed')) continue;
    problems.push(`transaction ${id} was answered as ${status} and is ${now}`);
  }
  for (const [wallet, id] of asked) {
    if (ended.has(`${wallet} ${id}`)) continue;
    problems.push(`who asked for ${id} was not told that it is ${statusOf(wallet, id)}`);
  }
  return problems;
}
