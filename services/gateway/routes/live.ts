import { eventsQuery } from '@florin/contracts';
import { mayLookIntoEverything } from '../domain/caller.ts';
import { refusal } from '../domain/refusal.ts';
import type { FollowWallets } from '../live/follow-wallets.ts';
import { readPosition } from '../live/position.ts';
import { route, type Route } from '../rest/route.ts';

interface LiveRouteDeps {
  followWallets: Pick<FollowWallets, 'prepare'>;
}

/** Proxies must neither keep nor collect what is told. */
const STREAM_HEADERS = { 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' };

export function liveRoutes({ followWallets }: LiveRouteDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/events',
      tag: 'Live',
      summary: 'What happens to the caller’s wallets, as server-sent events',
      description:
        'Each event has an id; a client that comes back with it as Last-Event-ID (or `after`) ' +
        'is told everything behind it, once, by any gateway. Without it only what happens from ' +
        'now on is told. An event `reset` says that what was missed can not be told any more: ' +
        'read your wallets anew. The stream ends within ten minutes; come back with a fresh ' +
        'access token. Machine clients hear of all wallets, staff too with `scope=all`.',
      access: 'transactions:read',
      query: eventsQuery,
      answers: { 200: { description: 'Events, until the end', contentType: 'text/event-stream' } },
      async handle({ caller, query, lastEventId }) {
        const given = lastEventId ?? query.after;
        const after = given === undefined ? undefined : readPosition(given);
        if (given !== undefined && after === undefined) {
          const errors = [{ parameter: 'Last-Event-ID', detail: 'must be the id of an event' }];
          return refusal('validation-failed', 'that is no event id', { facts: { errors } });
        }
        const mayHearAll = mayLookIntoEverything(caller);
        if (query.scope === 'all' && !mayHearAll) {
          return refusal('forbidden', 'you may listen to your own wallets only');
        }
        const everything = caller.kind === 'machine' || query.scope === 'all';
        return {
          status: 200,
          contentType: 'text/event-stream',
          headers: STREAM_HEADERS,
          stream: await followWallets.prepare(caller, { everything, after }),
        };
      },
    }),
  ];
}
