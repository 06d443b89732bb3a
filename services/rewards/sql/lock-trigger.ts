import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/**
 * Lets only one at a time look at what follows from a transaction, until the database transaction
 * ends: its reward and its reversal may be heard of at the same moment, in any order, and each must
 * see what the other did.
 */
export const lockTrigger = (db: Queries, transactionId: string) =>
  db.query(sql.type(z.object({}))`
    SELECT FROM pg_advisory_xact_lock(hashtextextended(${transactionId}, 0))`);
