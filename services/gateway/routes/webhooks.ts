import {
  pageOf,
  pageQuery,
  webhook,
  webhookBody,
  webhookDelivery,
  webhookStatusBody,
  webhookWithSecret,
} from '@florin/contracts';
import type { Notifications } from '../adapters/notifications.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface WebhookRouteDeps {
  notifications: Notifications;
}

const SHARED = { tag: 'Webhooks', access: 'webhooks' } as const;
const WEBHOOK = { description: 'The webhook', schema: webhook } as const;
const WITH_SECRET = {
  description: 'The webhook with its secret, which is not shown again',
  schema: webhookWithSecret,
} as const;
const DELIVERY = { description: 'The delivery', schema: webhookDelivery } as const;

const unknown = (id: string): Refusal => refusal('not-found', `there is no webhook ${id}`);

const found = (body: object | null, id: string, status = 200): Answer | Refusal =>
  body === null ? unknown(id) : { status, body };

const given = <T>(cursor: T | undefined) => (cursor === undefined ? {} : { cursor });

export function webhookRoutes({ notifications }: WebhookRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/webhooks',
      summary: 'Have a URL told what happens to wallets',
      description:
        'Signed as Standard Webhooks says. Without eventTypes it hears everything. People hear ' +
        'of their own wallets, machine clients of all.',
      body: webhookBody,
      answers: { 201: WITH_SECRET },
      problems: ['limit-exceeded'],
      async handle({ caller, body }) {
        const everything = caller.kind === 'machine';
        const made = await notifications.createWebhook({ ...body, ownerId: caller.id, everything });
        if ('webhook' in made) {
          const headers = { location: `/v1/webhooks/${made.webhook.id}` };
          return { status: 201, body: made.webhook, headers };
        }
        if (made.refused === 'too-many') return refusal('limit-exceeded', made.detail);
        const errors = [{ pointer: '/url', detail: made.detail }];
        return refusal('validation-failed', made.detail, { facts: { errors } });
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/webhooks',
      summary: 'The caller’s webhooks, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(webhook) } },
      async handle({ caller, query: { limit, cursor } }) {
        const question = { ownerId: caller.id, limit, ...given(cursor) };
        return { status: 200, body: await notifications.listWebhooks(question) };
      },
    }),
    route({
      ...SHARED,
      method: 'PATCH',
      path: '/v1/webhooks/:id',
      summary: 'Switch a webhook off, or on again',
      body: webhookStatusBody,
      answers: { 200: WEBHOOK },
      problems: ['not-found'],
      async handle({ caller, params: { id }, body: { status } }) {
        const question = { ownerId: caller.id, id, status };
        return found((await notifications.setWebhookStatus(question)).webhook, id);
      },
    }),
    route({
      ...SHARED,
      method: 'DELETE',
      path: '/v1/webhooks/:id',
      summary: 'Remove a webhook and what it was told',
      answers: { 204: { description: 'Removed' } },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { deleted } = await notifications.deleteWebhook({ ownerId: caller.id, id });
        return deleted ? { status: 204 } : unknown(id);
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/webhooks/:id/rotate',
      summary: 'Give a webhook a new secret',
      description: 'For a day deliveries are signed with the old one as well.',
      answers: { 200: WITH_SECRET },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        return found((await notifications.rotateWebhook({ ownerId: caller.id, id })).webhook, id);
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/webhooks/:id/test',
      summary: 'Send a test event',
      answers: { 202: DELIVERY },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { delivery } = await notifications.testWebhook({ ownerId: caller.id, id });
        return found(delivery, id, 202);
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/webhooks/:id/deliveries',
      summary: 'What a webhook was told, and how that went, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(webhookDelivery) } },
      problems: ['not-found'],
      async handle({ caller, params: { id }, query: { limit, cursor } }) {
        const question = { ownerId: caller.id, id, limit, ...given(cursor) };
        return found((await notifications.listDeliveries(question)).page, id);
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/webhooks/:id/deliveries/:deliveryId/resend',
      summary: 'Send a delivery once more',
      answers: { 202: DELIVERY },
      problems: ['not-found'],
      async handle({ caller, params: { id, deliveryId } }) {
        const question = { ownerId: caller.id, id, deliveryId };
        const { delivery } = await notifications.resendDelivery(question);
        return found(delivery, id, 202);
      },
    }),
  ];
}
