import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics } from '@florin/runtime';
import { clearPostgres, eventually, startPostgres, type PostgresServer } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createHotPool,
  createLeaseKeeper,
  createPool,
  isTransient,
  migrate,
  sql,
  withHotTransaction,
  type Database,
} from '../mod.ts';

let dir: string;
let server: PostgresServer;
let database: Database;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'florin-killed-'));
  server = await startPostgres({ dataDir: join(dir, 'postgres') });
  await migrate(server.url, new URL('partitions', import.meta.url));
  database = await createPool({
    url: server.url,
    applicationName: 'killed',
    max: 3,
    statementTimeoutMs: 1_000,
  });
});

afterAll(async () => {
  await database.end();
  await server.stop();
  await clearPostgres(join(dir, 'postgres'));
  await rm(dir, { recursive: true, force: true });
});

const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );

const sleep = 'SELECT pg_sleep(60)';
const everyWay = (): Promise<unknown>[] => [
  database.hot.query(sleep),
  withHotTransaction(database.hot, (client) => client.query(sleep)),
  database.slonik.any(sql.unsafe`SELECT pg_sleep(60)`),
  database.slonik.transaction((client) => client.query(sql.unsafe`SELECT pg_sleep(60)`)),
];

async function works(): Promise<void> {
  await database.hot.query('SELECT 1');
  await withHotTransaction(database.hot, (client) => client.query('SELECT 1'));
  await database.slonik.any(sql.unsafe`SELECT 1`);
  await database.slonik.transaction((client) => client.query(sql.unsafe`SELECT 1`));
}

const sleeping = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event = 'PgSleep'`;

// Hunts a report without a listener (vitest fails the run for it, as it would end a service) and a
// pool that keeps its dead connections.
test.each([1, 2])('pools survive kill -9 of the server, idle and at work, round %i', async () => {
  await works();
  const watcher = createHotPool({ url: server.url, applicationName: 'watcher', max: 1 });
  const faults = everyWay().map(faultOf);
  await eventually(async () => {
    const { rows } = await watcher.query<{ n: number }>(sleeping);
    expect(rows[0]?.n).toBe(4);
  });
  await server.kill9();
  for (const fault of await Promise.all(faults))
    expect(isTransient(fault), String(fault)).toBe(true);
  for (const fault of await Promise.all(everyWay().map(faultOf))) {
    expect(isTransient(fault), String(fault)).toBe(true);
  }
  await server.restart();
  await eventually(works);
  await watcher.end();
});

// Hunts a query that waits for ever for a server that is there but silent.
test('a server that is stopped, not dead, fails hot queries in time', async () => {
  await works();
  server.pause();
  const faults = await Promise.all([
    faultOf(database.hot.query('SELECT 1')),
    faultOf(withHotTransaction(database.hot, (client) => client.query('SELECT 1'))),
  ]);
  server.resume();
  for (const fault of faults) expect(isTransient(fault), String(fault)).toBe(true);
  await eventually(works);
});

// Hunts a keeper that believes in its lease although it cannot renew it, or never comes back.
test.each(['kill9', 'pause'] as const)('leases end and begin again around a %s', async (how) => {
  const lost: string[] = [];
  const pool = createHotPool({ url: server.url, applicationName: 'keeper', max: 2 });
  const keeper = createLeaseKeeper({
    pool,
    table: 'partitions',
    owner: `keeper-${how}`,
    leaseMs: 1_000,
    pollMs: 100,
    log: createLogger('keeper', 'silent'),
    metrics: createMetrics('keeper'),
    onAcquired: () => {},
    onLost: async (_, why) => void lost.push(why),
  });
  await keeper.start();
  await eventually(() => expect(keeper.owned().size).toBe(16));
  const epoch = keeper.owned().get(0) ?? 0n;
  await server[how]();
  await eventually(() => expect(lost).toEqual(Array(16).fill('expired')));
  expect(keeper.stillMine(0, epoch)).toBe(false);
  if (how === 'kill9') await server.restart();
  else server.resume();
  await eventually(() => expect(keeper.owned().size).toBe(16));
  expect(keeper.owned().get(0)).toBeGreaterThan(epoch);
  await keeper.stop();
  await pool.end();
});
