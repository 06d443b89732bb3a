import type { Msg } from '@nats-io/transport-node';
import { ArchivedError, RetryableError, faultText } from '@florin/kernel';
import { withTraceparent } from '@florin/runtime';
import type { z } from 'zod';
import type { Bus } from './connect.ts';
import { HEADERS } from './headers.ts';
import { isReplySubject } from './reply-inbox.ts';
import { contentOf } from './request-contract.ts';
import type { RequestAnswer, RequestContract, RequestFault } from './request-contract.ts';

const IN_FLIGHT_MAX = 256;

export interface ServeOptions {
  /** Each request goes to one member of the queue group. Default: the name of the service. */
  queue?: string;
  /** What comes beyond it is answered `unavailable` at once. */
  maxInFlight?: number;
}

export interface Served {
  /** Takes no more requests, and resolves when those under way are answered. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const fault = (code: RequestFault['code'], detail: string): RequestAnswer => ({
  ok: false,
  error: { code, detail },
});

/** Turns a message into the answer to it. Never throws: whoever asked must learn that it failed. */
async function answerTo<Request extends z.ZodType, Response extends z.ZodType>(
  bus: Bus,
  contract: RequestContract<Request, Response>,
  handle: (request: z.output<Request>) => Promise<z.input<Response>>,
  message: Msg,
): Promise<RequestAnswer> {
  const { subject } = contract;
  try {
    const question = contract.request.safeParse(contentOf(message));
    if (!question.success) return fault('malformed-request', question.error.message);
    const traceparent = message.headers?.get(HEADERS.traceparent) || undefined;
    const response = await withTraceparent(traceparent, subject, () => handle(question.data));
    return { ok: true, value: contract.response.parse(response) };
  } catch (error) {
    if (error instanceof ArchivedError) return fault('archived', error.message);
    const again = error instanceof RetryableError;
    bus.log[again ? 'warn' : 'error']({ err: error, subject }, `not answered: ${faultText(error)}`);
    return again ? fault('unavailable', 'try again later') : fault('internal', 'see the log');
  }
}

function respond(bus: Bus, message: Msg, answer: RequestAnswer): void {
  try {
    message.respond(JSON.stringify(answer));
  } catch (error) {
    const { subject } = message;
    bus.log.error({ err: error, subject }, `answer not sent: ${faultText(error)}`);
    const tooLarge = fault('internal', 'the answer can not be sent');
    if (!bus.nc.isClosed() && answer.ok) message.respond(JSON.stringify(tooLarge));
  }
}

function requestMetrics({ metrics }: Bus) {
  return metrics?.histogram({
    name: 'messaging_request_seconds',
    help: 'Time to answer a request of another service',
    labelNames: ['subject', 'outcome'],
  });
}

/**
 * Answers requests. `handle` gets what the schema made of the question; what it returns is
 * validated too. Refusals are part of the response; a thrown RetryableError tells the caller to try
 * again, any other error tells it only that something is wrong. The server knows of it a moment
 * later: after `bus.nc.flush()`, which a service awaits before it calls itself ready.
 */
export function serve<Request extends z.ZodType, Response extends z.ZodType>(
  bus: Bus,
  contract: RequestContract<Request, Response>,
  handle: (request: z.output<Request>) => Promise<z.input<Response>>,
  options: ServeOptions = {},
): Served {
  const { queue = bus.name, maxInFlight = IN_FLIGHT_MAX } = options;
  const { subject } = contract;
  const seconds = requestMetrics(bus);
  const underWay = new Set<Promise<void>>();

  async function answer(message: Msg): Promise<void> {
    const startedMs = performance.now();
    const full = underWay.size >= maxInFlight;
    const result = full
      ? fault('unavailable', 'too many requests')
      : await answerTo(bus, contract, handle, message);
    respond(bus, message, result);
    const outcome = result.ok ? 'ok' : result.error.code;
    seconds?.observe({ subject, outcome }, (performance.now() - startedMs) / 1000);
  }

  function receive(error: Error | null, message: Msg): void {
    if (error !== null) {
      bus.log.error({ err: error, subject }, 'requests can not be received');
    } else if (!isReplySubject(message.reply ?? '')) {
      bus.log.warn({ subject, reply: message.reply }, 'a request wants its answer elsewhere');
    } else {
      const work: Promise<void> = answer(message).finally(() => underWay.delete(work));
      underWay.add(work);
    }
  }

  const subscription = bus.nc.subscribe(subject, { queue, callback: receive });
  async function stop(): Promise<void> {
    // Draining needs the server.
    if (bus.connected()) await subscription.drain();
    else subscription.unsubscribe();
    await Promise.all(underWay);
  }
  return { stop, [Symbol.asyncDispose]: stop };
}
