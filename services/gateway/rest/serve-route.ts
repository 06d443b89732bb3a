import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dryRunQuery, PROBLEMS, type RequestOrigin } from '@florin/contracts';
import {
  ArchivedError,
  faultText,
  isUuid,
  ok,
  refuse,
  RetryableError,
  uuidv7,
  type Result,
} from '@florin/kernel';
import { currentTraceparent, withTraceparent, type Logger, type Metrics } from '@florin/runtime';
import { missingPermission, type Caller } from '../domain/caller.ts';
import { isRefusal, overloaded, refusal, type Refusal } from '../domain/refusal.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { readPreference } from './preference.ts';
import type { CorsOf } from './cors.ts';
import { isAttempt, type CountRequest, type StartCounting } from './count-request.ts';
import { problemDocument } from './problem-document.ts';
import { ClientGoneError, readBody } from './read-body.ts';
import { readLines } from './read-lines.ts';
import { readSigned } from './read-signed.ts';
import { readUpload } from './read-upload.ts';
import { readQuery } from './read-query.ts';
import type { ReadContext } from './request-context.ts';
import type { Answer, Route } from './route.ts';
import { validateBody, validateQuery } from './validate.ts';

export interface ServeDeps {
  authenticate(authorization: string | undefined): Promise<Result<Caller, Refusal>>;
  startCounting: StartCounting;
  corsOf: CorsOf;
  nameRequest(header: string | string[] | undefined): string;
  readContext: ReadContext;
  readOrigin(request: IncomingMessage): RequestOrigin;
  log: Logger;
  metrics: Metrics;
  /** Requests that take longer are logged. */
  slowMs: number;
  /** Asks clients to reconnect elsewhere: this process is about to end. */
  isStopping(): boolean;
}

/** The part of a request that express adds to Node's. */
type RoutedRequest = IncomingMessage & { params?: Record<string, string | string[]> };

export type ServeRoute = (request: RoutedRequest, response: ServerResponse) => void;

interface Exchange {
  request: RoutedRequest;
  response: ServerResponse;
  requestId: string;
  /** Path template for metrics and logs: never what the client wrote. */
  route: string;
  startedAtMs: number;
  /** Known once somebody asked for it: most requests end without. */
  traceId: string | undefined;
  /** What the client hears of its budgets. */
  count: CountRequest;
}

const TRACEPARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/;

const traceparentOf = ({ headers }: IncomingMessage): string | undefined => {
  const header = headers['traceparent'];
  return typeof header === 'string' && TRACEPARENT.test(header) ? header : undefined;
};

/** The trace that the request belongs to; made up when nobody traces, so that logs can be found. */
function traceIdOf(exchange: Exchange): string {
  const traceparent = currentTraceparent() ?? traceparentOf(exchange.request);
  return (exchange.traceId ??= traceparent?.slice(3, 35) ?? randomBytes(16).toString('hex'));
}

/** Where the path ends and the query begins, without building a URL object for each request. */
function splitUrl(url: string): { path: string; search: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, search: '' } : { path: url.slice(0, at), search: url.slice(at + 1) };
}

function checkQuery(route: Route, search: string): Result<unknown, Refusal> {
  const query = readQuery(search);
  if (!query.ok) {
    const errors = [{ parameter: query.error, detail: 'comes more than once' }];
    const detail = 'the query has mistakes';
    return { ok: false, error: refusal('validation-failed', detail, { facts: { errors } }) };
  }
  if (route.query !== undefined) return validateQuery(route.query, query.value);
  if (route.simulates === true) return validateQuery(dryRunQuery, query.value);
  const [unknown] = Object.keys(query.value);
  if (unknown === undefined) return { ok: true, value: undefined };
  const errors = [{ parameter: unknown, detail: 'is not known here' }];
  const detail = 'this call has no query parameters';
  return { ok: false, error: refusal('validation-failed', detail, { facts: { errors } }) };
}

const isDryRun = (query: unknown): boolean => (query as { dryRun?: boolean }).dryRun === true;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

async function checkBody(route: Route, request: RoutedRequest): Promise<Result<unknown, Refusal>> {
  if (route.body === undefined) return { ok: true, value: undefined };
  if (route.bodyOptional === true && !hasBody(request)) return validateBody(route.body, {});
  const body = await readBodyOf(route, request);
  return body.ok ? validateBody(route.body, body.value) : body;
}

