import { randomBytes, randomUUID } from 'node:crypto';
import { createEnvelope, EVENT_TYPES, type LedgerEvent } from '@florin/contracts';
import { systemClock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase } from '@florin/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhookSender } from '../adapters/webhook-sender.ts';
import { createDeliverer, type Deliverer } from '../deliver-webhooks.ts';
import { createOpenSecret, createWebhookUseCases } from '../manage-webhooks.ts';
import { createInboxUseCases } from '../read-inbox.ts';
import { forgetPerson } from '../sql/messages.ts';
import { createTellEvents } from '../tell-event.ts';
import { startReceiver } from './receiver.ts';

/**
 * Hunts words that are lost, told twice, told to others or not signed, with a real Postgres and
 * receivers that fail in all the ways receivers do.
 */

const stack = new AsyncDisposableStack();
const clock = systemClock;
const key = randomBytes(32);
const owners = new Map<string, string>();
let database: Database;
let deliverer: Deliverer;
let webhooks: ReturnType<typeof createWebhookUseCases>;
let inbox: ReturnType<typeof createInboxUseCases>;
let tell: ReturnType<typeof createTellEvents>;
let told = 0;

function person(): { id: string; wallet: string } {
  const [id, wallet] = [randomUUID(), randomUUID()];
  owners.set(wallet, id);
  return { id, wallet };
}

const entryOf = (walletId: string, direction: 'debit' | 'credit') => ({
  walletId,
  sequence: told,
  direction,
  amount: '100',
  balanceAfter: '0',
});

const transferOf = (from: string, to: string): LedgerEvent =>
  createEnvelope(EVENT_TYPES['transaction-completed'], {
    id: `00-${++told}`,
    source: 'test',
    wallet: from,
    time: new Date().toISOString(),
    data: {
      partition: 0,
      sequence: told,
      transaction: {
        id: randomUUID(),
        type: 'transfer',
        status: 'completed',
        walletId: from,
        counterpartyWalletId: to,
        amount: '100',
        currency: 'USD',
        createdAt: new Date().toISOString(),
      },
      entries: [entryOf(from, 'debit'), entryOf(to, 'credit')],
    },
  });

async function hook(ownerId: string, url: string, more: object = {}) {
  const made = await webhooks.createWebhook({
    ownerId,
    url,
    everything: false,
    eventTypes: [],
    ...more,
  });
  if (!('webhook' in made)) throw new Error(made.detail);
  return made.webhook;
}

const deliveriesOf = async (ownerId: string, id: string) =>
  (await webhooks.listDeliveries({ ownerId, id, limit: 100 })).page?.items ?? [];

beforeAll(async () => {
  const url = await freshDatabase('notifications', new URL('../migrations', import.meta.url));
  database = stack.use(await createPool({ url, applicationName: 'notifications' }));
  const db = database.slonik;
  const sender = createWebhookSender({ timeoutMs: 1_500, allowPrivate: true });
  stack.defer(() => sender.close());
  deliverer = createDeliverer({
    db,
    sender,
    openSecret: createOpenSecret(key),
    clock,
    log: createLogger('notifications', 'silent'),
    metrics: createMetrics('notifications'),
    concurrency: 16,
    timeoutMs: 1_500,
    retrySchedule: [40, 80],
    pollMs: 20,
  });
  stack.defer(() => deliverer.stop());
  deliverer.start();
  const onDeliveries = deliverer.wake;
  const managed = { db, key, allowPrivate: true, webhooksMax: 3, clock, onDeliveries };
  webhooks = createWebhookUseCases(managed);
  inbox = createInboxUseCases({ db, clock });
  const findOwners = async () => owners;
  tell = createTellEvents({ db, findOwners, clock, onDeliveries, onMails: () => undefined });
});
afterAll(() => stack.disposeAsync());

