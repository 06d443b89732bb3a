import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerMessages } from '@nats-io/jetstream';
import { RetryableError, faultText } from '@florin/kernel';
import { backoffMs } from '@florin/runtime';
import type { Bus } from './connect.ts';
import { isBroken } from './consumer-health.ts';
import { createGate } from './gate.ts';
import { incoming } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { messageIdAt, streamState } from './stream-state.ts';

/** Asked for at a time. The client asks for more when a quarter of it has arrived. */
const MAX_BUFFERED = 512;
const REQUEST_EXPIRES_MS = 30_000;
/** Two missed ones, and the consumer is made anew. */
const HEARTBEAT_MS = 2_500;
/** A consumer that nobody reads from any more removes itself. */
const INACTIVE_MS = 60_000;
/** Between two looks whether anything is left of what was stored before. */
const BACKLOG_LOOK_MS = 250;
const RESTART = { baseMs: 100, capMs: 2_000 };

/**
 * The stream is not the one that the owner's position belongs to. The reader has stopped: reading
 * on could skip or repeat messages.
 */
export interface Disorder {
  reason: 'stream-recreated' | 'stream-went-back' | 'sequence-repeated';
  detail: string;
}

export interface ReaderOptions {
  stream: string;
  /** One filter: servers before 2.10 know no list. */
  filterSubject: string;
  /** The last sequence that is done with; 0 = from the beginning. */
  startAfter: number;
  /** Creation time of the stream that `startAfter` belongs to, where the owner has stored it. */
  createdAt?: string;
  maxBuffered?: number;
  /** Called in stream order, once for each message. What it throws ends the process. */
  onMessage(message: Incoming): void;
  onDisorder(disorder: Disorder): void;
  /** Called once: all that was stored before has been handed over. */
  onCaughtUp?(): void;
}

export interface PartitionReader {
  /** No onMessage until resume(). At most about two `maxBuffered` messages are kept meanwhile. */
  pause(): void;
  resume(): void;
  /** Sequence of the last message handed to onMessage. */
  position(): number;
  /** No onMessage after this is called; resolves when the server-side consumer is gone too. */
  stop(): Promise<void>;
}

/** A promise that only ever fails, and that nobody has to be waiting for when it does. */
function createInterruption(): PromiseWithResolvers<never> {
  const interruption = Promise.withResolvers<never>();
  interruption.promise.catch(() => undefined);
  return interruption;
}

/**
 * Reads one filter of a stream in order, without acknowledgements, from a position that the owner
 * keeps. Survives restarts of the server and losses of the connection by itself: it then goes on
 * after the last message it has handed over, without gap or repeat.
 */
