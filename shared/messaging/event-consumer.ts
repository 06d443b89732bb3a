import { setTimeout as delay } from 'node:timers/promises';
import { AckPolicy, DeliverPolicy, JetStreamApiCodes, JetStreamApiError } from '@nats-io/jetstream';
import type { ConsumerConfig, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { RetryableError, TerminalError, faultText } from '@florin/kernel';
import { backoffMs, withTraceparent } from '@florin/runtime';
import type { Bus } from './connect.ts';
import { storeDeadLetter } from './dead-letter.ts';
import { HEADERS } from './headers.ts';
import { incoming } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { serveRedelivery, takesAgain } from './redelivery.ts';

const ACK_WAIT_MS = 30_000;
const IN_FLIGHT_MAX = 16;
const REDELIVERY = { baseMs: 500, capMs: 30_000 };
const RESTART = { baseMs: 100, capMs: 2_000 };

/** Deliveries before a message is put aside: about four hours of an outage, or a bug seen often. */
const ATTEMPTS_MAX = { retryable: 500, unknown: 5 };

export interface EventConsumerOptions {
  stream: string;
  /** Its position is kept by the server under this name, shared by all instances of the service. */
  durable: string;
  filterSubject: string;
  /**
   * Called at least once for each message, several at a time, so not strictly in order: it must be
   * idempotent. RetryableError: again later. TerminalError: put aside at once. Anything else: put
   * aside after a few attempts.
   */
  handle(message: Incoming): Promise<void>;
  /** 1 handles one after the other. */
  maxInFlight?: number;
  /**
   * The server hands a message to somebody else when it hears nothing for this long: what a killed
   * process leaves behind waits until then. Fixed when the server-side consumer is made.
   */
  ackWaitMs?: number;
  /** Where a new consumer starts: with what is stored already, or with what comes from now on. */
  start?: 'all' | 'new';
}

export interface EventConsumer {
  /** Takes no more messages, and resolves when those under way are done with. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

function configOf(options: EventConsumerOptions) {
  return {
    durable_name: options.durable,
    filter_subject: options.filterSubject,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(options.ackWaitMs ?? ACK_WAIT_MS),
    // A limit on the server would skip messages without a word: the limit is ours.
    max_deliver: -1,
    deliver_policy: options.start === 'new' ? DeliverPolicy.New : DeliverPolicy.All,
  } satisfies Partial<ConsumerConfig>;
}

/** Creates the server-side consumer where there is none. Its position is never lost. */
async function provisionConsumer(bus: Bus, options: EventConsumerOptions): Promise<void> {
  const { stream, durable, filterSubject } = options;
  try {
    const { config } = await bus.jsm.consumers.info(stream, durable);
    if (config.filter_subject === filterSubject) return;
    throw new TerminalError(`consumer ${durable} of ${stream} filters ${config.filter_subject}`);
  } catch (error) {
    const { ConsumerNotFound } = JetStreamApiCodes;
    if (!(error instanceof JetStreamApiError) || error.code !== ConsumerNotFound) throw error;
    await bus.jsm.consumers.add(stream, configOf(options));
  }
}

function isSpent(error: unknown, attempts: number): boolean {
  if (error instanceof TerminalError) return true;
  const { retryable, unknown } = ATTEMPTS_MAX;
  return attempts >= (error instanceof RetryableError ? retryable : unknown);
}

function consumerMetrics({ metrics }: Bus) {
  return metrics?.counter({
    name: 'messaging_events_handled_total',
    help: 'Deliveries to a durable consumer, by how handling them ended',
    labelNames: ['durable', 'outcome'],
  });
}

/** Handles one delivery to its end: done, again later, or put aside. Never throws. */
async function settle(bus: Bus, options: EventConsumerOptions, message: JsMsg) {
  const { durable } = options;
  const event = incoming(message);
  const attempts = message.info.deliveryCount;
  try {
    const traceparent = event.header(HEADERS.traceparent);
    await withTraceparent(traceparent, durable, () => options.handle(event));
    message.ack();
    return 'handled';
  } catch (error) {
    const { subject, sequence, id } = event;
    const spent = isSpent(error, attempts);
    const fields = { err: error, durable, subject, sequence, id, attempts };
    bus.log[spent ? 'error' : 'warn'](fields, `event not handled: ${faultText(error)}`);
    if (spent && (await isStored(bus, options, event, error))) {
      message.term();
      return 'dead-letter';
    }
    // The server takes whole nanoseconds only, and forgets the delay otherwise.
    message.nak(Math.ceil(backoffMs(attempts, REDELIVERY)));
    return 'retried';
  }
}

async function isStored(
  bus: Bus,
  { durable, stream }: EventConsumerOptions,
  message: Incoming,
  error: unknown,
) {
  try {
    await storeDeadLetter(bus, { reader: durable, stream }, message, error);
    return true;
  } catch (fault) {
    bus.log.error({ err: fault, durable }, `dead letter not stored: ${faultText(fault)}`);
    return false;
  }
}

/**
 * Reads a stream for a service whose own state can take a message twice: the server keeps the
 * position, every message is acknowledged, what fails comes again. Not for money: a redelivery
 * comes after messages that are younger (see readPartition).
 */
export function createEventConsumer(bus: Bus, options: EventConsumerOptions): EventConsumer {
  const { stream, durable, maxInFlight = IN_FLIGHT_MAX, ackWaitMs = ACK_WAIT_MS } = options;
  const log = bus.log.child({ stream, durable });
  const handled = consumerMetrics(bus);
  const stopping = new AbortController();
  const underWay = new Map<JsMsg, Promise<void>>();
  const again = takesAgain(bus.name, durable)
    ? serveRedelivery(bus, options, () => handled?.inc({ durable, outcome: 'redelivered' }))
    : undefined;
  let messages: ConsumerMessages | undefined;

  const isStopped = (): boolean => stopping.signal.aborted;

  async function take(message: JsMsg): Promise<void> {
    const outcome = await settle(bus, options, message);
    handled?.inc({ durable, outcome });
    underWay.delete(message);
  }

  /** What takes long is not to be handed to somebody else. */
  const keepAlive = setInterval(() => {
    for (const message of underWay.keys()) message.working();
  }, ackWaitMs / 3);

  async function consume(): Promise<void> {
    await provisionConsumer(bus, options);
    const consumer = await bus.js.consumers.get(stream, durable);
    messages = await consumer.consume({
      max_messages: maxInFlight,
      abort_on_missing_resource: true,
    });
    if (isStopped()) messages.stop();
    for await (const message of messages) {
      // Somebody else may have it at once.
      if (isStopped()) message.nak();
      else underWay.set(message, take(message));
      if (underWay.size >= maxInFlight) await Promise.race(underWay.values());
    }
  }

  async function run(): Promise<void> {
    for (let attempt = 1; !isStopped(); attempt++) {
      const startedMs = performance.now();
      try {
        await consume();
      } catch (error) {
        log.warn({ err: error }, `consuming failed: ${faultText(error)}`);
      }
      if (performance.now() - startedMs > RESTART.capMs * 2) attempt = 1;
      const waiting = delay(backoffMs(attempt, RESTART), undefined, { signal: stopping.signal });
      await waiting.catch(() => undefined);
    }
  }

  const running = run();
  async function stop(): Promise<void> {
    stopping.abort();
    messages?.stop();
    await again?.stop();
    await running;
    await Promise.all(underWay.values());
    clearInterval(keepAlive);
  }
  return { stop, [Symbol.asyncDispose]: stop };
}
