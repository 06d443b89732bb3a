import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBreakingMigrations } from './migration-rules.ts';
import { root } from './run-command.ts';

describe('hunts a migration that the version before can’t live with', () => {
  test('there is none', () => {
    const paths = globSync('services/*/migrations/*.sql', { cwd: root });
    const migrations = paths.map((path) => ({
      path,
      text: readFileSync(join(root, path), 'utf8'),
    }));
    expect(migrations.length).toBeGreaterThan(30);
    expect(findBreakingMigrations(migrations)).toEqual([]);
  });

  test.each([
    ['ALTER TABLE wallets DROP COLUMN name;', 'drops the column name'],
    ['ALTER TABLE wallets RENAME COLUMN name TO title;', 'renames the column name'],
    ['ALTER TABLE wallets ALTER COLUMN name TYPE varchar(10);', 'changes the type of name'],
    ['ALTER TABLE wallets ALTER COLUMN name SET NOT NULL;', 'asks for a value in name'],
    ['ALTER TABLE wallets ADD COLUMN tag text NOT NULL;', 'asks for tag'],
    ['ALTER TABLE wallets RENAME TO accounts;', 'renames the table wallets'],
    ['DROP TABLE wallets;', 'drops the table wallets'],
  ])('%s', (text, found) => {
    expect(findBreakingMigrations([{ path: '900.sql', text }])).toEqual([`900.sql: ${found}`]);
  });

  test.each([
    'ALTER TABLE wallets ADD COLUMN tag text;',
    "ALTER TABLE wallets ADD COLUMN tag text NOT NULL DEFAULT '';",
    'ALTER TABLE wallets ADD COLUMN a text, ADD COLUMN b text NOT NULL DEFAULT 1;',
    'ALTER TABLE e RENAME TO e_before; CREATE TABLE e (id uuid); DROP TABLE e_before;',
    '-- contract: no version since 2.3 reads it\nALTER TABLE wallets DROP COLUMN name;',
    '-- DROP TABLE wallets;\nSELECT 1;',
  ])('lets pass: %s', (text) => {
    expect(findBreakingMigrations([{ path: '900.sql', text }])).toEqual([]);
  });
});
