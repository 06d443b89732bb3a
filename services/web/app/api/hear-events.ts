import type { FollowOptions, LiveEvent } from '@florin/client';
import type { ApiClient } from './api-client.ts';

interface Hearing extends Pick<FollowOptions, 'scope'> {
  onEvent(event: LiveEvent): void;
  /** Whether news come by themselves at the moment. */
  onLive(live: boolean): void;
}

/** Hears what the API tells of wallets until it is stopped. @returns how to stop it */
export function hearEvents(
  { events }: Pick<ApiClient, 'events'>,
  { onEvent, onLive, ...what }: Hearing,
): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const tell = (live: boolean): void => void (signal.aborted || onLive(live));
  async function hear(): Promise<void> {
    for await (const event of events({ ...what, signal, onLive: tell })) onEvent(event);
  }
  // It ends where nobody may hear it any more; what is shown is asked for then.
  hear().catch(() => tell(false));
  return () => stop.abort();
}
