// npm run bench:bulk-storage -- [--lines 1000000]
//
// Where the lines of an uploaded file could lie until they have results: a row for each, pieces of
// a thousand, or files beside the process. Each way stores all lines and then a result for each,
// and is as safe against a crash as the others. docs/adr/0023 quotes what this prints.
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { uuidv7 } from '@florin/kernel';
import { createHotPool } from '@florin/postgres';
import { startScratchPlatform } from '../platform/scratch-platform.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const LINES = Number(values.lines);
const PIECE = 1_000;

const [from, to] = [uuidv7(), uuidv7()];
const lineOf = (n: number): string =>
  JSON.stringify({ fromWalletId: from, toWalletId: to, amount: '1', description: `line ${n}` });
const resultOf = (n: number): string =>
  JSON.stringify({ line: n, status: 'completed', transactionId: uuidv7() });
const batch = (first: number, one: (n: number) => string): string[] =>
  Array.from({ length: PIECE }, (_, index) => one(first + index));

await using platform = await startScratchPlatform({ services: ['identity'] });
const pool = createHotPool({
  url: new URL('/florin_identity', platform.dev().postgresUrl).href,
  applicationName: 'bench',
});

async function timed(name: string, store: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await store();
  const seconds = (performance.now() - startedMs) / 1000;
  console.log(`${name}: ${seconds.toFixed(1)} s, ${Math.round(LINES / seconds)} lines a second`);
  return seconds;
}
async function eachBatch(one: (first: number) => Promise<unknown>): Promise<void> {
  for (let first = 1; first <= LINES; first += PIECE) await one(first);
}
async function sizeOf(table: string): Promise<string> {
  const { rows } = await pool.query<{ mb: number }>(
    `SELECT (pg_total_relation_size('${table}') / 1e6)::float8 AS mb`,
  );
  return `${Math.round(rows[0]?.mb ?? 0)} MB`;
}

await pool.query(
  'CREATE TABLE lines (file_id uuid, line int, content text, result text,' +
    ' PRIMARY KEY (file_id, line)) WITH (fillfactor = 70)',
);
await pool.query(
  'CREATE TABLE pieces (file_id uuid, number int, content text, results text,' +
    ' PRIMARY KEY (file_id, number))',
);
const file = uuidv7();

await timed('a row for each line, stored', () =>
  eachBatch((first) =>
    pool.query({
      name: 'rows',
      text: `INSERT INTO lines (file_id, line, content)
             SELECT $1, $2 + n - 1, text FROM unnest($3::text[]) WITH ORDINALITY AS u (text, n)`,
      values: [file, first, batch(first, lineOf)],
    }),
  ),
);
await timed('a row for each line, results', () =>
  eachBatch((first) =>
    pool.query({
      name: 'row-results',
      text: `UPDATE lines SET result = u.text, content = NULL
               FROM unnest($3::text[]) WITH ORDINALITY AS u (text, n)
              WHERE file_id = $1 AND line = $2 + n - 1`,
      values: [file, first, batch(first, resultOf)],
    }),
  ),
);
console.log(`  ${await sizeOf('lines')}`);

await timed('pieces of a thousand, stored', () =>
  eachBatch((first) =>
    pool.query({
      name: 'pieces',
      text: 'INSERT INTO pieces (file_id, number, content) VALUES ($1, $2, $3)',
      values: [file, first, batch(first, lineOf).join('\n')],
    }),
  ),
);
await timed('pieces of a thousand, results', () =>
  eachBatch((first) =>
    pool.query({
      name: 'piece-results',
      text: 'UPDATE pieces SET results = $3, content = NULL WHERE file_id = $1 AND number = $2',
      values: [file, first, batch(first, resultOf).join('\n')],
    }),
  ),
);
console.log(`  ${await sizeOf('pieces')}`);

const folder = mkdtempSync(join(tmpdir(), 'florin-bench-'));
function append(name: string, one: (n: number) => string): () => Promise<void> {
  return async () => {
    const handle = openSync(join(folder, name), 'a');
    await eachBatch(async (first) => {
      writeSync(handle, `${batch(first, one).join('\n')}\n`);
      fsyncSync(handle);
    });
    closeSync(handle);
  };
}
await timed('a file on disk, stored', append('lines', lineOf));
await timed('a file on disk, results', append('results', resultOf));
const bytes = ['lines', 'results'].map((name) => statSync(join(folder, name)).size);
console.log(`  ${Math.round(bytes.reduce((sum, size) => sum + size, 0) / 1e6)} MB`);
rmSync(folder, { recursive: true });
await pool.end();
