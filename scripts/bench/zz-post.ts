import { mkdtempSync } from 'node:fs';
import { uuidv7 } from '@florin/kernel';
import { createEnvelope, LANE_TYPES, partitionOf } from '@florin/contracts';
import { createHotPool, ensureDatabase, migrate } from '@florin/postgres';
import { startPostgres } from '@florin/testing';
import { createPostBatch } from '../../services/ledger/lane/post-batch.ts';
import { ensurePartitions } from '../../services/ledger/ensure-partitions.ts';
import { seedWallets } from './seed-books.ts';
import { postingLimit } from './posting-limit.ts';
import { createMicrosecondClock } from '../../services/ledger/adapters/microsecond-clock.ts';
const dir = mkdtempSync('/tmp/fb-');
const pg = await startPostgres({
  dataDir: dir + '/pg',
  settings: { log_min_duration_statement: '0', log_parameter_max_length: '0' },
});
const url = await ensureDatabase(pg.url, 'l');
await migrate(url, new URL('../../services/ledger/migrations', import.meta.url));
const pool = createHotPool({ url, applicationName: 'x', pipeline: true, max: 1 });
const wallets = await seedWallets(pool, 10000);
await pool.query('VACUUM ANALYZE');
await pool.query('CHECKPOINT');
await ensurePartitions(pool, 16);
await pool.query('update partitions set epoch = 1');
if (process.env.PRE) await pool.query(process.env.PRE);
const times = new Map<string, number>();
pool.on('connect', (client) => {
  const q = client.query.bind(client);
  (client as any).query = (a: any, b: any) => {
    const t = performance.now();
    const r: any = (q as any)(a, b);
    const n = typeof a === 'string' ? a : a.name;
    return r.then
      ? r.then((x: any) => {
          times.set(n, (times.get(n) ?? 0) + performance.now() - t);
          return x;
        })
      : r;
  };
});
const post = createPostBatch({
  pool,
  nowUs: createMicrosecondClock({ nowMs: Date.now, monotonicMs: () => performance.now() }),
});
const ev = new Array(16).fill(0);
let seq = 0;
const cpu0 = process.cpuUsage();
const t0 = performance.now();
let n = 0;
let build = 0;
for (let b = 0; b < 60; b++) {
  const tb = performance.now();
  const lanes = new Map<number, any[]>();
  for (let i = 0; i < 1000; i++) {
    const from = wallets[Math.floor(Math.random() * wallets.length)]!;
    const to = wallets[Math.floor(Math.random() * wallets.length)]!;
    if (from === to) continue;
    const p = partitionOf(from, 16);
    const id = uuidv7();
    if (!lanes.has(p)) lanes.set(p, []);
    lanes
      .get(p)!
      .push({
        item: 0,
        message: createEnvelope(LANE_TYPES.transactionInitiated, {
          id,
          source: 's',
          wallet: from,
          time: '',
          data: {
            transactionId: id,
            clientId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
            bodyHash: 'x'.repeat(22),
            walletId: from,
            counterpartyWalletId: to,
            type: 'transfer',
            amount: '1',
            currency: 'USD',
          },
        }),
      });
    n++;
  }
  const parts = [...lanes.keys()].sort((a, b) => a - b);
  build += performance.now() - tb;
  const posted = await post(
    parts.map((p) => ({ partition: p, epoch: 1n, eventSequence: ev[p], publishedSequence: 0 })),
    parts.map((p) => ({
      partition: p,
      sequence: ++seq,
      messageId: uuidv7(),
      origin: 'gateway-12345678',
      commands: lanes.get(p)!,
      deadLetters: [],
    })),
  );
  for (const [p, s] of posted.eventSequences) ev[p] = s;
}
const el = performance.now() - t0;
const cpu = process.cpuUsage(cpu0);
console.log(
  'per second',
  Math.round((n / el) * 1000),
  'ms/batch',
  el / 60,
  'build',
  build / 60,
  'node cpu us/t',
  cpu.user / n,
  cpu.system / n,
);
for (const [k, v] of times) console.log((v / 60).toFixed(2), k);
console.log('limit', await postingLimit(pool, wallets, { seconds: 3, batch: 1000 }));
await pool.end();
await pg.stop();