describe('webhooks', () => {
  it('are told once, however often the event comes, and verify as Standard Webhooks', async () => {
    await using receiver = await startReceiver();
    const [ana, ben] = [person(), person()];
    const made = await hook(ana.id, receiver.url);
    const event = transferOf(ana.wallet, ben.wallet);
    await tell([event]);
    await tell([event, event]);
    const [received] = await eventually(() => receiver.received.length === 1 && receiver.received);
    const headers = received?.headers as Record<string, string>;
    const payload = new Webhook(made.secret).verify(received?.body ?? '', headers);
    expect(payload).toMatchObject({ type: 'transaction-completed' });
    const deliveries = await eventually(async () => {
      const found = await deliveriesOf(ana.id, made.id);
      return found.every(({ state }) => state === 'delivered') && found;
    });
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]?.attempts).toMatchObject([{ attempt: 1, status: 204 }]);
    expect(() => new Webhook(made.secret).verify(`${received?.body} `, headers)).toThrow(
      'signature',
    );
  });

  it('hear of their owner’s wallets, machine clients of all, and of chosen types', async () => {
    await using receiver = await startReceiver();
    const [ana, ben, machine] = [person(), person(), person()];
    await hook(ana.id, `${receiver.url}?ana`, { eventTypes: ['transaction-failed'] });
    const bens = await hook(ben.id, `${receiver.url}?ben`);
    const all = await hook(machine.id, `${receiver.url}?all`, { everything: true });
    await tell([transferOf(ana.wallet, person().wallet), transferOf(ana.wallet, ben.wallet)]);
    await eventually(() => receiver.received.length >= 3);
    expect(await deliveriesOf(ben.id, bens.id)).toHaveLength(1);
    expect(await deliveriesOf(machine.id, all.id)).toHaveLength(2);
    expect(await webhooks.deleteWebhook({ ownerId: machine.id, id: all.id })).toEqual({
      deleted: true,
    });
    expect(receiver.received).toHaveLength(3);
  });

  it('try again while a receiver fails, and write down each attempt', async () => {
    await using receiver = await startReceiver();
    const ana = person();
    const made = await hook(ana.id, receiver.url);
    receiver.answerWith((response) => {
      const status = receiver.received.length < 2 ? 500 : 200;
      response.writeHead(status).end('thanks');
    });
    await tell([transferOf(ana.wallet, person().wallet)]);
    const [delivery] = await eventually(async () => {
      const found = await deliveriesOf(ana.id, made.id);
      return found[0]?.state === 'delivered' && found;
    });
    expect(delivery?.attempts.map(({ status }) => status)).toEqual([500, 200]);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set([delivery?.id]));
  });

  it('give up on a receiver that hangs, without holding up others', async () => {
    await using hanging = await startReceiver();
    await using receiver = await startReceiver();
    const [ana, ben] = [person(), person()];
    hanging.answerWith(() => undefined);
    const stuck = await hook(ana.id, hanging.url);
    await hook(ben.id, receiver.url);
    await tell(Array.from({ length: 8 }, () => transferOf(ana.wallet, person().wallet)));
    await tell([transferOf(ben.wallet, person().wallet)]);
    await eventually(() => receiver.received.length === 1);
    const [first] = await eventually(async () => {
      const found = await deliveriesOf(ana.id, stuck.id);
      const failed = found.filter(({ state }) => state === 'failed');
      return failed.length > 0 && failed;
    });
    expect(first?.attempts).toHaveLength(3);
    expect(first?.attempts[0]?.problem).toBeTypeOf('string');
    await webhooks.deleteWebhook({ ownerId: ana.id, id: stuck.id });
  });

  it('are switched off by 410, and go on when they are switched on again', async () => {
    await using receiver = await startReceiver();
    const ana = person();
    const made = await hook(ana.id, receiver.url);
    receiver.answerWith((response) => void response.writeHead(410).end());
    await tell([transferOf(ana.wallet, person().wallet)]);
    const [listed] = await eventually(async () => {
      const { items } = await webhooks.listWebhooks({ ownerId: ana.id, limit: 10 });
      return items[0]?.status === 'disabled' && items;
    });
    expect(listed?.disabledReason).toContain('410');
    await tell([transferOf(ana.wallet, person().wallet)]);
    expect(await deliveriesOf(ana.id, made.id)).toHaveLength(1);
    receiver.answerWith((response) => void response.writeHead(200).end());
    await webhooks.setWebhookStatus({ ownerId: ana.id, id: made.id, status: 'active' });
    const [gone] = await deliveriesOf(ana.id, made.id);
    const question = { ownerId: ana.id, id: made.id, deliveryId: gone?.id ?? '' };
    expect((await webhooks.resendDelivery(question)).delivery?.state).toBe('pending');
    await eventually(async () => (await deliveriesOf(ana.id, made.id))[0]?.state === 'delivered');
  });

  it('sign with both secrets after a rotation', async () => {
    await using receiver = await startReceiver();
    const ana = person();
    const made = await hook(ana.id, receiver.url);
    const rotated = await webhooks.rotateWebhook({ ownerId: ana.id, id: made.id });
    await webhooks.testWebhook({ ownerId: ana.id, id: made.id });
    const [received] = await eventually(() => receiver.received.length === 1 && receiver.received);
    const headers = received?.headers as Record<string, string>;
    for (const secret of [made.secret, rotated.webhook?.secret ?? '']) {
      expect(new Webhook(secret).verify(received?.body ?? '', headers)).toMatchObject({
        type: 'test',
      });
    }
    expect(rotated.webhook?.secret).not.toBe(made.secret);
  });

  it('do not exist for others, and have a limit', async () => {
    await using receiver = await startReceiver();
    const [ana, eve] = [person(), person()];
    const { id } = await hook(ana.id, receiver.url);
    const asEve = { ownerId: eve.id, id };
    expect(await webhooks.deleteWebhook(asEve)).toEqual({ deleted: false });
    expect(await webhooks.rotateWebhook(asEve)).toEqual({ webhook: null });
    expect(await webhooks.testWebhook(asEve)).toEqual({ delivery: null });
    expect(await webhooks.listDeliveries({ ...asEve, limit: 1 })).toEqual({ page: null });
    await hook(ana.id, receiver.url);
    await hook(ana.id, receiver.url);
    await expect(hook(ana.id, receiver.url)).rejects.toThrow('at most 3');
  });

  it('keep their secrets sealed in the database', async () => {
    await using receiver = await startReceiver();
    const ana = person();
    const { secret } = await hook(ana.id, receiver.url);
    const plain = Buffer.from(secret.slice('whsec_'.length), 'base64').toString('hex');
    const { rows } = await database.hot.query(
      "SELECT count(*)::int AS found FROM webhooks WHERE encode(secret, 'hex') LIKE $1",
      [`%${plain}%`],
    );
    expect(rows).toEqual([{ found: 0 }]);
  });

  it('do not reach an internal address through a public name', async () => {
    await using receiver = await startReceiver();
    const sender = createWebhookSender({ timeoutMs: 400, allowPrivate: false });
    const url = receiver.url.replace('127.0.0.1', 'localhost');
    expect(await sender.send(url, {}, '{}')).toMatchObject({
      status: undefined,
      problem: expect.any(String),
    });
    expect(receiver.received).toHaveLength(0);
    await sender.close();
  });
});

