import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHotPool, migrate } from '@florin/postgres';
import { startPostgres } from '@florin/testing';
import { verifyLog } from '../verify-log.ts';
import { createBooks, openLogAt } from './log-surroundings.ts';

/**
 * How many records a second the auditor writes down and checks, and how many a verification reads
 * and recomputes. A transfer is one record.
 *
 *     node services/auditor/test/measure-log.ts [records]
 */

const PARTITIONS = 16;
const BATCH = 500;
const records = Number(process.argv[2] ?? 200_000);

const dir = mkdtempSync(join(tmpdir(), 'florin-audit-bench-'));
chmodSync(dir, 0o711);
const server = await startPostgres({ dataDir: join(dir, 'postgres') });
try {
  await migrate(server.url, new URL('../migrations', import.meta.url));
  await using log = openLogAt(server.url, randomBytes(32).toString('base64url'));
  const books = createBooks(PARTITIONS);
  let appendMs = 0;
  for (let written = 0; written < records; written += BATCH) {
    const events = Array.from({ length: BATCH }, (_, at) => {
      const to = books.wallets[(written + at * 7) % books.wallets.length];
      return books.deposit(to ?? (books.wallets[0] as NonNullable<typeof to>), 5n);
    });
    const messages = log.messagesOf(events);
    const startedMs = performance.now();
    await log.write('EVT', messages);
    if (written % 20_000 === 0) await log.signRoot();
    appendMs += performance.now() - startedMs;
  }
  await log.signRoot();
  const startedMs = performance.now();
  const pool = createHotPool({ url: server.url, applicationName: 'bench', max: 1 });
  const found = await verifyLog({ pool, verifier: log.verifier, witness: log.witness });
  const verifyMs = performance.now() - startedMs;
  const size = await pool.query<{ bytes: bigint }>(
    `SELECT pg_total_relation_size('records') AS bytes`,
  );
  await pool.end();
  console.log({
    ok: found.ok,
    records: found.records,
    roots: found.roots,
    appendedPerSecond: Math.round((found.records / appendMs) * 1000),
    verifiedPerSecond: Math.round((found.records / verifyMs) * 1000),
    secondsForAMillion: Math.round((verifyMs / found.records) * 1000),
    bytesPerRecord: Math.round(Number(size.rows[0]?.bytes ?? 0n) / found.records),
  });
} finally {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