export function readPartition(bus: Bus, options: ReaderOptions): PartitionReader {
  const { stream, filterSubject, maxBuffered = MAX_BUFFERED } = options;
  const log = bus.log.child({ stream, filterSubject });
  const stopping = new AbortController();
  const stopped = Promise.withResolvers<void>();
  const gate = createGate();
  let position = options.startAfter;
  /** Of the message at `position`, once we have read one. */
  let lastId: string | undefined;
  let createdAt = options.createdAt;
  let messages: ConsumerMessages | undefined;
  let caughtUp = false;
  let interruption = createInterruption();
  let deleting: Promise<unknown> = Promise.resolve();

  const isStopped = (): boolean => stopping.signal.aborted;

  /** Ends the session of now; what was received still counts. */
  function interrupt(why: string): void {
    interruption.reject(new RetryableError(why));
    messages?.stop();
  }

  /** A request that was sent before the connection broke would wait for its timeout. */
  const unlessInterrupted = <T>(request: Promise<T>): Promise<T> =>
    Promise.race([request, interruption.promise]);

  function end(): void {
    stopping.abort();
    forgetBus();
    stopped.resolve();
    interrupt('the reader was stopped');
  }

  function noteBacklog(pending: number): void {
    if (pending > 0 || caughtUp) return;
    caughtUp = true;
    options.onCaughtUp?.();
  }

  /**
   * What a server says is pending can stay above what is there (seen on 2.9.10, for consumers that
   * start in the middle of a stream): when nothing comes, the stream itself is asked.
   */
  async function lookForBacklog(signal: AbortSignal): Promise<void> {
    while (!caughtUp && !isStopped() && !signal.aborted) {
      const before = position;
      await delay(BACKLOG_LOOK_MS, undefined, { signal });
      if (position !== before || gate.isClosed()) continue;
      const next = { seq: position + 1, next_by_subj: filterSubject };
      const message = await bus.jsm.streams.getMessage(stream, next);
      if (message === null && position === before) noteBacklog(0);
    }
  }

  function halt(disorder: Disorder): void {
    end();
    log.fatal(disorder, 'reading halted: the stream is not the one of the stored position');
    options.onDisorder(disorder);
  }

  /**
   * Compares with the stream as it is now. The consumer must exist already, so that it is of it.
   */
  async function disorderOfStream(): Promise<Disorder | undefined> {
    const state = await streamState(bus, stream);
    createdAt ??= state.createdAt;
    if (state.createdAt !== createdAt) {
      const detail = `created at ${state.createdAt}, the position is of ${createdAt}`;
      return { reason: 'stream-recreated', detail };
    }
    if (state.lastSequence < position) {
      const detail = `ends at ${state.lastSequence}, the position is ${position}`;
      return { reason: 'stream-went-back', detail };
    }
    return disorderOfMessage();
  }

  /** A stream that went back may have taken so many new messages since that it is as long again. */
  async function disorderOfMessage(): Promise<Disorder | undefined> {
    const [sequence, read] = [position, lastId];
    if (read === undefined) return undefined;
    const stored = await messageIdAt(bus, stream, sequence);
    if (stored === null || stored === read) return undefined;
    const detail = `message ${sequence} is ${stored ?? 'unnamed'}, we had read ${read}`;
    return { reason: 'stream-went-back', detail };
  }

  async function endWhenBroken(session: ConsumerMessages): Promise<void> {
    for await (const notice of session.status()) {
      if (!isBroken(notice, session.getReceived())) continue;
      if (!isStopped()) log.warn({ notice: notice.type }, 'the consumer is made anew');
      return session.stop();
    }
  }

  function hand(message: Incoming): void {
    try {
      options.onMessage(message);
    } catch (error) {
      end();
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  async function deliver(session: ConsumerMessages): Promise<void> {
    for await (const message of session) {
      if (gate.isClosed()) await Promise.race([gate.opened(), stopped.promise]);
      if (isStopped()) return;
      const sequence = message.seq;
      if (sequence <= position) {
        const detail = `message ${sequence} came after ${position}`;
        return halt({ reason: 'sequence-repeated', detail });
      }
      position = sequence;
      const read = incoming(message);
      lastId = read.id;
      hand(read);
      noteBacklog(message.info.pending);
    }
  }

  async function readWith(consumer: Consumer): Promise<void> {
    const disorder = await unlessInterrupted(disorderOfStream());
    if (disorder !== undefined) return halt(disorder);
    const { num_pending: backlog } = await consumer.info(true);
    noteBacklog(backlog);
    if (isStopped()) return;
    messages = await consumer.consume({
      max_messages: maxBuffered,
      expires: REQUEST_EXPIRES_MS,
      idle_heartbeat: HEARTBEAT_MS,
    });
    if (isStopped() || !bus.connected()) messages.stop();
    void endWhenBroken(messages);
    const delivering = new AbortController();
    // A look that fails is no trouble: the next session looks again.
    lookForBacklog(delivering.signal).catch(() => undefined);
    try {
      await deliver(messages);
    } finally {
      delivering.abort();
    }
  }

  /** One consumer's life: from its creation until it breaks, the connection does, or we stop. */
  async function runSession(): Promise<void> {
    interruption = createInterruption();
    const creating = bus.js.consumers.get(stream, {
      filter_subjects: filterSubject,
      opt_start_seq: position + 1,
      inactive_threshold: INACTIVE_MS,
    });
    const consumer = await unlessInterrupted(creating);
    try {
      await readWith(consumer);
    } finally {
      messages?.stop();
      messages = undefined;
      // Without a connection it can't be deleted; it then removes itself.
      if (bus.connected()) deleting = consumer.delete().catch(() => false);
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 1; !isStopped(); attempt++) {
      const startedMs = performance.now();
      try {
        if (bus.connected()) await runSession();
      } catch (error) {
        // That the connection was lost is told once, not by everything that uses it.
        const isNews = !isStopped() && bus.connected();
        if (isNews) log.warn({ err: error }, `reading failed: ${faultText(error)}`);
      }
      if (performance.now() - startedMs > HEARTBEAT_MS) attempt = 1;
      const waiting = delay(backoffMs(attempt, RESTART), undefined, { signal: stopping.signal });
      await waiting.catch(() => undefined);
    }
  }

  const forgetBus = bus.onConnectionChange((connected) => {
    if (!connected) interrupt('the connection was lost');
  });
  const running = run();

  return {
    pause: gate.close,
    resume: gate.open,
    position: () => position,
    async stop() {
      end();
      await running;
      await deleting;
    },
  };
}
