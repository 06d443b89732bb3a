import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { jsonArray, textArray } from '../adapters/array-literal.ts';
import { inStoredOrder } from '../domain/stored-order.ts';

let pool: pg.Pool;

beforeAll(async () => {
  const url = await freshDatabase('ledger_arrays', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'arrays', max: 1 });
});

afterAll(() => pool.end());

const text = fc
  .array(
    fc.constantFrom('"', '\\', '\n', '\t', '\\n', '{', '}', ',', ' ', 'NULL', 'ü', '語', 'a', '1'),
  )
  .map((parts) => parts.join(''));

/** Hunts text that Postgres reads otherwise than we wrote it: quotes, backslashes, NULL, braces. */
test('Postgres reads arrays of text and of JSON as they were', async () => {
  const value = fc.option(fc.dictionary(text, fc.oneof(text, fc.double({ noNaN: true }))));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(text)), fc.array(value), async (texts, values) => {
      const { rows } = await pool.query<{ texts: unknown; written: string[] }>(
        'SELECT $1::text[] AS texts, $2::json[]::text[] AS written',
        [textArray(texts), jsonArray(values)],
      );
      expect(rows[0]?.texts).toEqual(texts);
      const expected = values.map((one) => (one === null ? null : JSON.stringify(one)));
      expect(rows[0]?.written).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

/** Without what JSON escapes: V8 13.6 confuses keys of one escaped character when it parses. */
const key = fc
  .array(fc.constantFrom('a', 'B', '1', 'ü', '語', ' ', '-', '{', 'é', '_'))
  .map((parts) => parts.join(''));

/** Hunts events that come out differently when they are told again: jsonb keeps its own order. */
test('metadata is told in the order in which the books keep it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key, text), async (metadata) => {
      const told = JSON.stringify(inStoredOrder(metadata));
      const { rows } = await pool.query<{ kept: unknown }>('SELECT $1::jsonb AS kept', [told]);
      expect(JSON.stringify(rows[0]?.kept)).toBe(told);
      expect(rows[0]?.kept).toEqual(metadata);
    }),
    { numRuns: 300 },
  );
});
