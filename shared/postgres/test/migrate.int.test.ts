import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '@florin/kernel';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { createHotPool, ensureDatabase, migrate } from '../mod.ts';

let url: string;
let folder: string;

beforeEach(async () => {
  url = await ensureDatabase(inject('postgresUrl'), `migrate_${randomUUID().replaceAll('-', '')}`);
  folder = await mkdtemp(join(tmpdir(), 'florin-migrations-'));
});

afterEach(() => rm(folder, { recursive: true }));

const write = (name: string, sql: string): Promise<void> => writeFile(join(folder, name), sql);

async function select(text: string): Promise<unknown[]> {
  const pool = createHotPool({ url, applicationName: 'migrate-test', max: 1 });
  try {
    return (await pool.query(text)).rows;
  } finally {
    await pool.end();
  }
}

describe('hunts a database that is half migrated, or migrated by something else', () => {
  test('files are applied once, in order, each with its assertions', async () => {
    await write('002-fill.sql', 'INSERT INTO a VALUES (1);\n-- assert: SELECT count(*) = 1 FROM a');
    await write('001-a.sql', 'CREATE TABLE a (x int);');
    expect(await migrate(url, folder)).toEqual(['001-a.sql', '002-fill.sql']);
    expect(await migrate(url, folder)).toEqual([]);
    await write('003-more.sql', 'INSERT INTO a VALUES (2); INSERT INTO a VALUES (3);');
    expect(await migrate(url, folder)).toEqual(['003-more.sql']);
    expect(await select('SELECT x FROM a ORDER BY x')).toEqual([{ x: 1 }, { x: 2 }, { x: 3 }]);
  });

  test('a changed file stops everything before anything is applied', async () => {
    await write('001-a.sql', 'CREATE TABLE a (x int);');
    await migrate(url, folder);
    await write('001-a.sql', 'CREATE TABLE a (x bigint);');
    await write('002-b.sql', 'CREATE TABLE b (x int);');
    await expect(migrate(url, folder)).rejects.toThrow(/001-a.sql was changed after/);
    expect(await select(`SELECT to_regclass('b') AS b`)).toEqual([{ b: null }]);
  });

  test.each([
    ['false', 'SELECT false'],
    ['no row', 'SELECT true WHERE false'],
    ['null', 'SELECT NULL::boolean'],
    ['a number', 'SELECT 1'],
    ['two rows', 'SELECT true UNION ALL SELECT true'],
  ])('an assertion that answers %s undoes its file, not the ones before', async (_, assertion) => {
    await write('001-a.sql', 'CREATE TABLE a (x int);');
    await write('002-b.sql', `CREATE TABLE b (x int);\n-- assert: ${assertion}`);
    await expect(migrate(url, folder)).rejects.toThrow(
      new TerminalError(`migration 002-b.sql: not true after applying it: ${assertion}`),
    );
    expect(await select('SELECT name FROM migrations')).toEqual([{ name: '001-a.sql' }]);
    expect(await select(`SELECT to_regclass('b') AS b`)).toEqual([{ b: null }]);
  });

  test('a mistake in the SQL is reported with its file and line, and leaves nothing', async () => {
    await write('001-a.sql', 'CREATE TABLE a (x int);\n\nSELECT y FROM a;');
    await expect(migrate(url, folder)).rejects.toThrow(
      'migration 001-a.sql: column "y" does not exist (line 3)',
    );
    expect(await select(`SELECT to_regclass('a') AS a`)).toEqual([{ a: null }]);
  });

  test('of several migrators at once, one applies and the others find nothing to do', async () => {
    await write('001-a.sql', 'CREATE TABLE a (x int); SELECT pg_sleep(0.2);');
    const applied = await Promise.all([1, 2, 3].map(() => migrate(url, folder)));
    expect(applied.flat()).toEqual(['001-a.sql']);
  });
});

describe('hunts a database that cannot be created twice', () => {
  test('several at once get the same one', async () => {
    const name = `ensure_${randomUUID().replaceAll('-', '')}`;
    const urls = await Promise.all(
      [1, 2, 3].map(() => ensureDatabase(inject('postgresUrl'), name)),
    );
    expect(new Set(urls).size).toBe(1);
    url = urls[0] as string;
    expect(await select('SELECT current_database()::text AS name')).toEqual([{ name }]);
  });

  test.each(['Upper', '1digit', 'a"b', ''])('the name %j is refused', async (name) => {
    await expect(ensureDatabase(inject('postgresUrl'), name)).rejects.toThrow(TerminalError);
  });
});