function readBodyOf(route: Route, request: RoutedRequest): Promise<Result<unknown, Refusal>> {
  if (route.signed !== undefined) return readSigned(request, route.signed);
  if (route.uploadBytesMax !== undefined) return readUpload(request, route.uploadBytesMax);
  return readBody(request, route.acceptsForm ?? false);
}

const NOTHING_OBSERVED = ok({});
const NO_LINES = ok((async function* (): AsyncGenerator<Buffer> {})());

/** Who calls, if they may: known, allowed, and not too often. */
async function admit(
  route: Route,
  { request, count }: Exchange,
  { authenticate }: ServeDeps,
): Promise<Result<Caller | undefined, Refusal>> {
  if (route.access === 'public') {
    const over = isAttempt(route) ? await count.stranger() : undefined;
    return over === undefined ? ok(undefined) : refuse(over);
  }
  const authenticated = await authenticate(request.headers.authorization);
  if (!authenticated.ok) {
    const { error } = authenticated;
    return refuse((error.expired ? undefined : await count.stranger()) ?? error);
  }
  const caller = authenticated.value;
  const over = await count.caller(caller);
  if (over !== undefined) return refuse(over);
  const missing = missingPermission(route.access, `${route.method} ${route.path}`, caller);
  return missing === undefined ? ok(caller) : refuse(refusal('forbidden', missing));
}

/** Cheapest check first, and nothing is said about a resource before the caller is known. */
async function callRoute(
  route: Route,
  exchange: Exchange,
  deps: ServeDeps,
): Promise<Answer | Refusal> {
  const { request, requestId } = exchange;
  const { headers } = request;
  const admitted = await admit(route, exchange, deps);
  if (!admitted.ok) return admitted.error;
  const caller = admitted.value;
  const params = (request.params ?? {}) as Record<string, string>;
  for (const name in params) {
    if (!isUuid(params[name] ?? '')) return refusal('not-found', 'there is no such thing');
  }
  const { path, search } = splitUrl(request.url ?? '/');
  const query = checkQuery(route, search);
  if (!query.ok) return query.error;
  const dryRun = route.simulates === true && isDryRun(query.value);
  const key = dryRun
    ? ok(uuidv7())
    : readIdempotencyKey(headers['idempotency-key'], route.idempotencyKey);
  if (!key.ok) return key.error;
  const context =
    caller !== undefined && route.scored === true
      ? deps.readContext(request, caller)
      : NOTHING_OBSERVED;
  if (!context.ok) return context.error;
  const body = await checkBody(route, request);
  if (!body.ok) return body.error;
  const lines = route.lines === undefined ? NO_LINES : readLines(request);
  if (!lines.ok) return lines.error;
  const over = await exchange.count.payment(route, caller, body.value);
  if (over !== undefined) return over;
  return route.handle({
    caller,
    params,
    query: query.value,
    body: body.value,
    lines: () => lines.value,
    idempotencyKey: key.value,
    dryRun,
    context: context.value,
    origin: () => deps.readOrigin(request),
    preference: readPreference(headers['prefer'] as string | undefined),
    method: route.method,
    path,
    requestId,
    traceId: () => traceIdOf(exchange),
    lastEventId: headers['last-event-id'] as string | undefined,
    authorization: headers.authorization,
  });
}

/** A fault reaches the client as a code and a trace id only; what it was stands in the log. */
function refusalOfFault(error: unknown, exchange: Exchange, log: Logger): Refusal {
  const { request, requestId, route } = exchange;
  const where = { requestId, route, method: request.method, requestTraceId: traceIdOf(exchange) };
  if (error instanceof ArchivedError) return refusal('archived', error.message);
  if (error instanceof RetryableError) {
    log.warn({ ...where, fault: faultText(error) }, 'a neighbour did not answer');
    return overloaded('a part of the platform does not answer at the moment; please try again');
  }
  log.error({ ...where, err: error }, 'a request failed');
  return refusal('internal', 'something broke on our side; the trace id helps us to find it');
}

/** Texts and bytes are sent as they are, everything else as JSON. */
const textOf = (body: unknown): string | Uint8Array | undefined =>
  body === undefined || typeof body === 'string' || body instanceof Uint8Array
    ? body
    : JSON.stringify(body);

/** Types are what we say they are, and whoever came here encrypted stays so. */
const SAFETY = [
  'x-content-type-options',
  'nosniff',
  'strict-transport-security',
  'max-age=31536000; includeSubDomains',
];
const NO_PAGE = [
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy',
  'no-referrer',
];

