import { currency, minorText } from '@florin/contracts';
import { present } from '@florin/kernel';
import type pg from 'pg';
import { z } from 'zod';
import { sumTransit, type TransitRow } from '../sql/sum-transit.ts';

/** What one shard is asked by another about money between them. */
export const TRANSIT_REQUEST = {
  subject: 'rpc.ledger.sum-transit',
  request: z.object({}),
  response: z.object({
    /** Another version: partitions have come or gone meanwhile. */
    books: z.string(),
    isMoving: z.boolean(),
    transit: z.array(
      z.object({
        pair: z.string(),
        currency,
        departed: minorText,
        settled: minorText,
        open: minorText,
        arrived: minorText,
      }),
    ),
  }),
} as const;

export const createSumTransit = (pool: pg.Pool) => async () => {
  const { rows } = await pool.query<TransitRow>(sumTransit);
  return present(rows[0], 'sums of a shard');
};
