import { z } from 'zod';
import { EVENT_TYPES, type EventName } from './events.ts';
import { PAYMENT_EVENT_TYPES, type PaymentEventName } from './payment-events.ts';
import { LOCALES } from './letters.ts';
import { id, timestamp } from './schema-fields.ts';

/** What happens besides what the ledger tells: a balance crossed a line that somebody watches. */
export type ToldEventName = EventName | PaymentEventName | 'balance-crossed';

const TOLD_EVENTS: readonly ToldEventName[] = [
  ...(Object.keys(EVENT_TYPES) as EventName[]),
  ...(Object.keys(PAYMENT_EVENT_TYPES) as PaymentEventName[]),
  'balance-crossed',
];

/** What a webhook can be told of: the names that live events have too, and more. */
export const WEBHOOK_EVENTS = [...TOLD_EVENTS, 'test'] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

const eventName = z.enum(TOLD_EVENTS);

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
  'reward-paid',
  'reward-taken-back',
  'balance-below',
  'balance-above',
  'payment-request-received',
  'payment-request-accepted',
  'payment-request-declined',
  'payment-request-cancelled',
  'payment-request-expired',
  'scheduled-transfer-failed',
  'bulk-file-finished',
] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** What nobody gets letters about before they ask for it: they did most of it themselves. */
export const MUTED_LETTERS_DEFAULT: readonly MessageKind[] = [
  'payment-sent',
  'deposit-completed',
  'reward-paid',
  'reward-taken-back',
  'payment-request-cancelled',
];

/** What a person wants to be told of, where, and in which language. */
export const notificationPreferences = z.object({
  muted: z.array(z.enum(MESSAGE_KINDS)).meta({ description: 'No messages in the app' }),
  mutedLetters: z.array(z.enum(MESSAGE_KINDS)).meta({ description: 'No e-mail' }),
  locale: z.enum(LOCALES).meta({ description: 'Language of letters' }),
});
export type NotificationPreferences = z.infer<typeof notificationPreferences>;

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
    response: notificationPreferences,
  },
  setPreferences: {
    subject: 'rpc.notifications.set-preferences',
    /** What is left out stays as it is. */
    request: notificationPreferences.partial().extend({ userId: id }),
    response: notificationPreferences,
  },
} as const;
