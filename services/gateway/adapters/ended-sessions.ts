import { SESSIONS_ENDED_SUBJECT, sessionsEnded } from '@florin/contracts';
import { faultText, type Clock } from '@florin/kernel';
import type { Bus } from '@florin/messaging';
import type { Identity } from './identity.ts';

/** Longer than any access token lives. */
const REMEMBERED_MS = 1_800_000;
const ASK_AGAIN_MS = 1_000;

function sessionsIn(message: { json(): unknown }): string[] {
  try {
    return sessionsEnded.parse(message.json()).sessionIds;
  } catch {
    return [];
  }
}

/**
 * The sessions that ended before their access tokens do: by log-out, by their owner's word, with a
 * password or with the account. Identity tells them at once; what was told while we were not
 * connected is asked for. A message that is lost all the same costs what it would cost without
 * this: the token ends by itself within minutes.
 */
export function createEndedSessions(deps: {
  bus: Pick<Bus, 'nc' | 'onConnectionChange' | 'log'>;
  identity: Pick<Identity, 'listEndedSessions'>;
  clock: Clock;
}) {
  const { bus, identity, clock } = deps;
  const ended = new Map<string, number>();
  let asking: NodeJS.Timeout | undefined;
  let closed = false;

  function remember(sessionId: string): void {
    const nowMs = clock.monotonicMs();
    ended.delete(sessionId);
    ended.set(sessionId, nowMs + REMEMBERED_MS);
    // The oldest stands in front.
    for (const [id, untilMs] of ended) {
      if (untilMs > nowMs) break;
      ended.delete(id);
    }
  }

  function ask(): void {
    identity.listEndedSessions({}).then(
      ({ sessions }) => {
        for (const { id } of sessions) remember(id);
      },
      (error: unknown) => {
        bus.log.debug(`ended sessions are not known yet: ${faultText(error)}`);
        if (!closed) asking = setTimeout(ask, ASK_AGAIN_MS);
      },
    );
  }

  const subscription = bus.nc.subscribe(SESSIONS_ENDED_SUBJECT, {
    callback(error, message) {
      if (error === null) sessionsIn(message).forEach(remember);
    },
  });
  const forgetBus = bus.onConnectionChange((connected) => {
    if (connected) ask();
  });
  ask();

  return {
    has: (sessionId: string): boolean => ended.has(sessionId),
    close(): void {
      closed = true;
      clearTimeout(asking);
      forgetBus();
      subscription.unsubscribe();
    },
  };
}
