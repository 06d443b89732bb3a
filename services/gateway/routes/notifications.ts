import {
  inboxMessage,
  markReadBody,
  notificationsQuery,
  pageOf,
  preferencesView,
} from '@florin/contracts';
import { z } from 'zod';
import type { Notifications } from '../adapters/notifications.ts';
import { route, type Route } from '../rest/route.ts';

interface NotificationRouteDeps {
  notifications: Notifications;
}

const SHARED = { tag: 'Notifications', access: 'person' } as const;
const PREFERENCES = { description: 'What is not told', schema: preferencesView } as const;

export function notificationRoutes({ notifications }: NotificationRouteDeps): Route[] {
  return [
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/notifications',
      summary: 'Messages for the caller, newest first',
      query: notificationsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(inboxMessage) } },
      async handle({ caller, query: { limit, cursor, unread } }) {
        const page = await notifications.listMessages({
          userId: caller.id,
          unreadOnly: unread,
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/notifications/read',
      summary: 'Mark messages as read: those named, or all',
      body: markReadBody,
      answers: { 200: { description: 'How many', schema: z.object({ marked: z.number() }) } },
      async handle({ caller, body: { ids } }) {
        const question = { userId: caller.id, ...(ids === undefined ? {} : { ids }) };
        return { status: 200, body: await notifications.markRead(question) };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/notifications/preferences',
      summary: 'Which kinds of messages the caller does not want',
      answers: { 200: PREFERENCES },
      handle: async ({ caller }) => ({
        status: 200,
        body: await notifications.getPreferences({ userId: caller.id }),
      }),
    }),
    route({
      ...SHARED,
      method: 'PUT',
      path: '/v1/notifications/preferences',
      summary: 'Choose which kinds of messages not to get',
      body: preferencesView,
      answers: { 200: PREFERENCES },
      handle: async ({ caller, body: { muted } }) => ({
        status: 200,
        body: await notifications.setPreferences({ userId: caller.id, muted }),
      }),
    }),
  ];
}
