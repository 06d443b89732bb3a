import { createTokenSource, type Credentials } from './credentials.ts';
import { FlorinProblem, problemOf, Unreachable } from './florin-problem.ts';
import { followEvents, type FollowOptions, type LiveEvent } from './follow-events.ts';
import { WITH_IDEMPOTENCY_KEY, type Operations, type Transaction } from './operations.ts';

export type OperationName = keyof Operations;

/** Operations that answer page by page, and those that can be tried without being done. */
export type PagedOperation = {
  [O in OperationName]: Operations[O]['answer'] extends { items: readonly unknown[] } ? O : never;
}[OperationName];
export type TriedOperation = {
  [O in OperationName]: Operations[O] extends { tried: unknown } ? O : never;
}[OperationName];

type Filled<Name extends string, Fields> = keyof Fields extends never
  ? { [N in Name]?: undefined }
  : Record<string, never> extends Fields
    ? { [N in Name]?: Fields }
    : { [N in Name]: Fields };

export type Input<O extends OperationName> = Filled<'path', Operations[O]['path']> &
  Filled<'query', Operations[O]['query']> &
  (Operations[O]['body'] extends undefined
    ? { body?: undefined }
    : { body: Operations[O]['body'] }) & {
    /** Names the wish. Where one is needed and none is given, each call is a wish of its own. */
    idempotencyKey?: string;
    /** `wait=10`, `respond-async`: how long the answer may take to be final. */
    prefer?: string;
    signal?: AbortSignal;
  };

type ItemOf<O extends PagedOperation> = Operations[O]['answer'] extends {
  items: readonly (infer Item)[];
}
  ? Item
  : never;

export interface ClientOptions {
  /** `https://api.example.com` */
  baseUrl: string;
  credentials: Credentials;
  /** So often a request is tried in all, default 5. */
  attemptsMax?: number;
  /** For one attempt, default 30 s. */
  timeoutMs?: number;
  fetch?: typeof globalThis.fetch;
}

export interface FlorinClient {
  /**
   * Calls an operation by its method and path. What may be repeated is repeated: reads, and writes
   * with an idempotency key, which is the same for all attempts, so that nothing is paid twice.
   * @throws FlorinProblem when the answer is a no; `problem.transaction` is a refused one
   * @throws Unreachable when no answer came
   */
  call<O extends OperationName>(operation: O, input: Input<O>): Promise<Operations[O]['answer']>;
  /** What the operation would do now, without doing it. */
  dryRun<O extends TriedOperation>(operation: O, input: Input<O>): Promise<Operations[O]['tried']>;
  /** All items of a list, page after page, as they are asked for. */
  items<O extends PagedOperation>(operation: O, input: Input<O>): AsyncGenerator<ItemOf<O>>;
  /** Waits until a transaction is final, or held, for at most `timeoutMs` (30 s). */
  settled(transaction: Transaction, options?: { timeoutMs?: number }): Promise<Transaction>;
  /** What happens to the caller's wallets from now on, or behind an event. */
  events(options?: FollowOptions): AsyncGenerator<LiveEvent, void, undefined>;
}

const ATTEMPTS_MAX = 5;
const TIMEOUT_MS = 30_000;
const WAIT = { baseMs: 200, capMs: 10_000 };
/** Try again later: nothing was decided. 409: the same request is still under way. */
const FOR_LATER = new Set([409, 429, 502, 503, 504]);

