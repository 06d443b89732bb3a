import type { NOTIFICATION_REQUESTS } from '@florin/contracts';
import { assert, uuidv7, type Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import { seal, SEALING_KEY_BYTES, unseal } from '@florin/runtime';
import type { z } from 'zod';
import { problemOfReceiver } from './adapters/receiver-address.ts';
import { newWebhookSecret, webhookSecretText } from './domain/webhook-secret.ts';
import {
  deliveryView,
  insertDeliveries,
  listDeliveries,
  resendDelivery,
} from './sql/deliveries.ts';
import {
  deleteWebhook,
  findWebhook,
  insertWebhook,
  listWebhooks,
  rotateSecret,
  setWebhookStatus,
  webhookView,
  type WebhookRow,
} from './sql/webhooks.ts';

type Requests = typeof NOTIFICATION_REQUESTS;
export type UseCase<Name extends keyof Requests> = (
  request: z.output<Requests[Name]['request']>,
) => Promise<z.input<Requests[Name]['response']>>;

/** Receivers have a day to take a new secret over. */
const OLD_SECRET_MS = 24 * 60 * 60_000;

/** Opens the sealed secret of a webhook. */
export type OpenSecret = (webhookId: string, sealed: Buffer) => Buffer;

const labelOf = (webhookId: string): string => `webhook:${webhookId}`;

export function createOpenSecret(key: Buffer): OpenSecret {
  assert(
    key.length === SEALING_KEY_BYTES,
    `the sealing key does not have ${SEALING_KEY_BYTES} bytes`,
  );
  return (webhookId, sealed) => unseal(key, labelOf(webhookId), sealed);
}

interface ManageDeps {
  db: Database['slonik'];
  key: Buffer;
  allowPrivate: boolean;
  webhooksMax: number;
  clock: Clock;
  /** Deliveries are due. */
  onDeliveries(): void;
}

/** What owners do with their webhooks. Those of others don't exist for them. */
export function createWebhookUseCases(deps: ManageDeps) {
  const { db, key, clock, onDeliveries } = deps;

  const now = (): Date => new Date(clock.nowMs());

  const withSecret = (row: WebhookRow, secret: Buffer) => ({
    ...webhookView(row),
    secret: webhookSecretText(secret),
  });

  const createWebhook: UseCase<'createWebhook'> = async (asked) => {
    const problem = problemOfReceiver(asked.url, deps.allowPrivate);
    if (problem !== undefined) return { refused: 'url-not-allowed', detail: problem };
    const id = uuidv7(clock.nowMs());
    const secret = newWebhookSecret();
    const row = await insertWebhook(
      db,
      {
        ...asked,
        id,
        description: asked.description ?? null,
        sealedSecret: seal(key, labelOf(id), secret),
        createdAt: now(),
      },
      deps.webhooksMax,
    );
    if (row !== null) return { webhook: withSecret(row, secret) };
    return { refused: 'too-many', detail: `at most ${deps.webhooksMax} webhooks are possible` };
  };

  const rotateWebhook: UseCase<'rotateWebhook'> = async (asked) => {
    const secret = newWebhookSecret();
    const sealed = seal(key, labelOf(asked.id), secret);
    const until = new Date(clock.nowMs() + OLD_SECRET_MS);
    const row = await rotateSecret(db, asked, sealed, until);
    return { webhook: row && withSecret(row, secret) };
  };

  const setStatus: UseCase<'setWebhookStatus'> = async ({ ownerId, id, status }) => {
    if ((await findWebhook(db, ownerId, id)) === null) return { webhook: null };
    const reason = status === 'disabled' ? 'switched off by its owner' : null;
    const row = await setWebhookStatus(db, id, status, reason);
    onDeliveries();
    return { webhook: row && webhookView(row) };
  };

  const listOfDeliveries: UseCase<'listDeliveries'> = async ({ ownerId, id, cursor, limit }) => {
    if ((await findWebhook(db, ownerId, id)) === null) return { page: null };
    const rows = await listDeliveries(db, id, readCursor(cursor), limit + 1);
    return { page: pageOfRows(rows, limit, deliveryView) };
  };

  const resend: UseCase<'resendDelivery'> = async ({ ownerId, id, deliveryId }) => {
    if ((await findWebhook(db, ownerId, id)) === null) return { delivery: null };
    const row = await resendDelivery(db, id, deliveryId, now());
    onDeliveries();
    return { delivery: row && deliveryView(row) };
  };

  const test: UseCase<'testWebhook'> = async ({ ownerId, id }) => {
    if ((await findWebhook(db, ownerId, id)) === null) return { delivery: null };
    const deliveryId = uuidv7(clock.nowMs());
    const timestamp = now().toISOString();
    const body = JSON.stringify({ type: 'test', timestamp, data: { webhookId: id } });
    const delivery = { id: deliveryId, webhookId: id, eventId: `test-${deliveryId}`, body };
    await insertDeliveries(db, [{ ...delivery, eventType: 'test' }], now());
    onDeliveries();
    const [row] = await listDeliveries(db, id, undefined, 1);
    return { delivery: row ? deliveryView(row) : null };
  };

  return {
    createWebhook,
    rotateWebhook,
    setWebhookStatus: setStatus,
    listDeliveries: listOfDeliveries,
    resendDelivery: resend,
    testWebhook: test,
    listWebhooks: (async ({ ownerId, cursor, limit }) =>
      pageOfRows(
        await listWebhooks(db, ownerId, readCursor(cursor), limit + 1),
        limit,
        webhookView,
      )) satisfies UseCase<'listWebhooks'>,
    deleteWebhook: (async ({ ownerId, id }) => ({
      deleted: await deleteWebhook(db, ownerId, id),
    })) satisfies UseCase<'deleteWebhook'>,
  };
}
