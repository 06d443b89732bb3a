import { randomBytes } from 'node:crypto';
import { createHotPool } from '@florin/postgres';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { prepareDatabases } from './databases.ts';
import { allServices, databaseOf, migrationsOf, ownerOf } from './service-plan.ts';

const services = allServices().filter((name) => migrationsOf(name));
const passwords = Object.fromEntries(
  services
    .flatMap((name) => [databaseOf(name), ownerOf(name)])
    .map((role) => [role, randomBytes(12).toString('base64url')]),
);
let urls: Record<string, string>;

beforeAll(async () => {
  ({ urls } = await prepareDatabases(inject('postgresUrl'), services, passwords));
});

/** As one role in one database. */
const urlOf = (role: string, database: string): string => {
  const url = new URL(inject('postgresUrl'));
  if (role !== 'postgres') {
    url.username = role;
    url.password = passwords[role] ?? '';
  }
  url.pathname = `/${database}`;
  return url.href;
};

/** What Postgres says to a statement: done, or the code of its refusal. */
async function attempt(url: string, statement: string): Promise<string> {
  const pool = createHotPool({ url, applicationName: 'intruder', max: 1 });
  try {
    await pool.query(statement);
    return 'done';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await pool.end();
  }
}

const REFUSED = '42501';
const roles = [...services.flatMap((name) => [databaseOf(name), ownerOf(name)]), 'postgres'];

async function verdicts(statement: string): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const role of roles) said[role] = await attempt(urlOf(role, 'florin_ledger'), statement);
  console.log(statement, said);
  return said;
}

describe('hunts a role that can rewrite the books', () => {
  test.each(['UPDATE entries SET delta = 1', 'DELETE FROM entries', 'TRUNCATE entries'])(
    '%s is refused to every role, by grants or else by the trigger',
    async (statement) => {
      const said = await verdicts(statement);
      expect(new Set(Object.values(said))).toEqual(new Set([REFUSED]));
    },
  );

  test.each([
    'DELETE FROM transactions',
    'UPDATE stored_events SET name = name',
    'DELETE FROM dead_letters',
    'ALTER TABLE entries DISABLE TRIGGER ALL',
    'CREATE TABLE mine (x int)',
    'DROP TABLE wallets',
    "INSERT INTO migrations (name, sha256) VALUES ('999-mine.sql', '')",
    'SET ROLE florin_ledger_owner',
    "COPY entries TO PROGRAM 'cat'",
  ])('the ledger’s own role is refused: %s', async (statement) => {
    expect(await attempt(urls['ledger'] ?? '', statement)).toBe(REFUSED);
  });

  test('it can’t say that it moves a partition: one-sided entries stay refused', async () => {
    const lift = "SET florin.moves_partition = 'yes'";
    const entry =
      "INSERT INTO entries VALUES (gen_random_uuid(), 1, gen_random_uuid(), 'USD', 5, 5, now())";
    expect(await attempt(urls['ledger'] ?? '', `${lift}; ${entry}`)).toBe('23000');
    expect(await attempt(urls['ledger'] ?? '', `${lift}; DELETE FROM entries`)).toBe(REFUSED);
  });

  test('it can do its work', async () => {
    const url = urls['ledger'] ?? '';
    expect(await attempt(url, 'SELECT FROM entries')).toBe('done');
    expect(await attempt(url, 'INSERT INTO entries SELECT * FROM entries')).toBe('done');
    expect(await attempt(url, 'UPDATE wallets SET version = version')).toBe('done');
  });
});

describe('hunts a service that reads what belongs to another one', () => {
  const pairs = services.flatMap((service) =>
    services.filter((other) => other !== service).map((other) => [service, other] as const),
  );
  test.each(pairs)('%s can’t connect to the database of %s', async (service, other) => {
    const role = databaseOf(service);
    expect(await attempt(urlOf(role, databaseOf(other)), 'SELECT 1')).toBe(REFUSED);
    expect(await attempt(urlOf(ownerOf(service), databaseOf(other)), 'SELECT 1')).toBe(REFUSED);
  });
});

test('hunts a start that can’t be repeated, or leaves tables with an earlier owner', async () => {
  const url = urlOf('postgres', 'florin_ledger');
  expect(await attempt(url, 'CREATE TABLE left_over (id serial)')).toBe('done');
  await prepareDatabases(inject('postgresUrl'), ['ledger'], passwords);
  const owner = urlOf(ownerOf('ledger'), 'florin_ledger');
  expect(await attempt(owner, 'DROP TABLE left_over')).toBe('done');
});
