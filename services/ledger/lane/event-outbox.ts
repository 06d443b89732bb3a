import { setTimeout as delay } from 'node:timers/promises';
import { eventSubject, EVENT_TYPES, MANY_WALLETS } from '@florin/contracts';
import { faultText, RetryableError, TerminalError, uuidv7 } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type { EventState } from '../domain/changes.ts';

/** Larger messages gain nothing, and the server's limit is far above: it counts bytes too. */
const MESSAGE_EVENTS_MAX = 500;
const MESSAGE_BYTES_MAX = 512 * 1024;
/** Somebody has to change a setting of the stream first. */
const REFUSED_REST_MS = 1_000;

export interface EventOutbox {
  /** Committed events, in order. */
  push(events: readonly EventState[]): void;
  /** The last event that the stream has acknowledged. */
  published(): number;
  size(): number;
  /** Resolves when all that was pushed is published, or the outbox is stopped. */
  drained(): Promise<void>;
  stop(): void;
}

/**
 * Publishes a partition's events in order: one message at a time, which carries all that has come
 * together meanwhile. Consumers skip what they have seen by its sequence, so an event may come
 * twice, but none may be overtaken.
 *
 * A message that is too large for the stream is cut in two, down to a single event. If that is
 * refused as well, it and all after it wait until the stream takes it: a reader that was never told
 * an event could not know what it missed.
 */
export function createEventOutbox(options: {
  partition: number;
  publisher: Publisher;
  publishedUpTo: number;
  log: Logger;
  /** The stream will never take the next event as it is set; undefined: it does again. */
  onRefused(problem: string | undefined): void;
  /** The stream has taken events: a lane that was full has room again. */
  onTold(): void;
}): EventOutbox {
  const { partition, publisher, log, onTold, onRefused } = options;
  const stopping = new AbortController();
  let queue: EventState[] = [];
  let bytesMax = MESSAGE_BYTES_MAX;
  let refused = false;
  let published = options.publishedUpTo;
  let running = false;
  const waiters: (() => void)[] = [];

  async function run(): Promise<void> {
    running = true;
    while (queue.length > 0 && !stopping.signal.aborted) {
      const chunk = firstRun(queue, bytesMax);
      try {
        await publisher.publish(messageOf(partition, chunk));
      } catch (error) {
        if (stopping.signal.aborted) break;
        if (error instanceof TerminalError) {
          await cutOrWait(chunk, error);
          continue;
        }
        if (!(error instanceof RetryableError)) throw error;
        // Events that can't be told yet stay in the books as well: nothing is lost by waiting.
        log.warn({ partition, problem: faultText(error) }, 'events can’t be published yet');
        continue;
      }
      if (refused) {
        refused = false;
        onRefused(undefined);
      }
      queue = queue.slice(chunk.length);
      published = chunk.at(-1)?.sequence ?? published;
      onTold();
    }
    running = false;
    for (const resolve of waiters.splice(0)) resolve();
  }

  async function cutOrWait(chunk: readonly EventState[], error: TerminalError): Promise<void> {
    if (chunk.length > 1) {
      bytesMax = Math.floor(bytesOf(chunk) / 2);
      log.warn({ partition, bytesMax, problem: faultText(error) }, 'events go in smaller messages');
      return;
    }
    if (!refused) {
      const [event] = chunk;
      const problem = faultText(error);
      log.error({ partition, sequence: event?.sequence, problem }, 'an event can’t be told');
      onRefused(problem);
      refused = true;
    }
    const { signal } = stopping;
    await delay(REFUSED_REST_MS, undefined, { signal }).catch(() => undefined);
  }

  return {
    push(events) {
      if (events.length === 0) return;
      queue = queue.length === 0 ? [...events] : queue.concat(events);
      if (!running) void run();
    },
    published: () => published,
    size: () => queue.length,
    drained: () =>
      new Promise((resolve) => {
        if (running) waiters.push(resolve);
        else resolve();
      }),
    stop: () => stopping.abort(),
  };
}

const bytesOf = (events: readonly EventState[]): number =>
  events.reduce((sum, event) => sum + Buffer.byteLength(event.json()) + 1, 0);

/** The longest beginning of the queue that fits one message: events of one name. */
function firstRun(queue: readonly EventState[], bytesMax: number): EventState[] {
  const name = queue[0]?.name;
  let bytes = 0;
  let length = 0;
  for (const event of queue) {
    bytes += Buffer.byteLength(event.json()) + 1;
    if (event.name !== name || length === MESSAGE_EVENTS_MAX) break;
    if (length > 0 && bytes > bytesMax) break;
    length += 1;
  }
  return queue.slice(0, length);
}

function messageOf(partition: number, events: readonly EventState[]) {
  const [first] = events as [EventState];
  const single = events.every((event) => event.wallet === first.wallet);
  const wallet = single ? first.wallet : MANY_WALLETS;
  return {
    subject: eventSubject(partition, wallet, first.name),
    body: `[${events.map((event) => event.json()).join(',')}]`,
    id: uuidv7(),
    type: EVENT_TYPES[first.name],
    wallet,
    partition,
  };
}