describe('messages in the app', () => {
  it('come once per event, to both sides, and can be read and muted', async () => {
    const [ana, ben] = [person(), person()];
    const event = transferOf(ana.wallet, ben.wallet);
    await tell([event]);
    await tell([event]);
    const of = (userId: string, unreadOnly = false) =>
      inbox.listMessages({ userId, unreadOnly, limit: 10 });
    expect((await of(ana.id)).items.map(({ kind }) => kind)).toEqual(['payment-sent']);
    expect((await of(ben.id)).items).toMatchObject([
      { kind: 'money-received', facts: { walletId: ben.wallet, amount: '100' } },
    ]);
    expect(await inbox.markRead({ userId: ben.id })).toEqual({ marked: 1 });
    expect((await of(ben.id, true)).items).toEqual([]);
    await inbox.setPreferences({ userId: ben.id, muted: ['money-received'] });
    await tell([transferOf(ana.wallet, ben.wallet)]);
    expect((await of(ben.id)).items).toHaveLength(1);
    expect((await of(ana.id)).items).toHaveLength(2);
  });

  it('are forgotten with their reader', async () => {
    const [ana, ben] = [person(), person()];
    await tell([transferOf(ana.wallet, ben.wallet)]);
    await forgetPerson(database.slonik, ana.id);
    expect(
      (await inbox.listMessages({ userId: ana.id, unreadOnly: false, limit: 9 })).items,
    ).toEqual([]);
    expect(
      (await inbox.listMessages({ userId: ben.id, unreadOnly: false, limit: 9 })).items,
    ).toHaveLength(1);
  });
});
