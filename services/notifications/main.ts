import { MONITOR_REQUESTS, NOTIFICATION_REQUESTS } from '@florin/contracts';
import { connectService, serve, type Bus, type RequestContract } from '@florin/messaging';
import { createPool, type Database } from '@florin/postgres';
import { printableConfig, runService, type Service } from '@florin/runtime';
import { createWebhookSender } from './adapters/webhook-sender.ts';
import { readNotificationsConfig } from './config.ts';
import { createDeliverer } from './deliver-webhooks.ts';
import { followStreams } from './follow-streams.ts';
import { createMonitorUseCases } from './manage-monitors.ts';
import { createOpenSecret, createWebhookUseCases } from './manage-webhooks.ts';
import { createInboxUseCases } from './read-inbox.ts';
import { startMails } from './start-mails.ts';
import { forgetDeliveries } from './sql/deliveries.ts';
import { forgetMails } from './sql/mails.ts';

const config = readNotificationsConfig();

const HOUR_MS = 3_600_000;
/** What was delivered, or given up, is known for so long. */
const KEPT_MS = 30 * 24 * HOUR_MS;

const REQUESTS = { ...NOTIFICATION_REQUESTS, ...MONITOR_REQUESTS };

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

function answerRequests(bus: Bus, useCases: Record<string, (request: never) => Promise<unknown>>) {
  return Object.entries(useCases).map(([name, useCase]) => {
    const contract: RequestContract = REQUESTS[name as keyof typeof REQUESTS];
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
  const mails = startMails(service, bus, db, config);
  followStreams(service, bus, { db, signingKeys: config.signingKeys, deliverer, mails });

  const key = Buffer.from(config.secretsKey, 'base64url');
  const onDeliveries = deliverer.wake;
  const served = answerRequests(bus, {
    ...createWebhookUseCases({ db, key, allowPrivate, webhooksMax, clock, onDeliveries }),
    ...createInboxUseCases({ db, clock }),
    ...createMonitorUseCases({ db, clock }),
  });
  onStop('requests', async () => {
    await Promise.all(served.map((one) => one.stop()));
  });

  const forgetting = setInterval(() => {
    const before = new Date(clock.nowMs() - KEPT_MS);
    Promise.all([forgetDeliveries(db, before), forgetMails(db, before)]).catch((error: unknown) => {
      log.warn({ err: error }, 'what is old was not forgotten now');
    });
  }, HOUR_MS);
  onStop('forgetting', async () => clearInterval(forgetting));
});
