import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkStatements } from '../adapters/check-statements.ts';

/** Hunts a version that takes lanes from others though the books are not those it was made for. */

let pool: pg.Pool;
beforeAll(async () => {
  const url = await freshDatabase('ledger_statements', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'statements', max: 1 });
});
afterAll(() => pool.end());

test('all that a lane asks of Postgres fits the newest books', async () => {
  await checkStatements(pool);
});

test.each([
  ['ALTER TABLE partitions RENAME COLUMN watched_position TO seen_position', 'read-partition'],
  ['ALTER TABLE dead_letters RENAME TO buried', 'write-dead-letters'],
])('%s', async (change, statement) => {
  await pool.query('BEGIN');
  await pool.query(change);
  await expect(checkStatements(pool)).rejects.toThrow(`not those of this version: ${statement}`);
  await pool.query('ROLLBACK');
});
