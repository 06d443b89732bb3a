import type { ServerResponse } from 'node:http';
import type { Logger, Metrics } from '@florin/runtime';
import type { Ledger } from '../adapters/ledger.ts';
import type { Caller } from '../domain/caller.ts';
import { openEventConnection } from './event-connection.ts';
import type { EventFeed } from './event-feed.ts';
import { eventViewFor } from './event-view.ts';
import type { Position } from './position.ts';

/** Somewhat less than an access token lives. */
const LIFE_MS = 10 * 60_000;
const PAGE = 100;

interface FollowDeps {
  feed: EventFeed;
  ledger: Pick<Ledger, 'listWallets'>;
  metrics: Metrics;
  log: Logger;
}

export interface Following {
  /** All wallets there are, rather than the caller's own. */
  everything: boolean;
  after: Position | undefined;
}

/** The wallets that are somebody's now. */
async function walletsOf(ledger: FollowDeps['ledger'], ownerId: string): Promise<Set<string>> {
  const own = new Set<string>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await ledger.listWallets({
      ownerId,
      limit: PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const { id } of page.items) own.add(id);
    cursor = page.nextCursor;
  }
  return own;
}

/** Opens event connections, and ends them all when the process is about to. */
export function createFollowWallets({ feed, ledger, metrics, log }: FollowDeps) {
  const open = new Set<{ end(): void }>();
  metrics.gauge({
    name: 'event_streams_open',
    help: 'Clients that listen to events here',
    collect() {
      this.set(open.size);
    },
  });

  async function prepare(caller: Caller, { everything, after }: Following) {
    const ownerId = everything ? undefined : caller.id;
    const walletIds = everything ? new Set<string>() : await walletsOf(ledger, caller.id);
    const isOwn = (walletId: string): boolean => everything || walletIds.has(walletId);

    return (response: ServerResponse): void => {
      let following: { stop(): void } | undefined;
      let gone = false;
      const connection = openEventConnection(response, {
        lifeMs: LIFE_MS,
        onEnd() {
          gone = true;
          open.delete(connection);
          following?.stop();
        },
      });
      open.add(connection);
      const joined = feed.follow({
        ownerId,
        walletIds,
        after,
        onEvent(told) {
          const view = eventViewFor(told.event, isOwn);
          if (view !== undefined) connection.send(told.position, view);
        },
        onGap: connection.reset,
      });
      joined.then(
        (follower) => {
          following = follower;
          if (gone) follower.stop();
        },
        (error: unknown) => {
          log.warn({ err: error }, 'events can not be followed now');
          connection.end();
        },
      );
    };
  }

  return {
    prepare,
    endAll() {
      for (const connection of open) connection.end();
    },
  };
}

export type FollowWallets = ReturnType<typeof createFollowWallets>;
