import { present } from '@florin/kernel';
import { connectService, createPublisher, createSigner, createVerifier } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { printableConfig, runService } from '@florin/runtime';
import { readAuditorConfig } from './config.ts';
import { createRootSigner } from './domain/signed-root.ts';
import { startAuditor } from './start-auditor.ts';

const config = readAuditorConfig();

await runService('auditor', config, async (service) => {
  const { log, metrics, clock, onStop, instanceId: owner } = service;
  log.info(printableConfig(config), 'starting');
  const { postgresUrl: url, leaseMs, rootIntervalMs, rootRecordsMax, earlierKeys } = config;
  const appends = { applicationName: 'auditor', max: 6, statementTimeoutMs: 60_000 };
  const pool = createHotPool({ url, ...appends });
  const reads = createHotPool({
    url,
    applicationName: 'auditor-reads',
    max: 4,
    statementTimeoutMs: 120_000,
  });
  const leases = createHotPool({
    url,
    applicationName: 'auditor-leases',
    max: 1,
    statementTimeoutMs: leaseMs,
  });
  onStop('database', async () => {
    await Promise.all([pool.end(), reads.end(), leases.end()]);
  });
  const bus = await connectService(service, config);
  const ownKeys = config.signingKeys['auditor'] ?? {};
  const [kid, key] = present(Object.entries(ownKeys)[0], 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  onStop('publisher', async () => publisher.close());
  const auditor = await startAuditor({
    bus,
    pool,
    reads,
    leases,
    owner,
    leaseMs,
    rootIntervalMs,
    rootRecordsMax,
    verify: createVerifier(config.signingKeys),
    signer: createRootSigner(config.auditKey),
    earlierKeys,
    publisher,
    clock,
    log,
    metrics,
  });
  onStop('auditor', () => auditor.stop());
});
