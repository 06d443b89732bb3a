import { createParser } from 'eventsource-parser';
import type { ApiClient } from './api-client.ts';

export interface LiveEvent {
  name: string;
  data: unknown;
}

export interface FollowOptions {
  /** All wallets there are, for staff, or the caller's own. */
  scope: 'own' | 'all';
  signal: AbortSignal;
  onEvent(event: LiveEvent): void;
  /** Whether news come by themselves at the moment. */
  onLive(live: boolean): void;
  wait(ms: number): Promise<void>;
}

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Hears what the API tells of wallets for as long as the signal lasts. It comes back after every
 * end with the id of what it heard last, so that nothing is missed and nothing is told twice; an
 * event `reset` says that something was.
 */
export async function followEvents(
  { open }: Pick<ApiClient, 'open'>,
  { scope, signal, onEvent, onLive, wait }: FollowOptions,
): Promise<void> {
  let after: string | undefined;
  let waitMs = FIRST_WAIT_MS;
  const parser = createParser({
    onEvent({ id, event = 'message', data }) {
      after = id === '' ? undefined : (id ?? after);
      onEvent({ name: event, data: JSON.parse(data) as unknown });
    },
  });
  while (!signal.aborted) {
    try {
      const stream = await open('/v1/events', { query: { scope, after }, signal });
      onLive(true);
      waitMs = FIRST_WAIT_MS;
      parser.reset();
      const reader = stream.getReader();
      const decoder = new TextDecoder();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } catch {
      // Whatever ended it: what follows is the same.
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    onLive(false);
    if (!signal.aborted) await wait(waitMs);
  }
}
