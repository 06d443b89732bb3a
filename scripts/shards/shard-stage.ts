import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARTITIONS_DEFAULT, partitionsOfShard, type ShardMap } from '@florin/contracts';
import { connect, provision } from '@florin/messaging';
import { createHotPool, ensureDatabase, migrate } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { clearPostgres, startNats, startPostgres } from '@florin/testing';
import { seedLanes } from './seed-lanes.ts';
import { startShardLedger } from './shard-ledger.ts';

const MIGRATIONS = new URL('../../services/ledger/migrations', import.meta.url);
export const KEYS = {
  gateway: { g1: Buffer.alloc(32, 1).toString('base64url') },
  ledger: { l1: Buffer.alloc(32, 2).toString('base64url') },
  banking: { b1: Buffer.alloc(32, 3).toString('base64url') },
};

/** Partitions dealt out in turn, as a new installation would. */
const mapOf = (shards: number): ShardMap => ({
  version: 1,
  partitions: Array.from({ length: PARTITIONS_DEFAULT }, (_, partition) => partition % shards),
});

export interface StageOptions {
  shards: number;
  walletsPerShard: number;
  lease?: string;
}

/** A Postgres and a ledger process for each shard, one nats-server, and funded wallets. */
export async function withShards<T>(
  options: StageOptions,
  work: (stage: ShardStage) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'florin-shards-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(async () => {
    for (let shard = 0; shard < options.shards; shard++) {
      await clearPostgres(join(dir, `postgres-${shard}`));
    }
    rmSync(dir, { recursive: true, force: true });
  });
  return await work(await openStage(dir, options, stack));
}

async function openStage(
  dir: string,
  { shards, walletsPerShard, lease = '5s' }: StageOptions,
  stack: AsyncDisposableStack,
) {
  const map = mapOf(shards);
  const nats = await startNats({ dir: join(dir, 'nats') });
  stack.defer(() => nats.stop());
  const bus = await connect({
    url: nats.url,
    name: 'shards',
    log: createLogger('shards', 'error'),
  });
  stack.defer(() => bus.close());
  await provision(bus);
  const opened = [];
  for (let shard = 0; shard < shards; shard++) {
    const settings = { shared_buffers: '256MB' };
    const postgres = await startPostgres({ dataDir: join(dir, `postgres-${shard}`), settings });
    stack.defer(() => postgres.stop());
    const url = await ensureDatabase(postgres.url, 'florin_ledger');
    await migrate(url, MIGRATIONS);
    const pool = createHotPool({ url, applicationName: 'shards', statementTimeoutMs: 600_000 });
    stack.defer(() => pool.end());
    const wallets = await seedLanes(pool, partitionsOfShard(map, shard), walletsPerShard);
    await pool.query('VACUUM (ANALYZE)');
    const ledger = await startShardLedger({
      POSTGRES_URL: url,
      NATS_URL: nats.url,
      SIGNING_KEYS: JSON.stringify(KEYS),
      LEASE: lease,
      SHARD: String(shard),
      SHARD_MAP: JSON.stringify(map),
    });
    stack.defer(() => ledger.stop());
    opened.push({ url, pool, wallets, ledger, postgres });
  }
  return { bus, nats, map, shards: opened };
}

export type ShardStage = Awaited<ReturnType<typeof openStage>>;
