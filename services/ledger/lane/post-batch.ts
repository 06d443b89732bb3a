import { RetryableError } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import type { Asked } from '../domain/asked.ts';
import type { Book } from '../domain/book.ts';
import { noChanges } from '../domain/changes.ts';
import { decide } from '../domain/decide.ts';
import { keysOf } from '../domain/reused-key.ts';
import type { FeeRules } from '../domain/fee.ts';
import { plainArray } from '../adapters/array-literal.ts';
import { lockPartitions } from '../sql/lock-partitions.ts';
import { lockWallets } from '../sql/lock-wallets.ts';
import type { FindElsewhere } from './keys-elsewhere.ts';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import { loadBook } from './load-book.ts';
import type { Posted } from './posted.ts';
import { placeNow, type ShardPlace } from './shard-view.ts';
import { writeChanges } from './write-changes.ts';

/** Somebody else owns these partitions now. Nothing of the batch was written. */
export class FencedError extends Error {
  override name = 'FencedError';
  readonly partitions: number[];
  constructor(partitions: number[]) {
    super(`fenced off partitions ${partitions.join(', ')}`);
    this.partitions = partitions;
  }
}

/** The books have begun or ended to keep a partition since we looked. Nothing was written. */
export class MovedBooksError extends RetryableError {
  override name = 'MovedBooksError';
  constructor() {
    super('the books keep other partitions than we know');
  }
}

interface PostBatchOptions {
  pool: pg.Pool;
  nowUs: () => number;
  /** What payments cost: the same for all of a batch. */
  fees(): FeeRules;
  /** How long a transaction waits for a person before it is declined. */
  reviewForMs: number;
  /** Absent where all books are in one place. */
  shard?: ShardPlace | undefined;
  /** Keys of clients may stand for payments there. */
  findElsewhere?: FindElsewhere | undefined;
}

/**
 * Decides a batch of lane items and writes the decisions, the positions and the event numbers in
 * one database transaction: after any crash either all of it happened or none.
 * @throws FencedError when an epoch is no longer ours
 * @throws MovedBooksError when the books keep other partitions than we knew; we know them then
 */
export function createPostBatch(options: PostBatchOptions) {
  const { pool, nowUs, fees, reviewForMs, findElsewhere } = options;
  return async (claims: readonly LaneClaim[], items: readonly LaneItem[]): Promise<Posted> => {
    const shard = placeNow(options.shard);
    // Before anything is locked: it takes a way to other shards and back.
    const usedElsewhere = await findElsewhere?.(keysIn(items));
    return withHotTransaction(pool, async (client) => {
      const first = (): Promise<void> => fence(client, claims, shard?.booksVersion ?? 0n);
      const terms = { fees: fees(), reviewForUs: reviewForMs * 1000 };
      const reading = { client, walletsQuery: lockWallets, fees: terms.fees, shard, first };
      const book = await loadBook(reading, items);
      if (book.otherShards && usedElsewhere) book.otherShards.usedElsewhere = usedElsewhere;
      const posted = decideAll(book, claims, items, nowUs, terms);
      await writeChanges(client, claims, items, posted);
      return posted;
    }).catch(async (error: unknown) => {
      if (error instanceof MovedBooksError) await shard?.look?.();
      throw error;
    });
  };
}

const keysIn = (items: readonly LaneItem[]): string[] =>
  items.flatMap(({ commands }) => commands.flatMap(({ message }) => keysOf(message)));

function decideAll(
  book: Book,
  claims: readonly LaneClaim[],
  items: readonly LaneItem[],
  nowUs: () => number,
  terms: Pick<Asked, 'fees' | 'reviewForUs'>,
): Posted {
  const changes = noChanges();
  const eventSequences = new Map(claims.map((claim) => [claim.partition, claim.eventSequence]));
  for (const { partition, origin, sequence, commands, deadLetters } of items) {
    changes.deadLetters.push(...deadLetters);
    const nextEvent = () => {
      const next = (eventSequences.get(partition) ?? 0) + 1;
      eventSequences.set(partition, next);
      return next;
    };
    for (const { item, message } of commands) {
      const { traceparent } = message;
      const asked = { partition, origin, traceparent, nowUs: nowUs(), nextEvent, ...terms };
      const problem = decide(book, message, asked, changes);
      if (problem === undefined) continue;
      changes.deadLetters.push({
        partition,
        streamSequence: sequence,
        item,
        reason: problem.undecidable,
        body: Buffer.from(JSON.stringify(message)),
      });
    }
  }
  return { changes, eventSequences };
}

/**
 * Locks our partitions.
 * @throws FencedError when some are not ours any more
 * @throws MovedBooksError when another version of the books decides where wallets are
 */
async function fence(
  client: pg.PoolClient,
  claims: readonly LaneClaim[],
  booksVersion: bigint,
): Promise<void> {
  const { rows } = await client.query<{ partition: number; books_version: bigint }>(
    lockPartitions,
    [
      plainArray(claims.map((claim) => claim.partition)),
      plainArray(claims.map((claim) => claim.epoch)),
      plainArray(claims.map((claim) => claim.eventSequence)),
    ],
  );
  if (rows.some((row) => row.books_version !== booksVersion)) throw new MovedBooksError();
  if (rows.length === claims.length) return;
  const ours = new Set(rows.map((row) => row.partition));
  throw new FencedError(claims.map((claim) => claim.partition).filter((id) => !ours.has(id)));
}
