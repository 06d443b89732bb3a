import { partitionOf, type Outcome } from '@florin/contracts';
import { present } from '@florin/kernel';
import { withHotTransaction } from '@florin/postgres';
import type pg from 'pg';
import { answer } from '../domain/answer.ts';
import { noChanges } from '../domain/changes.ts';
import { decide } from '../domain/decide.ts';
import { transactionText } from '../domain/events.ts';
import type { FeeRules } from '../domain/fee.ts';
import { loadBook } from '../lane/load-book.ts';
import { readWallets } from '../sql/lock-wallets.ts';
import { placeNow, type ShardPlace } from '../lane/shard-view.ts';
import type { RequestOf, ResponseOf } from './request-types.ts';

export interface SimulateOptions {
  pool: pg.Pool;
  partitions: number;
  nowUs: () => number;
  fees(): FeeRules;
  reviewForMs: number;
  shard?: ShardPlace | undefined;
}

/** Somebody must have asked, or no outcome would be made; nobody is sent it. */
const ORIGIN = 'simulation';

/**
 * Decides messages on a copy of the books, taken from a snapshot that can't be written to: what
 * would come of them now. What waits in their lanes may change that, as it may for an order.
 */
export function createSimulate(options: SimulateOptions) {
  const { pool, partitions, nowUs, fees, reviewForMs } = options;
  return ({ messages }: RequestOf<'simulate'>): Promise<ResponseOf<'simulate'>> =>
    withHotTransaction(pool, async (client) => {
      await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const told = messages.map((message) => ({
        partition: partitionOf(message.partitionkey, partitions),
        commands: [{ item: 0, message }],
      }));
      const first = async (): Promise<void> => undefined;
      const terms = { fees: fees(), reviewForUs: reviewForMs * 1000 };
      const shard = placeNow(options.shard);
      const reading = { client, walletsQuery: readWallets, fees: terms.fees, shard, first };
      const book = await loadBook(reading, told);
      const changes = noChanges();
      for (const { partition, commands } of told) {
        const asked = {
          partition,
          origin: ORIGIN,
          nowUs: nowUs(),
          nextEvent: () => 0,
          ...terms,
        };
        for (const { message } of commands) decide(book, message, asked, changes);
      }
      // What another shard would have to say is not known here: it is held until then.
      for (const { transactionId } of changes.departures) {
        const held = present(book.transactions.get(transactionId), 'transaction just decided');
        answer(transactionId, transactionText(held), false, ORIGIN, changes);
      }
      return { outcomes: changes.outcomes.map((one) => JSON.parse(one.json()) as Outcome) };
    });
}
