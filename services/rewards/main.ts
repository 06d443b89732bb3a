import {
  eventFilter,
  identityEventSubject,
  LEDGER_REQUESTS,
  REWARD_REQUESTS,
  STREAMS,
} from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  connectService,
  createEventConsumer,
  createFindOwners,
  createPublisher,
  createSigner,
  createVerifier,
  request,
  serve,
  type Bus,
  type FindOwners,
  type RequestContract,
} from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { createDecoders } from './adapters/decode-events.ts';
import { createFindWallet } from './adapters/find-wallet.ts';
import { createLaneOrders } from './adapters/lane-orders.ts';
import { readRewardsConfig } from './config.ts';
import { createFollowEvents } from './follow-events.ts';
import { createGrantRewards } from './grant-rewards.ts';
import { createRuleUseCases } from './manage-rules.ts';
import { createRewardPayer } from './pay-rewards.ts';
import { createRewardUseCases } from './read-rewards.ts';
import { countRewards, gaugeRewards } from './reward-metrics.ts';
import { createSettleOutcome } from './settle-outcome.ts';
import { forgetPerson } from './sql/people.ts';

const config = readRewardsConfig();

function startPayer(
  { clock, log, onStop }: Service,
  bus: Bus,
  db: Database['slonik'],
  settle: ReturnType<typeof createSettleOutcome>,
  findOwners: FindOwners,
) {
  const [kid, key] = present(Object.entries(config.signingKeys.rewards)[0], 'signing key');
  const publisher = createPublisher(bus, {
    signer: createSigner({ kid, key }),
    // Within the claim: afterwards another process may order the same.
    retryForMs: config.claimMs,
  });
  onStop('publisher', async () => publisher.close());
  const payer = createRewardPayer({
    ...config,
    db,
    orders: createLaneOrders({ publisher, partitions: config.partitions, clock }),
    readTransaction: async (id) =>
      (await request(bus, LEDGER_REQUESTS.getTransaction, { id })).transaction,
    walletExists: async (id) => (await findOwners([id])).has(id),
    settle,
    clock,
    log,
  });
  onStop('payer', () => payer.stop());
  payer.start();
  return payer;
}

function readStreams(
  { onStop }: Service,
  bus: Bus,
  db: Database['slonik'],
  followEvents: ReturnType<typeof createFollowEvents>,
): void {
  const decode = createDecoders(createVerifier(config.signingKeys));
  const ends = (['transaction-completed', 'transaction-failed'] as const).map((name) =>
    createEventConsumer(bus, {
      stream: STREAMS.events,
      durable: `rewards-${name}`,
      filterSubject: eventFilter(name),
      handle: (message) => followEvents(decode.ledgerEvents(message)),
    }),
  );
  const erasures = createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'rewards-erasures',
    filterSubject: identityEventSubject('user-erased'),
    async handle(message) {
      for (const { data } of decode.identityEvents(message)) await forgetPerson(db, data.userId);
    },
  });
  onStop('consumers', async () => {
    await Promise.all([...ends, erasures].map((one) => one.stop()));
  });
}

function answerRequests(bus: Bus, useCases: Record<string, (request: never) => Promise<unknown>>) {
  return Object.entries(useCases).map(([name, useCase]) => {
    const contract: RequestContract = REWARD_REQUESTS[name as keyof typeof REWARD_REQUESTS];
    return serve(bus, contract, useCase as (request: unknown) => Promise<unknown>);
  });
}

await runService('rewards', config, async (service) => {
  const { log, clock, metrics, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const { postgresUrl: url, takeBackPausesMs } = config;
  const database = await createPool({ url, applicationName: 'rewards' });
  onStop('database', () => database.end());
  const db = database.slonik;
  const bus = await connectService(service, config);
  const findOwners = createFindOwners(bus);
  const counts = countRewards(metrics);

  const onDue = (): void => payer.wake();
  const { decided: onSettled, takenBack: onTakenBack } = counts;
  const settle = createSettleOutcome({
    db,
    clock,
    takeBackPausesMs,
    onSettled,
    onTakenBack,
    onDue,
  });
  const payer = startPayer(service, bus, db, settle, findOwners);
  const findWallet = createFindWallet(bus);
  const onDeclined = counts.decided;
  const grantRewards = createGrantRewards({ db, findOwners, findWallet, clock, onDue, onDeclined });
  readStreams(service, bus, db, createFollowEvents({ db, clock, grantRewards, settle, onDue }));

  const served = answerRequests(bus, {
    ...createRuleUseCases({ db, clock }),
    ...createRewardUseCases({ db, clock }),
  });
  onStop('requests', async () => {
    await Promise.all(served.map((one) => one.stop()));
  });
  const listPurses = async (ownerId: string) =>
    (await request(bus, LEDGER_REQUESTS.listWallets, { ownerId, limit: 100 })).items;
  const stopGauges = gaugeRewards(db, listPurses, metrics, log);
  onStop('gauges', async () => stopGauges());
});
