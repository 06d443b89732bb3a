import type { Incoming, Verifier } from '@florin/messaging';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { bookFactsOf } from './domain/book-facts.ts';
import type { Break } from './domain/break.ts';
import { extendChain } from './domain/extend-chain.ts';
import { foldEntries, overdrawn } from './domain/fold-entries.ts';
import { readMessage, type Source, type SourceEvent } from './domain/sources.ts';
import { addToTotals, openBooks, readBooks, repeatedOutcomes, saveBooks } from './sql/books.ts';
import { insertBreaks } from './sql/breaks.ts';
import { appendRecords, headsOf, knownEvents } from './sql/log-records.ts';
import { moveSource } from './sql/sources.ts';

/** What was read of a source, in its order. */
export interface Batch {
  source: Source;
  epoch: bigint;
  streamCreatedAt: string;
  messages: readonly Incoming[];
}

export type Appended = 'appended' | 'fenced';

export interface AppendDeps {
  pool: pg.Pool;
  verify: Verifier;
  /** A message that is no event of whoever may tell them. */
  onRefused(source: Source, message: Incoming, problem: string): void;
  onAppended(source: Source, records: number): void;
}

/** Events, and breaks for messages that hold none: somebody wrote them who may not. */
function readBatch(deps: AppendDeps, { source, messages }: Batch) {
  const events: SourceEvent[] = [];
  const breaks: Break[] = [];
  for (const message of messages) {
    const read = readMessage(deps.verify, source, message);
    if (read.ok) {
      for (const event of read.value) events.push(event);
      continue;
    }
    deps.onRefused(source, message, read.error);
    const place = `${source.stream}:${message.sequence}`;
    const detail = `message ${message.sequence} of ${source.stream}: ${read.error}`;
    breaks.push({ key: `refused:${place}`, invariant: 'every message is of its producer', detail });
  }
  return { events, breaks };
}

/** The chains of a batch grow; what they hold already is skipped. Answers what is new. */
async function append(client: pg.PoolClient, events: readonly SourceEvent[]) {
  const byChain = Map.groupBy(events, ({ chain }) => chain);
  const heads = await headsOf(client, [...byChain.keys()]);
  const known = await knownEvents(client, events);
  const extended = heads.map((head) =>
    extendChain(head, byChain.get(head.chain) ?? [], known.get(head.chain) ?? new Map()),
  );
  const records = extended.flatMap((one) => one.records);
  const grown = extended.filter((one) => one.records.length > 0).map(({ head }) => head);
  await appendRecords(client, records, grown);
  const added = new Set(records.map(({ chain, eventId }) => `${chain} ${eventId}`));
  const isAdded = ({ chain, eventId }: SourceEvent): boolean => added.delete(`${chain} ${eventId}`);
  return {
    added: events.filter(isAdded),
    records: records.length,
    breaks: extended.flatMap((one) => one.breaks),
  };
}

/** What new events say about money is held against what earlier ones said. */
async function checkBooks(client: pg.PoolClient, added: readonly SourceEvent[]): Promise<Break[]> {
  const facts = added.map(({ event }) => bookFactsOf(event));
  const opened = facts.flatMap((one) => one.opened);
  const entries = facts.flatMap((one) => one.entries);
  const outcomes = facts.flatMap(({ outcome }) => outcome?.transactionId ?? []);
  const repeated = await repeatedOutcomes(client, outcomes);
  const wallets = new Set([...opened, ...entries].map(({ walletId }) => walletId));
  const said = [...facts.flatMap((one) => one.breaks), ...repeated];
  if (wallets.size === 0) return said;
  const { books, waiting } = await readBooks(client, [...wallets]);
  const owned = openBooks(books, opened);
  const folded = foldEntries(books, waiting, entries);
  const changed = [...new Set([...owned, ...folded.books])];
  await saveBooks(client, { ...folded, books: changed });
  await addToTotals(client, entries);
  return [...said, ...folded.breaks, ...owned.flatMap(overdrawn)];
}

/**
 * Writes a batch down, checks it, and moves the position of its source: all in one database
 * transaction, so a crash at any point neither loses nor repeats anything.
 * @returns a function that answers `fenced` when somebody else has taken the source over: then
 *   nothing of the batch was written
 */
export function createAppendBatch(deps: AppendDeps) {
  return async (batch: Batch): Promise<Appended> => {
    const { source, epoch, streamCreatedAt, messages } = batch;
    const last = messages.at(-1);
    if (last === undefined) return 'appended';
    const { events, breaks } = readBatch(deps, batch);
    const { sequence: position, time: messageAt, pending } = last;
    const { partition } = source;
    const progress = { partition, epoch, position, streamCreatedAt, messageAt, pending };
    const written = await withHotTransaction(deps.pool, async (client) => {
      if (!(await moveSource(client, progress))) return undefined;
      const appended = await append(client, events);
      const found = await checkBooks(client, appended.added);
      await insertBreaks(client, [...breaks, ...appended.breaks, ...found]);
      return appended.records;
    });
    if (written === undefined) return 'fenced';
    deps.onAppended(source, written);
    return 'appended';
  };
}

export type AppendBatch = ReturnType<typeof createAppendBatch>;
