import { eventFilter, identityEventSubject, STREAMS } from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  connectService,
  createEventConsumer,
  createFlags,
  createLaneSender,
  createOutcomeInbox,
  createPublisher,
  createSigner,
  createVerifier,
  serve,
  type Bus,
  type Publisher,
} from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { asFault } from './as-fault.ts';
import { createDecoders } from './adapters/decode-events.ts';
import { createOrderDesk, type OrderDesk } from './adapters/order-desk.ts';
import { readPaymentsConfig } from './config.ts';
import { ownTransactions } from './domain/own-transactions.ts';
import { forgetPerson } from './forget-person.ts';
import { relayOutbox } from './relay-outbox.ts';
import type { ServicePart } from './service-part.ts';
import { startBulkFiles } from './start-bulk-files.ts';
import { startPaymentRequests } from './start-payment-requests.ts';
import { startSchedules } from './start-schedules.ts';

const config = readPaymentsConfig();

/** Orders that are not stored by then are sent again by the next process. */
const LANES_DRAIN_MS = 2_000;

async function openDesk(service: Service, bus: Bus, publisher: Publisher): Promise<OrderDesk> {
  const { log, clock, onStop, instanceId: origin } = service;
  const flags = createFlags(bus);
  onStop('flags', () => flags.stop());
  await flags.ready;
  const scored = (): boolean => flags.variant('fraud-scoring') !== 'off';
  const { partitions } = config;
  const lanes = createLaneSender({ publisher, partitions, origin, scored, log });
  onStop('lanes', () => lanes.drain(LANES_DRAIN_MS));
  const inbox = createOutcomeInbox(bus, origin);
  onStop('outcome inbox', async () => inbox.close());
  // Whoever waits is answered before anything else stops: what was not heard is found out later.
  service.shutdown.addEventListener('abort', () => inbox.expireAll(), { once: true });
  return createOrderDesk({ lanes, inbox, clock });
}

function readStreams(
  { onStop }: Service,
  bus: Bus,
  db: Database['slonik'],
  parts: readonly ServicePart[],
): void {
  const decode = createDecoders(createVerifier(config.signingKeys));
  for (const name of ['completed', 'failed'] as const) {
    const consumer = createEventConsumer(bus, {
      stream: STREAMS.events,
      durable: `payments-${name}`,
      filterSubject: eventFilter(`transaction-${name}`),
      start: 'new',
      async handle(message) {
        const transactions = ownTransactions(decode.transactions(message));
        for (const part of parts) await asFault(part.settle(transactions));
      },
    });
    onStop(`consumer of ${name}`, consumer.stop);
  }
  const erasures = createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'payments-erasures',
    filterSubject: identityEventSubject('user-erased'),
    async handle(message) {
      for (const { data } of decode.identityEvents(message)) {
        await asFault(forgetPerson(db, data.userId));
      }
    },
  });
  onStop('consumer of erasures', erasures.stop);
}

function answerRequests({ onStop }: Service, bus: Bus, parts: readonly ServicePart[]): void {
  const served = parts.flatMap(({ contracts, useCases }) =>
    Object.entries(contracts).map(([name, contract]) => {
      const useCase = present(useCases[name], name) as (asked: unknown) => Promise<unknown>;
      return serve(bus, contract, (asked) => asFault(useCase(asked)));
    }),
  );
  onStop('requests', async () => {
    await Promise.all(served.map((one) => one.stop()));
  });
}

await runService('payments', config, async (service) => {
  const { log, metrics, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const database = await createPool({ url: config.postgresUrl, applicationName: 'payments' });
  onStop('database', () => database.end());
  const db = database.slonik;
  const bus = await connectService(service, config);
  const [kid, key] = present(Object.entries(config.signingKeys.payments)[0], 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  onStop('publisher', async () => publisher.close());
  const relay = relayOutbox({ db, publisher, log, metrics });
  onStop('outbox', () => relay.stop());

  const desk = await openDesk(service, bus, publisher);
  const deps = { db, bus, desk, config, onTold: relay.wake };
  const parts = [startSchedules, startPaymentRequests, startBulkFiles].map((start) =>
    start(service, deps),
  );
  readStreams(service, bus, db, parts);
  answerRequests(service, bus, parts);
  await bus.nc.flush();
});
