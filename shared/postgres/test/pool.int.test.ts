import { setTimeout as delay } from 'node:timers/promises';
import { InvariantError, TerminalError } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import {
  allInTurn,
  createHotPool,
  createPool,
  isTransient,
  sql,
  UnknownCommitError,
  withHotTransaction,
  type Database,
} from '../mod.ts';

let database: Database;

beforeAll(async () => {
  database = await createPool({
    url: inject('postgresUrl'),
    applicationName: 'pool-test',
    lockTimeoutMs: 1_234,
  });
});

afterAll(() => database.end());

const viaSlonik = (select: string): Promise<readonly unknown[]> =>
  database.slonik.any({ ...sql.unsafe`SELECT`, sql: select });

/** The first row of the same statement through both pools. */
async function both(select: string): Promise<unknown[]> {
  return [(await database.hot.query(select)).rows[0], (await viaSlonik(select))[0]];
}

describe('hunts a column that loses its value on the way', () => {
  test.each([
    ['9007199254740993::int8', 9007199254740993n],
    ['7::int4', 7],
    [`ARRAY[9007199254740993, NULL]::int8[]`, [9007199254740993n, null]],
    [`'{}'::int8[]`, []],
    [`'2026-01-02 03:04:05.678+02'::timestamptz`, new Date('2026-01-02T01:04:05.678Z')],
    [`ARRAY['2026-01-02 00:00+00'::timestamptz]`, [new Date('2026-01-02T00:00:00Z')]],
    [`'2026-01-02'::date`, '2026-01-02'],
    [`'{"a": [1, null]}'::jsonb`, { a: [1, null] }],
    [`ARRAY['{"a": 1}']::jsonb[]`, [{ a: 1 }]],
    [`'0197a000-0000-7000-8000-000000000001'::uuid`, '0197a000-0000-7000-8000-000000000001'],
    [
      `ARRAY['0197a000-0000-7000-8000-000000000001']::uuid[]`,
      ['0197a000-0000-7000-8000-000000000001'],
    ],
    [`ARRAY['a "b"', NULL, '{c,d}']::text[]`, ['a "b"', null, '{c,d}']],
    ['true', true],
    ['NULL::int8', null],
  ])('%s', async (expression, value) => {
    expect(await both(`SELECT ${expression} AS value`)).toEqual([{ value }, { value }]);
  });

  test.each(['sum(v)', 'avg(v)', 'ARRAY[1.5]', '1::numeric'])('%s is refused', async (column) => {
    const select = `SELECT ${column} FROM (VALUES (1::int8)) AS t (v)`;
    for (const run of [viaSlonik, (text: string) => database.hot.query(text)]) {
      const fault: unknown = await run(select).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(TerminalError);
      expect(String(fault)).toContain('sum(bigint) is numeric: cast it to int8');
    }
  });

  test('a sum that was cast is exact', async () => {
    const value = 9223372036854775807n;
    const rows = await both(`SELECT sum(v)::int8 AS value FROM (VALUES (${value})) AS t (v)`);
    expect(rows).toEqual([{ value }, { value }]);
  });

  test('bigints go in as they come out', async () => {
    const money = [1n, -9007199254740993n];
    const statement = { name: 'echo', text: 'SELECT $1::int8[] AS money', values: [money] };
    expect((await database.hot.query(statement)).rows).toEqual([{ money }]);
    const one = sql.type(z.object({ one: z.bigint() }))`SELECT ${money[1] ?? 0n}::int8 AS one`;
    expect(await database.slonik.one(one)).toEqual({ one: money[1] });
  });
});

test('hunts a row that is not what its type says, and an error that shows its values', async () => {
  const schema = z.object({ name: z.string().max(3) });
  const query = sql.type(schema)`SELECT ${'secret'} AS name`;
  const fault = await database.slonik.one(query).catch((error: unknown) => error);
  expect(fault).toBeInstanceOf(TerminalError);
  expect(String(fault)).toMatch(/a row breaks its schema \(name: .*\) in: SELECT \$1 AS name/);
  expect(JSON.stringify(fault) + String(fault)).not.toContain('secret');
});

