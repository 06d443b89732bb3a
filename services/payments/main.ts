import {
  eventFilter,
  identityEventSubject,
  SCHEDULED_TRANSFER_REQUESTS,
  STREAMS,
} from '@florin/contracts';
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
  type RequestContract,
} from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { asFault } from './as-fault.ts';
import { createDecoders } from './adapters/decode-events.ts';
import { createOrderDesk, type OrderDesk } from './adapters/order-desk.ts';
import { readPaymentsConfig } from './config.ts';
import { forgetPerson } from './forget-person.ts';
import { createScheduleUseCases } from './manage-schedules.ts';
import { createPlanOccurrences } from './plan-occurrences.ts';
import { pollWork } from './poll-work.ts';
import { relayOutbox } from './relay-outbox.ts';
import {
  createCountOccurrence,
  createSettleOccurrences,
  type SettleOccurrences,
} from './settle-occurrences.ts';
import { createSubmitOccurrences } from './submit-occurrences.ts';
import { watchLateness } from './watch-lateness.ts';

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
  // Who waits is answered before anything else stops: what was not heard is found out later.
  service.shutdown.addEventListener('abort', () => inbox.expireAll(), { once: true });
  return createOrderDesk({ lanes, inbox, clock });
}

function startSchedules(
  service: Service,
  { db, desk, onTold }: { db: Database['slonik']; desk: OrderDesk; onTold: () => void },
) {
  const { clock, log, metrics, onStop } = service;
  const { pollMs: everyMs, claimMs, lateAfterMs, schedulesMax } = config;
  const count = createCountOccurrence(metrics);
  const settle = createSettleOccurrences({ db, clock, count, onTold });
  const submission = createSubmitOccurrences({ db, desk, settle, clock, log, claimMs });
  const submitting = pollWork({ name: 'submitting', everyMs, log, doSome: submission.doSome });
  onStop('submissions', async () => {
    await submitting.stop();
    await submission.whenIdle();
  });
  const planSome = createPlanOccurrences({ db, clock, lateAfterMs, count });
  const planning = pollWork({
    name: 'planning',
    everyMs,
    log,
    async doSome() {
      const planned = await planSome();
      if (planned) submitting.wake();
      return planned;
    },
  });
  onStop('planning', () => planning.stop());
  onStop('lateness', watchLateness({ db, clock, metrics, log }));
  const onDue = (): void => {
    planning.wake();
    submitting.wake();
  };
  return { settle, useCases: createScheduleUseCases({ db, clock, schedulesMax, onDue }) };
}

function readStreams(
  { onStop }: Service,
  bus: Bus,
  { db, settle }: { db: Database['slonik']; settle: SettleOccurrences },
): void {
  const decode = createDecoders(createVerifier(config.signingKeys));
  for (const name of ['completed', 'failed'] as const) {
    const consumer = createEventConsumer(bus, {
      stream: STREAMS.events,
      durable: `payments-${name}`,
      filterSubject: eventFilter(`transaction-${name}`),
      start: 'new',
      handle: (message) => asFault(settle(decode.transactions(message))),
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

function answerRequests(
  { onStop }: Service,
  bus: Bus,
  contracts: Record<string, RequestContract>,
  useCases: Record<string, (request: never) => Promise<unknown>>,
): void {
  const served = Object.entries(contracts).map(([name, contract]) =>
    serve(bus, contract, (request) => {
      const useCase = present(useCases[name], name) as (asked: unknown) => Promise<unknown>;
      return asFault(useCase(request));
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
  const schedules = startSchedules(service, { db, desk, onTold: relay.wake });
  readStreams(service, bus, { db, settle: schedules.settle });
  answerRequests(service, bus, SCHEDULED_TRANSFER_REQUESTS, schedules.useCases);
  await bus.nc.flush();
});
