import {
  eventFilter,
  identityEventSubject,
  NOTIFICATION_REQUESTS,
  STREAMS,
} from '@florin/contracts';
import {
  connectService,
  createEventConsumer,
  createFindOwners,
  createVerifier,
  serve,
  type Bus,
  type RequestContract,
} from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { createDecoders } from './adapters/decode-events.ts';
import { createWebhookSender } from './adapters/webhook-sender.ts';
import { readNotificationsConfig } from './config.ts';
import { createDeliverer } from './deliver-webhooks.ts';
import { createOpenSecret, createWebhookUseCases } from './manage-webhooks.ts';
import { createInboxUseCases } from './read-inbox.ts';
import { forgetDeliveries } from './sql/deliveries.ts';
import { forgetPerson } from './sql/messages.ts';
import { createTellEvents } from './tell-event.ts';
import { createTellTogether, MESSAGES_TOGETHER_MAX } from './tell-together.ts';

const config = readNotificationsConfig();

const HOUR_MS = 3_600_000;
/** What was delivered, or given up, is shown for so long. */
const DELIVERIES_KEPT_MS = 30 * 24 * HOUR_MS;

function startDeliveries({ clock, log, metrics, onStop }: Service, db: Database['slonik']) {
  const { deliveryTimeoutMs: timeoutMs, allowPrivate } = config;
  const sender = createWebhookSender({ timeoutMs, allowPrivate });
  onStop('webhook connections', () => sender.close());
  const deliverer = createDeliverer({
    db,
    sender,
    openSecret: createOpenSecret(Buffer.from(config.secretsKey, 'base64url')),
    clock,
    log,
    metrics,
    concurrency: config.deliveryConcurrency,
    timeoutMs,
    retrySchedule: config.retrySchedule,
    pollMs: config.pollMs,
  });
  onStop('deliveries', () => deliverer.stop());
  deliverer.start();
  return deliverer;
}

function readStreams(
  { clock, onStop }: Service,
  bus: Bus,
  db: Database['slonik'],
  wake: () => void,
) {
  const decode = createDecoders(createVerifier(config.signingKeys));
  const findOwners = createFindOwners(bus);
  const tell = createTellEvents({ db, findOwners, clock, onDeliveries: wake });
  const tellTogether = createTellTogether(tell);
  const events = createEventConsumer(bus, {
    stream: STREAMS.events,
    durable: 'notifications-events',
    filterSubject: eventFilter('*'),
    handle: (message) => tellTogether(decode.ledgerEvents(message)),
    maxInFlight: MESSAGES_TOGETHER_MAX,
  });
  const erasures = createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'notifications-erasures',
    filterSubject: identityEventSubject('user-erased'),
    async handle(message) {
      for (const { data } of decode.identityEvents(message)) await forgetPerson(db, data.userId);
    },
  });
  onStop('consumers', async () => {
    await Promise.all([events.stop(), erasures.stop()]);
  });
}

function answerRequests(bus: Bus, useCases: Record<string, (request: never) => Promise<unknown>>) {
  return Object.entries(useCases).map(([name, useCase]) => {
    const contract: RequestContract =
      NOTIFICATION_REQUESTS[name as keyof typeof NOTIFICATION_REQUESTS];
    return serve(bus, contract, useCase as (request: unknown) => Promise<unknown>);
  });
}

await runService('notifications', config, async (service) => {
  const { log, clock, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const { postgresUrl: url, allowPrivate, webhooksMax } = config;
  const database = await createPool({ url, applicationName: 'notifications' });
  onStop('database', () => database.end());
  const db = database.slonik;
  const bus = await connectService(service, config);
  const deliverer = startDeliveries(service, db);
  readStreams(service, bus, db, deliverer.wake);

  const key = Buffer.from(config.secretsKey, 'base64url');
  const onDeliveries = deliverer.wake;
  const served = answerRequests(bus, {
    ...createWebhookUseCases({ db, key, allowPrivate, webhooksMax, clock, onDeliveries }),
    ...createInboxUseCases({ db, clock }),
  });
  onStop('requests', async () => {
    await Promise.all(served.map((one) => one.stop()));
  });

  const forgetting = setInterval(() => {
    forgetDeliveries(db, new Date(clock.nowMs() - DELIVERIES_KEPT_MS)).catch((error: unknown) => {
      log.warn({ err: error }, 'old deliveries were not forgotten now');
    });
  }, HOUR_MS);
  onStop('forgetting', async () => clearInterval(forgetting));
});