test('hunts a session without its safeguards', async () => {
  const names = [
    'application_name',
    'lock_timeout',
    'statement_timeout',
    'idle_in_transaction_session_timeout',
    'synchronous_commit',
  ];
  const settings = ['pool-test', '1234ms', '10s', '10s', 'on'];
  const columns = names.map((name) => `current_setting('${name}') AS ${name}`).join(', ');
  const expected = Object.fromEntries(names.map((name, i) => [name, settings[i]]));
  expect(await both(`SELECT ${columns}`)).toEqual([expected, expected]);
});

describe('hunts a database transaction that is neither committed nor rolled back', () => {
  const count = async (): Promise<number> =>
    (await database.hot.query<{ n: number }>('SELECT count(*)::int AS n FROM hot')).rows[0]?.n ??
    -1;

  beforeAll(async () => {
    await database.hot.query(`
      CREATE TABLE hot (id int PRIMARY KEY, twin int UNIQUE DEFERRABLE INITIALLY DEFERRED)`);
  });

  afterAll(async () => {
    await database.hot.query('DROP TABLE hot');
  });

  test('work that returns is committed', async () => {
    const result = await withHotTransaction(database.hot, async (client) => {
      await client.query('INSERT INTO hot VALUES (1, 1)');
      return 'done';
    });
    expect([result, await count()]).toEqual(['done', 1]);
  });

  test('work that throws leaves nothing, and the connection is used again', async () => {
    const total = database.hot.totalCount;
    const work = withHotTransaction(database.hot, async (client) => {
      await client.query('INSERT INTO hot VALUES (2, 2)');
      throw new TerminalError('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect([await count(), database.hot.totalCount]).toEqual([1, total]);
  });

  test('a COMMIT that is refused is no unknown commit', async () => {
    const work = withHotTransaction(database.hot, (client) =>
      client.query('INSERT INTO hot VALUES (3, 1)'),
    );
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await count()).toBe(1);
  });

  test('work that hides a failed statement is not taken for committed', async () => {
    const work = withHotTransaction(database.hot, async (client) => {
      await client.query('INSERT INTO hot VALUES (4, 4)');
      await client.query('SELECT 1 / 0').catch(() => {});
    });
    await expect(work).rejects.toThrow(InvariantError);
    expect(await count()).toBe(1);
  });

  test('a connection lost before COMMIT is transient, and not used again', async () => {
    const fault = await withHotTransaction(database.hot, (client) =>
      client.query('SELECT pg_terminate_backend(pg_backend_pid())'),
    ).catch((error: unknown) => error);
    expect(isTransient(fault)).toBe(true);
    expect(fault).not.toBeInstanceOf(UnknownCommitError);
    expect(await count()).toBe(1);
  });

  test('a connection lost while COMMIT runs is an unknown commit', async () => {
    await database.hot.query(`
      CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON hot INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION slow()`);
    const work = withHotTransaction(database.hot, (client) =>
      client.query('INSERT INTO hot VALUES (5, 5)'),
    );
    const fault = work.catch((error: unknown) => error);
    await eventually(async () => {
      const { rowCount } = await database.hot.query(`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE query = 'COMMIT' AND wait_event = 'PgSleep'`);
      return rowCount === 1;
    });
    expect(await fault).toBeInstanceOf(UnknownCommitError);
    expect(isTransient(await fault)).toBe(true);
  });

  test('of statements that travel together the first that failed says what happened', async () => {
    const url = inject('postgresUrl');
    const pipelined = createHotPool({ url, applicationName: 'pool-test', pipeline: true });
    try {
      const work = withHotTransaction(pipelined, async (client) => {
        // Both answers may come at once, and whoever awaits more hears of them later.
        const first = async (): Promise<void> => {
          const [told] = await Promise.allSettled([client.query('SELECT 1 / 0'), delay(50)]);
          if (told.status === 'rejected') throw told.reason;
        };
        await allInTurn([first(), client.query('SELECT 1')]);
      });
      await expect(work).rejects.toMatchObject({ code: '22012' });
    } finally {
      await pipelined.end();
    }
  });
});
