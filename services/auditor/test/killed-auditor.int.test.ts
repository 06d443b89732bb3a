import { randomBytes } from 'node:crypto';
import { AUDIT_REQUESTS, EVENT_TYPES, partitionToken } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, createPublisher, createSigner, provision, request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually, freshDatabase, freshNats } from '@florin/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAuditorProcess, type AuditorProcess } from './auditor-process.ts';
import { createBooks, keys } from './log-surroundings.ts';

/**
 * Hunts records that are lost or doubled: the auditor is killed with SIGKILL again and again while
 * it writes down what a stream holds, and goes on where its database says.
 */

const PARTITIONS = 8;
const ROUNDS = 400;
const KILLS = 6;
const WAIT = { timeoutMs: 120_000 };

const stack = new AsyncDisposableStack();
let settings: Record<string, string>;
let bus: Awaited<ReturnType<typeof connect>>;
let pool: ReturnType<typeof createHotPool>;
let events = 0;

beforeAll(async () => {
  const nats = stack.use(await freshNats());
  const url = await freshDatabase('auditor_killed', new URL('../migrations', import.meta.url));
  pool = stack.adopt(createHotPool({ url, applicationName: 'test' }), (made) => made.end());
  bus = stack.use(
    await connect({ url: nats.url, name: 'test', log: createLogger('test', 'silent') }),
  );
  await provision(bus);
  settings = {
    NATS_URL: nats.url,
    POSTGRES_URL: url,
    SIGNING_KEYS: JSON.stringify(keys),
    AUDIT_KEY: randomBytes(32).toString('base64url'),
    LEASE: '500ms',
    ROOT_INTERVAL: '200ms',
    LOG_LEVEL: 'info',
  };
  const signer = createSigner({ kid: 'l1', key: keys.ledger.l1 });
  const publisher = createPublisher(bus, { signer });
  const books = createBooks(PARTITIONS);
  type Event = ReturnType<(typeof books)['deposit']>;
  for (let round = 0; round < ROUNDS; round++) {
    const told = books.wallets.map((one, at) =>
      round % 2 === 0
        ? books.deposit(one, 100n)
        : books.transfer(one, books.wallets[(at + 1) % books.wallets.length] ?? one, 7n),
    );
    const lanes = Map.groupBy<number, Event>(told, ({ data }) => data.partition);
    for (const [partition, lane] of lanes) {
      await publisher.publish({
        subject: `evt.${partitionToken(partition)}.many.transaction-completed`,
        body: JSON.stringify(lane),
        id: uuidv7(),
        type: EVENT_TYPES['transaction-completed'],
        wallet: 'many',
        partition,
      });
    }
    events += told.length;
  }
  publisher.close();
});
afterAll(() => stack.disposeAsync());

async function written(): Promise<number> {
  const { rows } = await pool.query<{ records: number }>(
    'SELECT count(*)::int AS records FROM records',
  );
  return rows[0]?.records ?? 0;
}

it('kill -9 while it writes loses nothing and doubles nothing', { timeout: 240_000 }, async () => {
  const killedAt: number[] = [];
  let auditor: AuditorProcess | undefined;
  for (let kill = 1; kill <= KILLS; kill++) {
    auditor = await startAuditorProcess(settings);
    const enough = (events * kill) / (KILLS + 2);
    await eventually(async () => (await written()) >= enough, WAIT);
    await auditor.kill9();
    killedAt.push(await written());
  }
  await using last = await startAuditorProcess(settings);
  await eventually(async () => (await written()) >= events, WAIT);
  const { rows: doubled } = await pool.query(
    'SELECT event_id FROM records GROUP BY event_id HAVING count(*) > 1',
  );
  expect(doubled).toEqual([]);
  const { rows: chains } = await pool.query(
    'SELECT DISTINCT place = source_sequence AS whole FROM chains',
  );
  expect(chains).toEqual([{ whole: true }]);
  expect(await written()).toBe(events);

  await eventually(async () => {
    const { rows } = await pool.query<{ document: string }>(
      'SELECT document FROM roots ORDER BY number DESC LIMIT 1',
    );
    return (JSON.parse(rows[0]?.document ?? '{}') as { records?: number }).records === events;
  }, WAIT);
  const found = await request(bus, AUDIT_REQUESTS.verifyLog, {}, { timeoutMs: 60_000 });
  expect(found).toMatchObject({ ok: true, records: events, breaks: [] });
  expect(await request(bus, AUDIT_REQUESTS.listBreaks, {})).toEqual({ lagSeconds: 0, breaks: [] });
  const metrics = await (await fetch(`${last.metricsUrl}/metrics`)).text();
  expect(metrics).toMatch(/^reconciliation_breaks\{.*\} 0$/m);
  expect(metrics).toMatch(/^ledger_imbalance_minor_units\{.*currency="USD".*\} 0$/m);
  const rate = Math.round(found.records / found.seconds);
  console.log({ events, killedAt, roots: found.roots, verifiedPerSecond: rate });
});
