import { createParser } from 'eventsource-parser';

export interface LiveEvent {
  /** `transaction-completed`, …; `reset`: something was missed, read your wallets anew. */
  readonly name: string;
  readonly data: unknown;
  /** Where to go on in another process; undefined after a reset. */
  readonly id: string | undefined;
}

export interface FollowOptions {
  /** The id of the last event that is done with; without it only what comes from now on. */
  after?: string | undefined;
  /** Everybody's wallets, for staff. Machine clients hear of all anyway. */
  scope?: 'own' | 'all';
  signal?: AbortSignal;
  /** Whether news come by themselves at the moment: when not, ask. */
  onLive?(live: boolean): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * The events of the caller's wallets, for as long as somebody asks for the next one. After every
 * end of the connection it comes back with the id of what it heard last: nothing is missed or told
 * twice.
 * @param open asks for the stream behind an event
 */
export async function* followEvents(
  open: (after: string | undefined) => Promise<ReadableStream<Uint8Array>>,
  wait: (ms: number) => Promise<void>,
  { after: start, signal, onLive }: FollowOptions,
): AsyncGenerator<LiveEvent, void, undefined> {
  let after = start;
  let waitMs = FIRST_WAIT_MS;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    try {
      const stream = await open(after);
      onLive?.(true);
      for await (const event of eventsOf(stream)) {
        waitMs = FIRST_WAIT_MS;
        after = event.id;
        yield event;
      }
    } catch (error) {
      // What will not be better the next time is told; a cut line is no news.
      if (isOver()) return;
      if (isFinal(error)) throw error;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    } finally {
      onLive?.(false);
    }
    if (!isOver()) await wait(waitMs);
  }
}

const isFinal = (error: unknown): boolean =>
  error instanceof Error &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status < 500 &&
  error.status !== 429;

async function* eventsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<LiveEvent> {
  const read: LiveEvent[] = [];
  let last: string | undefined;
  const parser = createParser({
    onEvent({ id, event = 'message', data }) {
      last = id === '' ? undefined : (id ?? last);
      read.push({ name: event, data: JSON.parse(data) as unknown, id: last });
    },
  });
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* read.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
