import {
  inboxMessage,
  LETTER_KINDS,
  markReadBody,
  notificationsQuery,
  pageOf,
  preferencesBody,
  preferencesView,
  type NotificationPreferences,
} from '@florin/contracts';
import { z } from 'zod';
import type { Notifications } from '../adapters/notifications.ts';
import { route, type Route } from '../rest/route.ts';

interface NotificationRouteDeps {
  notifications: Notifications;
}

const SHARED = { tag: 'Notifications', access: 'person' } as const;
const PREFERENCES = { description: 'What is told, and where', schema: preferencesView } as const;

/** Who could keep them from somebody could take over their account unnoticed. */
const viewOf = (preferences: NotificationPreferences) => ({
  ...preferences,
  alwaysSent: [...LETTER_KINDS],
});

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
      summary: 'Which kinds of messages and letters the caller does not want',
      answers: { 200: PREFERENCES },
      handle: async ({ caller }) => ({
        status: 200,
        body: viewOf(await notifications.getPreferences({ userId: caller.id })),
      }),
    }),
    route({
      ...SHARED,
      method: 'PUT',
      path: '/v1/notifications/preferences',
      summary: 'Choose which kinds of messages and letters not to get, and in which language',
      description: 'What is left out stays as it is.',
      body: preferencesBody,
      answers: { 200: PREFERENCES },
      handle: async ({ caller, body }) => {
        const chosen = Object.fromEntries(
          Object.entries(body).filter(([, value]) => value !== undefined),
        );
        const preferences = await notifications.setPreferences({ ...chosen, userId: caller.id });
        return { status: 200, body: viewOf(preferences) };
      },
    }),
  ];
}
