import { FRAUD_REQUESTS, ledgerEvent, partitionToken, type LedgerEvent } from '@florin/contracts';
import { connect, request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import type pg from 'pg';
import { formatTable } from './format-table.ts';
import { readShardMap, serviceDatabase } from './local-servers.ts';
import { NO_PROGRESS, type Progress } from './progress.ts';
import type { Report } from './report.ts';
import { createRebuiltTables, writeRebuilt, COMPARISONS } from './rebuilt-tables.ts';
import type { Session } from './session.ts';

const RECORDS_AT_ONCE = 2_000;
/** How far the audit log may be behind the books. */
const LAG_MS_MAX = 60_000;
const DIFFERENCES_SHOWN = 5;

/** Up to which event of each partition the books of this moment have told. */
async function lastEvents(books: pg.PoolClient): Promise<Map<number, bigint>> {
  const { rows } = await books.query<{ partition: number; last: bigint }>(
    'SELECT partition, event_sequence AS last FROM partitions WHERE event_sequence > 0',
  );
  return new Map(rows.map(({ partition, last }) => [partition, last]));
}

async function logHas(log: pg.Pool, chain: string, last: bigint): Promise<void> {
  const deadline = performance.now() + LAG_MS_MAX;
  while (performance.now() < deadline) {
    const { rows } = await log.query<{ seen: bigint }>(
      'SELECT source_sequence AS seen FROM chains WHERE chain = $1',
      [chain],
    );
    if ((rows[0]?.seen ?? 0n) >= last) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`the audit log is more than ${LAG_MS_MAX} ms behind the books: ${chain}`);
}

/** The events of a partition in order, a page at a time, up to one of them. */
async function* eventsOf(log: pg.Pool, chain: string, last: bigint): AsyncGenerator<LedgerEvent[]> {
  for (let after = 0n; ;) {
    const { rows } = await log.query<{ place: bigint; body: string }>(
      'SELECT place, body FROM records WHERE chain = $1 AND place > $2 ORDER BY place LIMIT $3',
      [chain, after, RECORDS_AT_ONCE],
    );
    const parsed = rows.map(({ body }) => ledgerEvent.safeParse(JSON.parse(body)));
    // What the auditor noted as missing is no event: the comparison shows what that means.
    const events = parsed.flatMap(({ data }) => (data === undefined ? [] : [data]));
    const told = events.filter(({ data }) => BigInt(data.sequence) <= last);
    yield told;
    if (rows.length < RECORDS_AT_ONCE || told.length < events.length) return;
    after = rows.at(-1)?.place ?? after;
  }
}

interface Compared {
  what: string;
  rows: number;
  rebuilt: string;
  live: string;
  differences: string[];
}

async function compare(books: pg.PoolClient): Promise<Compared[]> {
  const compared: Compared[] = [];
  for (const { what, rebuilt, live } of COMPARISONS) {
    const digest = async (query: string) => {
      const { rows } = await books.query<{ rows: number; digest: string }>(
        `SELECT count(*)::int AS rows, encode(sha256(convert_to(coalesce(
                  string_agg(line, E'\\n' ORDER BY line), ''), 'UTF8')), 'hex') AS digest
           FROM (${query}) AS lines (line)`,
      );
      return rows[0] ?? { rows: 0, digest: '' };
    };
    const [made, found] = [await digest(rebuilt), await digest(live)];
    const { rows } = await books.query<{ line: string }>(
      `(SELECT 'rebuilt ' || line AS line FROM (${rebuilt} EXCEPT ${live}) AS a (line)
         LIMIT ${DIFFERENCES_SHOWN})
       UNION ALL
       (SELECT 'live ' || line FROM (${live} EXCEPT ${rebuilt}) AS b (line)
         LIMIT ${DIFFERENCES_SHOWN})`,
    );
    const differences = rows.map(({ line }) => line);
    compared.push({
      what,
      rows: found.rows,
      rebuilt: made.digest,
      live: found.digest,
      differences,
    });
  }
  return compared;
}

async function rebuild(
  books: pg.PoolClient,
  log: pg.Pool,
  progress: Progress,
): Promise<Compared[]> {
  await books.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  try {
    const upTo = await lastEvents(books);
    await createRebuiltTables(books);
    const all = [...upTo.values()].reduce((sum, last) => sum + Number(last), 0);
    progress.begin('events read', all);
    for (const [partition, last] of upTo) {
      const chain = `evt-${partitionToken(partition)}`;
      await logHas(log, chain, last);
      for await (const events of eventsOf(log, chain, last)) {
        await writeRebuilt(books, events);
        progress.advance(events.length);
      }
    }
    progress.begin('tables compared', 0);
    return await compare(books);
  } finally {
    await books.query('ROLLBACK');
  }
}

const FOLDED_WITHIN_MS = 600_000;

/** Fraud folds its streams once more: profiles are made of orders, too, which no log keeps. */
async function riskProfiles(natsUrl: string): Promise<Compared> {
  const what = 'risk profiles';
  const log = createLogger('cli', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'cli', log });
  const contract = FRAUD_REQUESTS.rebuildProfiles;
  const found = await request(bus, contract, {}, { timeoutMs: FOLDED_WITHIN_MS });
  if ('problem' in found) {
    return {
      what,
      rows: 0,
      rebuilt: '',
      live: '',
      differences: [`no comparison: ${found.problem}`],
    };
  }
  const { profiles, live, rebuilt, from } = found;
  const differences = live === rebuilt ? [] : [`rebuilt from ${from}: ${rebuilt}`];
  return { what, rows: profiles, rebuilt, live, differences };
}

/**
 * An event tells the entries of a payment in all shards: those of one shard alone can't be made of
 * the events of its own lanes.
 */
async function refuseShards(natsUrl: string): Promise<void> {
  const log = createLogger('cli', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'cli', log });
  const shards = new Set((await readShardMap(bus)).partitions).size;
  if (shards === 1) return;
  throw new Error(
    `the books are in ${shards} shards, and are rebuilt where they are in one: ` +
      'florin ledger verify recomputes all of them, florin audit verify their events',
  );
}

/**
 * Makes entries, balances, wallets and transactions anew from the events of the audit log, and
 * compares them with the books as they are: all at one moment, byte for byte. So it does with the
 * risk profiles, from the streams.
 */
export async function rebuildLedger(
  { dev }: Pick<Session, 'dev'>,
  progress: Progress = NO_PROGRESS,
): Promise<Report> {
  if (dev === undefined) throw new Error('the books are rebuilt where the platform runs');
  await refuseShards(dev.natsUrl);
  const poolOf = (service: string) =>
    createHotPool({
      url: serviceDatabase(dev.postgresUrl, service),
      applicationName: 'rebuild',
      max: 1,
      statementTimeoutMs: 3_600_000,
    });
  const [books, log] = [poolOf('ledger'), poolOf('auditor')];
  try {
    const client = await books.connect();
    const data = await rebuild(client, log, progress).finally(() => client.release());
    const isSame = (one: Compared): boolean => one.rebuilt === one.live;
    data.push(await riskProfiles(dev.natsUrl));
    const rows = data.map((one) => [
      one.what,
      one.rows,
      one.live.slice(0, 16),
      isSame(one) && one.differences.length === 0 ? 'the same bytes' : one.differences.join('; '),
    ]);
    const text = formatTable(['rebuilt', 'rows', 'SHA-256 of the live ones', 'compared'], rows);
    return { data, text, failed: !data.every(isSame) };
  } finally {
    await books.end();
    await log.end();
  }
}