/** Every answer leaves through here: one place for headers, figures and the access log. */
function createSender({ log, metrics, slowMs, isStopping, corsOf }: ServeDeps) {
  const durations = metrics.histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the head of the request to its answer',
    labelNames: ['method', 'route', 'status'],
  });

  const replays = metrics.counter({
    name: 'idempotency_replays_total',
    help: 'Requests that were answered as the first one under their key was',
  });

  function record({ request, requestId, route, startedAtMs }: Exchange, status: number): void {
    const durationMs = performance.now() - startedAtMs;
    const method = request.method ?? '';
    durations.observe(
      { method, route, status: `${Math.floor(status / 100)}xx` },
      durationMs / 1000,
    );
    if (durationMs > slowMs) {
      log.info({ requestId, method, route, status, durationMs }, 'slow request');
    } else if (log.isLevelEnabled('debug')) {
      log.debug({ requestId, method, route, status, durationMs }, 'request');
    }
  }

  return (exchange: Exchange, answer: Answer): void => {
    const { response, requestId } = exchange;
    const { status, body, contentType = 'application/json', headers } = answer;
    const text = textOf(body);
    const head = ['x-request-id', requestId, ...SAFETY, ...corsOf(exchange.request)];
    if (text !== undefined) {
      head.push('content-type', contentType, 'content-length', String(Buffer.byteLength(text)));
    }
    // Data is no page: whatever opens it as one runs nothing, and shows it in no frame.
    if (headers?.['content-security-policy'] === undefined) head.push(...NO_PAGE);
    if (headers?.['cache-control'] === undefined) head.push('cache-control', 'no-store');
    for (const name in headers) head.push(name, headers[name] as string);
    const quota = exchange.count.headers();
    for (const name in quota) head.push(name, quota[name] as string);
    if (answer.stream !== undefined) head.push('content-type', contentType);
    if (isStopping()) head.push('connection', 'close');
    response.writeHead(status, head);
    if (answer.stream === undefined) response.end(text);
    else answer.stream(response);
    record(exchange, status);
    if (headers?.['idempotency-replayed'] !== undefined) replays.inc();
  };
}

const RETRY_AFTER_DEFAULT_SECONDS = 1;

function problemAnswer(refused: Refusal, exchange: Exchange): Answer {
  const { status } = PROBLEMS[refused.refused];
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="florin"';
  if (status === 429 || status === 503) {
    headers['retry-after'] = String(refused.retryAfterSeconds ?? RETRY_AFTER_DEFAULT_SECONDS);
  }
  if (refused.replayed === true) headers['idempotency-replayed'] = 'true';
  const body = problemDocument(refused, traceIdOf(exchange));
  return { status, body, contentType: 'application/problem+json', headers };
}

/** Turns routes into request handlers: authorisation, validation, the call, and its answer. */
export function createRouteServer(deps: ServeDeps) {
  const send = createSender(deps);

  function begin(route: string, request: RoutedRequest, response: ServerResponse): Exchange {
    const requestId = deps.nameRequest(request.headers['x-request-id']);
    const startedAtMs = performance.now();
    const count = deps.startCounting(request);
    return { request, response, requestId, route, startedAtMs, traceId: undefined, count };
  }

  function finish(exchange: Exchange, outcome: Answer | Refusal): void {
    send(exchange, isRefusal(outcome) ? problemAnswer(outcome, exchange) : outcome);
  }

  function fail(exchange: Exchange, error: unknown): void {
    if (error instanceof ClientGoneError) return void exchange.response.destroy();
    finish(exchange, refusalOfFault(error, exchange, deps.log));
  }

  async function run(route: Route, exchange: Exchange): Promise<void> {
    try {
      const outcome = await callRoute(route, exchange, deps);
      await exchange.count.proven(route, outcome);
      finish(exchange, outcome);
    } catch (error) {
      fail(exchange, error);
    }
  }

  return {
    serve(route: Route): ServeRoute {
      const span = `${route.method} ${route.path}`;
      return (request, response) => {
        const exchange = begin(route.path, request, response);
        void withTraceparent(traceparentOf(request), span, () => run(route, exchange));
      };
    },
    /** Answers what no route takes. */
    refuse(request: RoutedRequest, response: ServerResponse, refused: Refusal): void {
      finish(begin('none', request, response), refused);
    },
    /** Answers a request that broke before it reached its route. */
    fail(request: RoutedRequest, response: ServerResponse, error: unknown): void {
      fail(begin('none', request, response), error);
    },
    /** Says which methods a path has (OPTIONS). */
    allow(request: RoutedRequest, response: ServerResponse, methods: string): void {
      finish(begin('none', request, response), { status: 204, headers: { allow: methods } });
    },
  };
}