/** @see FlorinClient */
export function createFlorinClient(options: ClientOptions): FlorinClient {
  const { attemptsMax = ATTEMPTS_MAX, timeoutMs = TIMEOUT_MS } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const tokens = createTokenSource(options.credentials, { baseUrl, fetch });

  /** One attempt; a token that ended is renewed once on the way. */
  async function attempt(url: string, init: Init, signal: AbortSignal): Promise<Response> {
    const show = (token: string): Promise<Response> =>
      fetch(url, {
        ...init,
        signal,
        headers: { ...init.headers, authorization: `Bearer ${token}` },
      });
    const token = await tokens.token();
    const response = await show(token);
    if (response.status !== 401) return response;
    const renewed = await tokens.token(token);
    if (renewed === token) return response;
    await response.body?.cancel();
    return show(renewed);
  }

  async function once(url: string, init: Init, given?: AbortSignal): Promise<Response> {
    const limits = [AbortSignal.timeout(timeoutMs), ...(given === undefined ? [] : [given])];
    try {
      const response = await attempt(url, init, AbortSignal.any(limits));
      if (!response.ok) throw await problemOf(response);
      return response;
    } catch (error) {
      if (error instanceof FlorinProblem || given?.aborted === true) throw error;
      throw new Unreachable(`no answer from ${new URL(url).host}`, { cause: error });
    }
  }

  async function repeated(url: string, init: Init, tries: number, given?: AbortSignal) {
    for (let tried = 1; ; tried++) {
      try {
        return await once(url, init, given);
      } catch (error) {
        if (tried >= tries || !isForLater(error)) throw error;
        await wait(waitMsOf(error, tried), given);
      }
    }
  }

  function send(operation: string, input: AnyInput): Promise<Response> {
    const [method = '', template = ''] = operation.split(' ');
    const needsKey = WITH_IDEMPOTENCY_KEY.has(operation);
    const key = input.idempotencyKey ?? (needsKey ? crypto.randomUUID() : undefined);
    const url = `${baseUrl}${pathOf(template, input.path)}${searchOf(input.query)}`;
    const mayRepeat = method === 'GET' || (needsKey && key !== undefined);
    const init = requestOf(method, input, key);
    return repeated(url, init, mayRepeat ? attemptsMax : 1, input.signal);
  }

  async function call(operation: string, input: AnyInput): Promise<unknown> {
    const response = await send(operation, input);
    const type = response.headers.get('content-type') ?? '';
    if (response.status === 204 || type === '') return undefined;
    return type.startsWith('application/json') ? response.json() : response.blob();
  }

  async function* items(operation: string, input: AnyInput): AsyncGenerator {
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const query: AnyInput['query'] = { ...input.query, ...(cursor && { cursor }) };
      const page = (await call(operation, { ...input, query })) as Page;
      yield* page.items;
      cursor = page.nextCursor ?? null;
    }
  }

  async function settled(
    transaction: Transaction,
    { timeoutMs: patienceMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<Transaction> {
    const untilMs = Date.now() + patienceMs;
    for (let asked = 1, known = transaction; ; asked++) {
      if (known.status !== 'pending' || Date.now() >= untilMs) return known;
      await wait(Math.min(backoffMs(asked), untilMs - Date.now()));
      known = (await call('GET /v1/transactions/{id}', { path: { id: known.id } })) as Transaction;
    }
  }

  async function open(after: string | undefined, { scope, signal }: FollowOptions) {
    const url = `${baseUrl}/v1/events${searchOf({ scope, after })}`;
    const given = signal ?? new AbortController().signal;
    const response = await attempt(url, { headers: { accept: 'text/event-stream' } }, given);
    if (!response.ok) throw await problemOf(response);
    if (response.body === null) throw new Unreachable('an answer without body');
    return response.body;
  }

  return {
    call,
    dryRun: (operation: string, input: AnyInput) =>
      call(operation, { ...input, query: { ...input.query, dryRun: 'true' } }),
    items,
    settled,
    events: (following = {}) =>
      followEvents(
        (after) => open(after, following),
        (ms) => wait(ms, following.signal),
        following,
      ),
  } as FlorinClient;
}

interface Init extends RequestInit {
  headers: Readonly<Record<string, string>>;
}

interface AnyInput {
  path?: Readonly<Record<string, unknown>> | undefined;
  query?: Readonly<Record<string, unknown>> | undefined;
  body?: unknown;
  idempotencyKey?: string | undefined;
  prefer?: string | undefined;
  signal?: AbortSignal | undefined;
}

interface Page {
  items: readonly unknown[];
  nextCursor?: string | null;
}

const isForLater = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof FlorinProblem && FOR_LATER.has(error.status));

/** Between half and all of what has doubled each time. */
const backoffMs = (tried: number): number =>
  Math.min(WAIT.capMs, WAIT.baseMs * 2 ** (tried - 1)) * (0.5 + Math.random() / 2);

const waitMsOf = (error: unknown, tried: number): number =>
  Math.max(backoffMs(tried), (error instanceof FlorinProblem && error.retryAfterMs) || 0);

const wait = (ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end);
  });

function requestOf(method: string, { body, prefer }: AnyInput, key: string | undefined): Init {
  const isForm = body instanceof FormData;
  return {
    method,
    headers: {
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
      ...(prefer === undefined ? {} : { prefer }),
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  };
}

const pathOf = (template: string, values: AnyInput['path'] = {}): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));

const isPlain = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** Fields of objects as `metadata[key]=value`. */
function searchOf(query: AnyInput['query'] = {}): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (isPlain(value)) given.append(name, String(value));
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) given.append(`${name}[${key}]`, String(one));
    }
  }
  return given.size === 0 ? '' : `?${given}`;
}
