import { expect, test } from 'vitest';
import { parseMigration, pendingMigrations } from './migration-files.ts';

const one = parseMigration('001-one.sql', 'SELECT 1');
const two = parseMigration('002-two.sql', 'SELECT 2');
const three = parseMigration('003-three.sql', 'SELECT 3');

// Hunts a history that is accepted although the folder is not what made it.
test.each([
  ['an empty database takes every file', [one, two], [], ['001-one.sql', '002-two.sql']],
  [
    'only the files after the history are pending',
    [one, two, three],
    [two, one],
    ['003-three.sql'],
  ],
  ['nothing is pending twice', [one, two], [one, two], []],
])('%s', (_, files, applied, pending) => {
  expect(pendingMigrations(files, applied).map(({ name }) => name)).toEqual(pending);
});

test.each([
  ['a changed file', [one], [{ ...one, sha256: 'other' }], /001-one.sql was changed/],
  ['a database newer than the code', [one], [one, two], /no such file/],
  ['a file squeezed in before the last one', [one, two, three], [one, three], /002-two.sql comes/],
])('%s is refused', (_, files, applied, message) => {
  expect(() => pendingMigrations(files, applied)).toThrow(message);
});

// Hunts files that would half apply, and assertions that are never run.
test.each(['1-a.sql', '001_a.sql', '001-A.sql', 'a.sql'])('the name %s is refused', (name) => {
  expect(() => parseMigration(name, '')).toThrow(/must look like/);
});

test.each(['COMMIT;', 'SELECT 1;\n  rollback ;'])('%j inside a file is refused', (sql) => {
  expect(() => parseMigration('001-a.sql', sql)).toThrow(/no COMMIT/);
});

test('every assert line is found, without its semicolon', () => {
  const sql = 'SELECT 1;\n-- assert: SELECT true;\n-- a remark\n-- assert: SELECT 1 = 1\n';
  expect(parseMigration('001-a.sql', sql).assertions).toEqual(['SELECT true', 'SELECT 1 = 1']);
});
