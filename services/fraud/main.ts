import { connectService, createFlags } from '@florin/messaging';
import { startServingBackend } from '@florin/ml/model';
import { createHotPool } from '@florin/postgres';
import { printableConfig, runService } from '@florin/runtime';
import { loadModels } from './adapters/load-models.ts';
import { foldersOf, readFraudConfig } from './config.ts';
import { startFraud } from './start-fraud.ts';

const config = readFraudConfig();

await runService('fraud', config, async (service) => {
  const { log, metrics, clock, instanceId, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const backend = await startServingBackend();
  const models = await loadModels(config.model, foldersOf(config.challengers));
  const { postgresUrl: url, leaseMs, signingKeys, partitions } = config;
  const pool = createHotPool({ url, applicationName: 'fraud', max: 4 });
  const leasePool = createHotPool({
    url,
    applicationName: 'fraud-leases',
    max: 1,
    statementTimeoutMs: leaseMs,
  });
  onStop('postgres', async () => {
    await Promise.all([pool.end(), leasePool.end()]);
  });
  const bus = await connectService(service, config);
  const flags = createFlags(bus);
  onStop('flags', flags.stop);
  await flags.ready;
  const fraud = await startFraud({
    bus,
    pool,
    leasePool,
    owner: instanceId,
    partitions,
    leaseMs,
    snapshotEveryMs: config.snapshotEveryMs,
    parkAfterMs: config.parkAfterMs,
    keepDecisionsMs: config.keepDecisionsMs,
    signingKeys,
    models,
    backend,
    variant: () => flags.variant('fraud-scoring'),
    clock,
    log,
    metrics,
  });
  onStop('scoring', fraud.stop);
  return { model: models.champion.manifest.modelVersion, backend };
});
