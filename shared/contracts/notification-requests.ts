import { z } from 'zod';
import { EVENT_TYPES, type EventName } from './events.ts';
import { id, timestamp } from './schema-fields.ts';

/** What a webhook can be told of: the names that live events have too. */
export const WEBHOOK_EVENTS = [...(Object.keys(EVENT_TYPES) as EventName[]), 'test'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const eventName = z.enum(Object.keys(EVENT_TYPES) as [EventName, ...EventName[]]);

export const webhook = z.object({
  id,
  url: z.string(),
  description: z.string().optional(),
  eventTypes: z.array(eventName).meta({ description: 'Empty: all of them' }),
  status: z.enum(['active', 'disabled']),
  disabledReason: z.string().optional(),
  createdAt: timestamp,
});
export type Webhook = z.infer<typeof webhook>;

/** A webhook with its secret, which is shown when it is made and never again. */
export const webhookWithSecret = webhook.extend({
  secret: z.string().meta({ description: 'whsec_…, as in Standard Webhooks' }),
});

export const deliveryAttempt = z.object({
  attempt: z.number().int(),
  at: timestamp,
  durationMs: z.number().int(),
  status: z.number().int().optional(),
  problem: z.string().optional(),
});

export const webhookDelivery = z.object({
  id,
  eventId: z.string(),
  eventType: z.string(),
  state: z.enum(['pending', 'delivered', 'failed']),
  attempts: z.array(deliveryAttempt),
  nextAttemptAt: timestamp.optional(),
  createdAt: timestamp,
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;

export const MESSAGE_KINDS = [
  'money-received',
  'payment-sent',
  'payment-failed',
  'payment-under-review',
  'deposit-completed',
  'withdrawal-completed',
  'wallet-status-changed',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** A message in the app. What it says is written there, in the language of its reader. */
export const inboxMessage = z.object({
  id,
  kind: z.enum(MESSAGE_KINDS),
  facts: z.record(z.string(), z.string()).meta({ description: 'Wallet, transaction, amount …' }),
  createdAt: timestamp,
  readAt: timestamp.optional(),
});
export type InboxMessage = z.infer<typeof inboxMessage>;

const limit = z.number().int().min(1).max(100);
const cursor = z.string().max(200).optional();
const page = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });
const owned = { ownerId: id, id };

/** What may be asked of the notifications service. Of others' webhooks it knows nothing: null. */
export const NOTIFICATION_REQUESTS = {
  createWebhook: {
    subject: 'rpc.notifications.create-webhook',
    request: z.object({
      ownerId: id,
      everything: z.boolean(),
      url: z.string().max(2000),
      description: z.string().max(200).optional(),
      eventTypes: z.array(eventName),
    }),
    response: z.union([
      z.object({ webhook: webhookWithSecret }),
      z.object({ refused: z.enum(['url-not-allowed', 'too-many']), detail: z.string() }),
    ]),
  },
  listWebhooks: {
    subject: 'rpc.notifications.list-webhooks',
    request: z.object({ ownerId: id, cursor, limit }),
    response: page(webhook),
  },
  setWebhookStatus: {
    subject: 'rpc.notifications.set-webhook-status',
    request: z.object({ ...owned, status: z.enum(['active', 'disabled']) }),
    response: z.object({ webhook: webhook.nullable() }),
  },
  deleteWebhook: {
    subject: 'rpc.notifications.delete-webhook',
    request: z.object(owned),
    response: z.object({ deleted: z.boolean() }),
  },
  rotateWebhook: {
    subject: 'rpc.notifications.rotate-webhook',
    request: z.object(owned),
    response: z.object({ webhook: webhookWithSecret.nullable() }),
  },
  /** Newest first. */
  listDeliveries: {
    subject: 'rpc.notifications.list-deliveries',
    request: z.object({ ...owned, cursor, limit }),
    response: z.object({ page: page(webhookDelivery).nullable() }),
  },
  resendDelivery: {
    subject: 'rpc.notifications.resend-delivery',
    request: z.object({ ...owned, deliveryId: id }),
    response: z.object({ delivery: webhookDelivery.nullable() }),
  },
  testWebhook: {
    subject: 'rpc.notifications.test-webhook',
    request: z.object(owned),
    response: z.object({ delivery: webhookDelivery.nullable() }),
  },
  listMessages: {
    subject: 'rpc.notifications.list-messages',
    request: z.object({ userId: id, unreadOnly: z.boolean(), cursor, limit }),
    response: page(inboxMessage),
  },
  /** Without ids all that are there. */
  markRead: {
    subject: 'rpc.notifications.mark-read',
    request: z.object({ userId: id, ids: z.array(id).max(100).optional() }),
    response: z.object({ marked: z.number().int() }),
  },
  getPreferences: {
    subject: 'rpc.notifications.get-preferences',
    request: z.object({ userId: id }),
    response: z.object({ muted: z.array(z.enum(MESSAGE_KINDS)) }),
  },
  setPreferences: {
    subject: 'rpc.notifications.set-preferences',
    request: z.object({ userId: id, muted: z.array(z.enum(MESSAGE_KINDS)) }),
    response: z.object({ muted: z.array(z.enum(MESSAGE_KINDS)) }),
  },
} as const;
