import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withClient } from '@florin/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDatabase } from '../mod.ts';

describe('test files do not see each other’s rows, and see the newest migrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'florin-migrations-'));
  beforeAll(() => writeFileSync(join(folder, '001-notes.sql'), 'CREATE TABLE notes (n int);'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const count = (url: string): Promise<unknown> =>
    withClient(url, async (client) => {
      const { rows } = await client.query('SELECT count(*)::int AS n FROM notes');
      return (rows[0] as { n: unknown }).n;
    });

  test('databases asked for at the same moment are migrated and apart', async () => {
    const ask = (): Promise<string> => freshDatabase('notes', folder);
    const [one, two] = await Promise.all([ask(), ask(), ask()]);
    await withClient(one, (client) => client.query('INSERT INTO notes VALUES (1)'));
    expect(await count(one)).toBe(1);
    expect(await count(two)).toBe(0);
  });

  test('a new migration makes a new template', async () => {
    writeFileSync(join(folder, '002-more.sql'), 'INSERT INTO notes VALUES (1), (2);');
    expect(await count(await freshDatabase('notes', folder))).toBe(2);
  });
});
