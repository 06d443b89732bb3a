// npm run bench:http [-- --seconds 8 --wallets 10000 --connections 256 --only reads]
//
// The whole platform on this machine, loaded over REST by keep-alive clients: single transfers
// (final 201, authenticated, idempotent), bulk, a hot wallet, an open arrival, one client at a
// time, and reads that are remembered or not. The books are verified at the end. Last line: JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { present, uuidv7 } from '@florin/kernel';
import { connect } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres } from '@florin/testing';
import { machineToken } from '../faults/machine-token.ts';
import { startPlatform } from '../platform/platform.ts';
import { watchCache } from './cache-counts.ts';
import { loadHttp, type HttpLoad } from './http-load.ts';
import { percentile, printResult, probeCores, round, say, watchUsage } from './measure.ts';
import { postingLimit } from './posting-limit.ts';
import { seedHistory, seedWallets } from './seed-books.ts';
import { brokenBooks } from './verify-books.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    wallets: { type: 'string', default: '10000' },
    entries: { type: 'string', default: '0' },
    connections: { type: 'string', default: '256' },
    only: { type: 'string', default: '' },
  },
});
const seconds = Number(values.seconds);
const connections = Number(values.connections);
const BULK = 100;

const dir = mkdtempSync(join(tmpdir(), 'florin-bench-'));
try {
  await using platform = await startPlatform({ dir, demo: false, fraudScoring: 'off' });
  const dev = platform.dev();
  const url = new URL(dev.postgresUrl);
  url.pathname = '/florin_ledger';
  const pool = createHotPool({
    url: url.href,
    applicationName: 'bench',
    statementTimeoutMs: 600_000,
  });
  const cores = await probeCores();
  const wallets = await seedWallets(pool, Number(values.wallets));
  if (Number(values.entries) > 0) await seedHistory(pool, wallets, Number(values.entries));
  await pool.query('VACUUM (ANALYZE)');
  await pool.query('CHECKPOINT');
  const limit = await postingLimit(pool, wallets, { seconds: seconds / 2, batch: 1000 });
  say(`cores ${cores}; set-based SQL loop on the same tables: ${limit.perSecond}/s`);

  const gateway = new URL(dev.gatewayUrl);
  const token = await machineToken(dev.gatewayUrl, dev.oauthClient)();
  const target = { host: gateway.hostname, port: Number(gateway.port) };
  const head = (method: string, path: string, more = ''): string =>
    [
      `${method} ${path} HTTP/1.1`,
      `host: ${gateway.host}`,
      `authorization: Bearer ${token}`,
      more,
    ].join('\r\n');
  const posting = (path: string): string =>
    head('POST', path, `content-type: application/json\r\nidempotency-key: ${uuidv7()}\r\n`);

  const pick = (): string => wallets[Math.floor(Math.random() * wallets.length)] as string;
  const other = (than: string): string => {
    const one = pick();
    return one === than ? other(than) : one;
  };
  const pair = (): [string, string] => {
    const from = pick();
    return [from, other(from)];
  };
  const [hotWallet] = wallets as [string];
  const hotPair = (): [string, string] => {
    const one = other(hotWallet);
    return Math.random() < 0.5 ? [hotWallet, one] : [one, hotWallet];
  };
  const transfer = (from: string, to: string): string =>
    `{"fromWalletId":"${from}","toWalletId":"${to}","amount":"1"}`;
  const single = (choose: () => [string, string]) => () => ({
    head: posting('/v1/transfers'),
    body: transfer(...choose()),
  });
  const bulk = () => ({
    head: posting('/v1/transactions/bulk'),
    body: JSON.stringify({
      mode: 'continueOnFailure',
      items: Array.from({ length: BULK }, () => {
        const [fromWalletId, toWalletId] = pair();
        return { type: 'transfer', fromWalletId, toWalletId, amount: '1' };
      }),
    }),
  });
  const readOf = (choose: () => string) => () => ({
    head: head('GET', `/v1/wallets/${choose()}`),
    body: '',
  });
  /** Read again and again; the others one after the other, so that hardly one is read twice. */
  const few = wallets.slice(0, 500);
  let read = few.length;
  const nextWallet = (): string => wallets[read++ % wallets.length] as string;
  const oneOfFew = (): string => few[Math.floor(Math.random() * few.length)] as string;

  const pids = { ...dev.pids };
  async function measure(name: string, load: Omit<HttpLoad, 'host' | 'port'>, weight = 1) {
    const usage = watchUsage(pids);
    const result = await loadHttp({ ...target, ...load });
    const count = result.requests * weight;
    const used = usage(count);
    const line = {
      load: name,
      connections: load.connections,
      perSecond: Math.round(count / result.seconds),
      statuses: result.statuses,
      p50Ms: percentile(result.latenciesMs, 0.5),
      p95Ms: percentile(result.latenciesMs, 0.95),
      p99Ms: percentile(result.latenciesMs, 0.99),
      ...used,
    };
    say(
      `${name}: ${line.perSecond}/s, p50 ${line.p50Ms} ms, p99 ${line.p99Ms} ms, ` +
        `${used.cpuMicrosTotal} µs CPU each ${JSON.stringify(line.statuses)}`,
    );
    return line;
  }

  const cache = await watchCache(present(dev.metrics['gateway'], 'metrics of the gateway'));
  async function measureReads(name: string, choose: () => string, load: { seconds: number }) {
    const line = await measure(name, { connections: 32, next: readOf(choose), ...load });
    const { hitRatio } = await cache();
    say(`  p95 ${line.p95Ms} ms, hit ratio ${hitRatio}`);
    return { ...line, hitRatio };
  }

  async function measureAllReads() {
    const quiet = [
      await measureReads('balance reads, first time', nextWallet, { seconds: seconds / 4 }),
      await measureReads('balance reads, again', oneOfFew, { seconds: seconds / 2 }),
    ];
    const paying = { connections: 64, next: single(pair), seconds, perSecond: 2000 };
    const [underLoad] = await Promise.all([
      measureReads('balance reads while 2000/s are paid', pick, { seconds }),
      loadHttp({ ...target, ...paying }),
    ]);
    return [...quiet, underLoad];
  }

  async function measurePayments() {
    await measure('warm-up', { connections, next: single(pair), seconds });
    const uniform = await measure('single transfers', { connections, next: single(pair), seconds });
    const hot = await measure('single transfers, one hot wallet', {
      connections,
      next: single(hotPair),
      seconds,
    });
    const open = { connections: 512, next: single(pair), seconds, perSecond: 5000 };
    const rest = [
      await measure('open arrival 5000/s', open),
      await measure('one at a time', { connections: 1, next: single(pair), seconds: seconds / 2 }),
      await measure(`bulk of ${BULK}`, { connections: 16, next: bulk, seconds }, BULK),
    ];
    const ratios = {
      ratioToSqlLimit: round(uniform.perSecond / limit.perSecond),
      hotToUniform: round(hot.perSecond / uniform.perSecond),
    };
    return { ratios, runs: [uniform, hot, ...rest] };
  }

  const payments = values.only === 'reads' ? undefined : await measurePayments();
  const reads = await measureAllReads();
  const bus = await connect({
    url: dev.natsUrl,
    name: 'bench',
    log: createLogger('bench', 'fatal'),
  });
  const breaks = await brokenBooks(bus);
  await bus.close();
  if (breaks.length > 0) throw new Error(`the books are broken: ${JSON.stringify(breaks)}`);
  await pool.end();
  printResult({
    bench: 'http',
    cores,
    coresAfter: await probeCores(),
    wallets: wallets.length,
    entriesBefore: Number(values.entries),
    sqlLimitPerSecond: limit.perSecond,
    ...payments?.ratios,
    runs: [...(payments?.runs ?? []), ...reads],
  });
} finally {
  await clearPostgres(join(dir, 'postgres'));
  rmSync(dir, { recursive: true, force: true });
}
