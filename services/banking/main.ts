import { eventFilter, LEDGER_REQUESTS, PROVIDER_REQUESTS, STREAMS } from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  connectService,
  createEventConsumer,
  createPublisher,
  createSigner,
  createVerifier,
  request,
  serve,
  type Bus,
} from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { fetchBankDirectory } from './adapters/bank-directory.ts';
import { showBreakers } from './adapters/breaker-board.ts';
import { createDecodeEvents } from './adapters/decode-events.ts';
import { closeBanks, openBanks, type Banks } from './adapters/open-banks.ts';
import { countResolutions, gaugeOpenPayments } from './adapters/payment-metrics.ts';
import { createPaymentStore, type PaymentStore } from './adapters/payment-store.ts';
import { createProviderNotes } from './adapters/provider-notes.ts';
import { createAnnounceOutcome } from './announce-outcome.ts';
import { breakerOf, ownSigningKey, policyOf, readBankingConfig } from './config.ts';
import { createConfirmOutcome } from './confirm-outcome.ts';
import { createOpenPayments, type OpenPaymentsDeps } from './open-payments.ts';
import { createHearProvider } from './hear-provider.ts';
import { startExchange } from './start-exchange.ts';
import { openReferences, startLinking } from './start-linking.ts';
import { startStatements } from './start-statements.ts';
import { createTakeStep } from './take-step.ts';
import { createWorkQueue, type WorkQueue } from './work-queue.ts';

const config = readBankingConfig();
const policy = policyOf(config);

function openStore(
  { instanceId, metrics, log, onStop }: Service,
  database: Database,
): PaymentStore {
  const options = { pool: database.hot, worker: instanceId, claimMs: config.claimMs };
  const store = countResolutions(createPaymentStore(options), metrics);
  const stopGauge = gaugeOpenPayments(store, metrics, log);
  onStop('gauge', async () => stopGauge());
  return store;
}

async function findBanks(service: Service, bus: Bus, database: Database): Promise<Banks> {
  const { clock, log, metrics, shutdown, onStop } = service;
  const { bankDirectoryUrl, bankSecrets } = config;
  const addresses = config.banks ?? (await fetchBankDirectory(bankDirectoryUrl ?? '', shutdown));
  const { bankConcurrency: connections, connectTimeoutMs, requestTimeoutMs } = config;
  const limits = { connections, connectTimeoutMs, requestTimeoutMs };
  const banks = await openBanks(addresses, {
    ...limits,
    breaker: breakerOf(config),
    metrics,
    log,
    nowMs: clock.nowMs,
    apiKeyOf: (bank) => present(bankSecrets[bank], `secrets of ${bank}`).apiKey,
    notes: createProviderNotes(database.hot),
    readReference: openReferences(bus, database.slonik, config),
  });
  onStop('banks', () => closeBanks(banks));
  startStatements(service, bus, { pool: database.hot, config, addresses });
  return banks;
}

function startQueue(service: Service, bus: Bus, store: PaymentStore, banks: Banks): WorkQueue {
  const { clock, log, onStop } = service;
  const { bankConcurrency, pollMs, partitions } = config;
  const publisher = createPublisher(bus, {
    signer: createSigner(ownSigningKey(config)),
    // Within the claim: afterwards another process may announce the same.
    retryForMs: config.claimMs,
  });
  onStop('publisher', async () => publisher.close());
  const announce = createAnnounceOutcome({
    publisher,
    partitions,
    source: 'florin/banking',
    clock,
  });
  const confirm = createConfirmOutcome({
    readTransaction: async (id) =>
      (await request(bus, LEDGER_REQUESTS.getTransaction, { id })).transaction,
    log,
  });
  const takeStep = createTakeStep({ store, banks, announce, confirm, policy, clock });
  const queue = createWorkQueue({ store, banks, takeStep, log, bankConcurrency, pollMs });
  for (const bank of banks.values()) bank.onCircuitChange(() => queue.wake());
  onStop('work queue', queue.stop);
  queue.start();
  return queue;
}

function readEvents(
  { clock, onStop }: Service,
  bus: Bus,
  deps: Pick<OpenPaymentsDeps, 'store' | 'isBank' | 'wake'>,
): void {
  const decodeEvents = createDecodeEvents(createVerifier(config.signingKeys));
  const { partitions } = config;
  const openPayments = createOpenPayments({ ...deps, policy, partitions, clock });
  for (const name of ['transaction-pending', 'transaction-held'] as const) {
    const consumer = createEventConsumer(bus, {
      stream: STREAMS.events,
      durable: `banking-${name}`,
      filterSubject: eventFilter(name),
      ackWaitMs: config.claimMs,
      handle: (message) => openPayments(decodeEvents(message)),
    });
    onStop(`consumer of ${name}`, consumer.stop);
  }
}

/** Webhooks come in through the gateway, which knows none of their secrets. */
function hearProviders(
  { instanceId: worker, metrics, log, onStop }: Service,
  bus: Bus,
  { pool, banks, wake }: { pool: Database['hot']; banks: Banks; wake(): void },
): void {
  const secrets = Object.entries(config.bankSecrets).map(
    ([bank, { webhookSecrets }]) => [bank, webhookSecrets] as const,
  );
  const webhookSecrets = new Map(secrets);
  const hear = createHearProvider({ pool, banks, webhookSecrets, worker, metrics, log, wake });
  const served = serve(bus, PROVIDER_REQUESTS.hearProvider, hear);
  onStop('webhooks', served.stop);
}

await runService('banking', config, async (service) => {
  service.log.info(printableConfig(config), 'starting');
  const database = await createPool({ url: config.postgresUrl, applicationName: 'banking' });
  service.onStop('database', database.end);
  const store = openStore(service, database);
  const bus = await connectService(service, config);
  const banks = await findBanks(service, bus, database);
  const { clock, log, shutdown: signal } = service;
  const exchange = startExchange(service, bus, config, database.hot);
  const guarded = [...banks.values(), ...(exchange === undefined ? [] : [exchange])];
  showBreakers({ bus, banks: guarded, resetTimeoutMs: config.breakerResetMs, clock, log, signal });
  const queue = startQueue(service, bus, store, banks);
  const isBank = (name: string): boolean => banks.has(name);
  const wake = (): void => queue.wake();
  readEvents(service, bus, { store, isBank, wake });
  startLinking(service, bus, { db: database.slonik, config, isBank });
  hearProviders(service, bus, { pool: database.hot, banks, wake });
  return { banks: [...banks.keys()] };
});
