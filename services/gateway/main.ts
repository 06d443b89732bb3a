import { KV_BUCKETS } from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  connectService,
  createFlags,
  createLaneSender,
  createOutcomeInbox,
  createPublisher,
  createRecordAction,
  createSigner,
  watchBucket,
} from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { listen, printableConfig, runService } from '@florin/runtime';
import { createAccessTokens } from './adapters/access-tokens.ts';
import { createBankBreakers } from './adapters/bank-breakers.ts';
import { createEndedSessions } from './adapters/ended-sessions.ts';
import { createFraud } from './adapters/fraud.ts';
import { createIdentity } from './adapters/identity.ts';
import { createLedger } from './adapters/ledger.ts';
import { createNeighbours } from './adapters/neighbours.ts';
import { createRateLimits } from './adapters/rate-limits.ts';
import { createSubmissionStore } from './adapters/submission-store.ts';
import { createWalletDirectory } from './adapters/wallet-directory.ts';
import { createAdmission } from './admission.ts';
import { readGatewayConfig } from './config.ts';
import { createAssetTable } from './domain/asset-table.ts';
import { createFollowWallets } from './live/follow-wallets.ts';
import { createSubmissionRelay } from './relay-submissions.ts';
import { createApp } from './rest/create-app.ts';
import { createCounting } from './rest/count-request.ts';
import { createRequestReaders } from './rest/request-readers.ts';
import { createRequestNaming } from './rest/request-id.ts';
import { createRouteServer } from './rest/serve-route.ts';
import { SERVER_LIMITS } from './rest/server-limits.ts';
import { createRoutes } from './routes/table.ts';
import { startKyc } from './start-kyc.ts';
import { startReads } from './start-reads.ts';
import { stopServing } from './stop-serving.ts';
import { createUploadBulkFile } from './upload-bulk-file.ts';
import { createUseCases } from './use-cases.ts';

/** Who access tokens are for: identity writes the same. */
const AUDIENCE = 'florin';

/** Orders that are not stored by then are stored by whoever asks again. */
const LANES_DRAIN_MS = 2_000;

const config = readGatewayConfig();

await runService('gateway', config, async (service) => {
  const { log, metrics, clock, health, onStop, shutdown, instanceId: origin } = service;
  log.info(printableConfig(config), 'starting');

  const pool = createHotPool({ url: config.postgresUrl, applicationName: 'gateway', max: 4 });
  onStop('database', () => pool.end());
  const bus = await connectService(service, config);

  const [kid, key] = present(Object.entries(config.signingKeys.gateway)[0], 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  onStop('publisher', async () => publisher.close());
  const { partitions, inFlightMax, walletsMax, issuer, slowMs, trustedProxies } = config;
  const flags = createFlags(bus);
  onStop('flags', () => flags.stop());
  await flags.ready;
  const scored = (): boolean => flags.variant('fraud-scoring') !== 'off';
  const lanes = createLaneSender({ publisher, partitions, origin, scored, log });
  onStop('lanes', () => lanes.drain(LANES_DRAIN_MS));
  const { feed, caches } = startReads(service, bus, config);
  const inbox = createOutcomeInbox(bus, origin, caches.forgetDecided);
  onStop('outcome inbox', async () => inbox.close());

  const breakers = createBankBreakers(clock);
  const watch = watchBucket(bus, KV_BUCKETS.breakers, breakers.report);
  onStop('breakers', () => watch.stop());

  const ledger = caches.watchLedger(createLedger(bus));
  const identity = caches.watchIdentity(createIdentity(bus));
  const endedSessions = createEndedSessions({ bus, identity, clock });
  onStop('ended sessions', async () => endedSessions.close());
  const fraud = createFraud(bus);
  const record = createRecordAction({ publisher, source: '/gateway', clock });
  const submissions = createSubmissionStore(pool);
  const directory = createWalletDirectory({ ledger, walletsMax });
  const connected = () => bus.connected();
  const admit = createAdmission({ inbox, lanes, connected, inFlightMax, metrics });
  const assets = createAssetTable(config.customAssets);
  const policy = { stepUpMs: config.stepUpMs, stepUpAmount: BigInt(config.stepUpAmount), assets };
  const shared = { inbox, lanes, ledger, identity, fraud, submissions, directory, clock, log };

  const relay = createSubmissionRelay({ submissions, ledger, lanes, clock, log, metrics });
  const relaying = relay.run(shutdown);
  onStop('relay', () => relaying);

  const followWallets = createFollowWallets({ feed, ledger, metrics, log });
  shutdown.addEventListener('abort', followWallets.endAll, { once: true });

  const kyc = startKyc(bus, { ledger, publisher, partitions, clock, assets, caches });
  onStop('kyc levels', kyc.stop);

  const neighbours = createNeighbours(bus);
  let ownUrl = '';
  const routes = createRoutes({
    directory,
    followWallets,
    ...neighbours,
    uploadBulkFile: createUploadBulkFile({ ...neighbours, bytesMax: config.bulkFileBytesMax }),
    ...kyc.routes,
    assets,
    breakers,
    ledger,
    identity,
    fraud,
    flags,
    clock,
    health,
    issuer,
    publicUrl: () => config.publicUrl ?? ownUrl,
    ...createUseCases({ ...shared, ...policy, bus, admit, flags, record, caches }),
  });
  const { rateLimits: plan, redisUrl } = config;
  const limits = createRateLimits({ plan, redisUrl, log, metrics });
  onStop('rate limits', async () => limits.close());
  const server = createRouteServer({
    startCounting: createCounting({ limits, trustedProxies }),
    authenticate: createAccessTokens({
      identity,
      clock,
      issuer,
      audience: AUDIENCE,
      hasEnded: endedSessions.has,
    }),
    nameRequest: createRequestNaming(origin),
    ...createRequestReaders(config),
    log,
    metrics,
    slowMs,
    isStopping: () => shutdown.aborted,
  });
  const { host, port } = config;
  const door = await listen(createApp(routes, server), { host, port, limits: SERVER_LIMITS });
  onStop('API', () => stopServing(door, inbox));
  ownUrl = door.url;
  return { url: door.url };
});
