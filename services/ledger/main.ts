import { connectService } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { runService } from '@florin/runtime';
import { config } from './config.ts';
import { shardPlace } from './shard-place.ts';
import { startLedger } from './start-ledger.ts';

const settings = config();

await runService('ledger', settings, async (service) => {
  const url = settings.postgresUrl;
  // A paused process must not keep its rows locked: the server ends its transaction before the
  // lease is over, and whoever takes the partition over finds them free.
  const idleInTransactionTimeoutMs = Math.floor(settings.leaseMs / 2);
  const postings = createHotPool({
    url,
    applicationName: 'ledger-postings',
    max: 2,
    statementTimeoutMs: 30_000,
    idleInTransactionTimeoutMs,
    pipeline: true,
  });
  const reads = createHotPool({
    url,
    applicationName: 'ledger-reads',
    max: 6,
    statementTimeoutMs: 120_000,
  });
  const leases = createHotPool({
    url,
    applicationName: 'ledger-leases',
    max: 1,
    statementTimeoutMs: settings.leaseMs,
    idleInTransactionTimeoutMs,
  });
  service.onStop('postgres', async () => {
    await Promise.all([postings.end(), reads.end(), leases.end()]);
  });
  const bus = await connectService(service, settings);
  const shard = await shardPlace(bus, settings);
  const ledger = await startLedger({
    bus,
    postings,
    reads,
    leases,
    owner: service.instanceId,
    partitions: settings.partitions,
    shard,
    leaseMs: settings.leaseMs,
    reviewForMs: settings.reviewForMs,
    watchdogDeadlineMs: settings.watchdogDeadlineMs,
    approveLimits: settings.approveLimits,
    signingKeys: settings.signingKeys,
    archiveDirectory: settings.archiveDirectory,
    clock: service.clock,
    log: service.log,
    metrics: service.metrics,
  });
  // A version that decides wrongly goes no further than its first pod. Others that find the same
  // partitions halted have broken nothing: they are ready, also those that it is taken back for.
  service.health.check('lanes', () =>
    ledger.keeper.broken().size > 0 ? 'has come upon a broken invariant' : undefined,
  );
  service.onStop('lanes', () => ledger.stop());
});
