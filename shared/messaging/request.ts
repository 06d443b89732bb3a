import { createInbox, headers as createHeaders } from '@nats-io/transport-node';
import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import { ArchivedError, RetryableError, TerminalError, faultText } from '@florin/kernel';
import { currentTraceparent } from '@florin/runtime';
import type { z } from 'zod';
import type { Bus } from './connect.ts';
import { HEADERS } from './headers.ts';
import { answersOf } from './reply-inbox.ts';
import { contentOf, requestAnswer } from './request-contract.ts';
import type { RequestContract, RequestFault } from './request-contract.ts';

const TIMEOUT_MS = 2_000;

export interface RequestOptions {
  timeoutMs?: number;
  /** Default: of the active span. */
  traceparent?: string | undefined;
}

function traceHeaders(traceparent: string | undefined): MsgHdrs {
  const headers = createHeaders();
  if (traceparent !== undefined) headers.set(HEADERS.traceparent, traceparent);
  return headers;
}

async function ask(bus: Bus, subject: string, body: string, options: RequestOptions): Promise<Msg> {
  // The client would keep the question and ask it after the caller has given up.
  if (!bus.connected()) throw new RetryableError(`${subject} can't be asked: not connected`);
  const { timeoutMs = TIMEOUT_MS, traceparent = currentTraceparent() } = options;
  const headers = traceHeaders(traceparent);
  const reply = createInbox(answersOf(bus.inboxPrefix, subject));
  try {
    return await bus.nc.request(subject, body, {
      timeout: timeoutMs,
      headers,
      noMux: true,
      reply,
    });
  } catch (error) {
    throw new RetryableError(`${subject} did not answer: ${faultText(error)}`, { cause: error });
  }
}

const broken = (subject: string, cause: unknown): Error =>
  new TerminalError(`${subject} answered what it should not`, { cause });

function faultOf(subject: string, { code, detail }: RequestFault): Error {
  if (code === 'archived') return new ArchivedError(detail);
  const Fault = code === 'unavailable' ? RetryableError : TerminalError;
  return new Fault(`${subject}: ${code}, ${detail}`);
}

/**
 * Asks another service and waits for its answer.
 * @throws RetryableError when nobody answers in time or the service can't at the moment
 * @throws TerminalError when this question will never be answered, or not as the contract says
 */
export async function request<Request extends z.ZodType, Response extends z.ZodType>(
  bus: Bus,
  contract: RequestContract<Request, Response>,
  question: z.input<Request>,
  options: RequestOptions = {},
): Promise<z.output<Response>> {
  const { subject } = contract;
  const valid = contract.request.safeParse(question);
  if (!valid.success) throw new TerminalError(`no question for ${subject}`, { cause: valid.error });
  const message = await ask(bus, subject, JSON.stringify(valid.data), options);
  const answer = requestAnswer.safeParse(contentOf(message));
  if (!answer.success) throw broken(subject, answer.error);
  if (!answer.data.ok) throw faultOf(subject, answer.data.error);
  const response = contract.response.safeParse(answer.data.value);
  if (!response.success) throw broken(subject, response.error);
  return response.data;
}
