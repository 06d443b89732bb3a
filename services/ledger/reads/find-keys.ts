import type pg from 'pg';
import { z } from 'zod';
import { plainArray } from '../adapters/array-literal.ts';
import { findKeys } from '../sql/keys.ts';

/** What one shard is asked by another about keys: which of these ids stand for its payments. */
export const KEYS_REQUEST = {
  subject: 'rpc.ledger.find-keys',
  request: z.object({ ids: z.array(z.uuid()).max(1000) }),
  response: z.object({ ids: z.array(z.uuid()) }),
} as const;

export const createFindKeys =
  (pool: pg.Pool) =>
  async ({ ids }: { ids: readonly string[] }): Promise<{ ids: string[] }> => {
    const { rows } = await pool.query<{ id: string }>(findKeys, [plainArray([...ids])]);
    return { ids: rows.map(({ id }) => id) };
  };
