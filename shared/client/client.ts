import { createTokenSource, type Credentials } from './credentials.ts';
import { FlorinProblem, problemOf, Unreachable } from './florin-problem.ts';
import { followEvents, type FollowOptions, type LiveEvent } from './follow-events.ts';
import type {
  AnswerOf,
  AnyInput,
  Fetch,
  Given,
  Input,
  ItemOf,
  OperationName,
  PagedOperation,
  TriedOperation,
} from './input.ts';
import { WITH_IDEMPOTENCY_KEY, type Operations, type Transaction } from './operations.ts';
import { backoffMs, repeatCall, waitFor, type Wait } from './repeat-call.ts';
import { addressOf, searchOf, writeRequest, type WrittenRequest } from './write-request.ts';

export interface ClientOptions {
  /** `https://api.example.com`; in a browser, `''` is the origin of the page. */
  baseUrl: string;
  /** Without any, requests are nobody's: enough to register. */
  credentials?: Credentials;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
  /** So often a request is tried in all, default 5. */
  attemptsMax?: number;
  /** For one attempt, default 30 s. */
  timeoutMs?: number;
  /** Longest wait between two attempts, default 60 s. Who is asked to wait longer is told so. */
  waitMsMax?: number;
  fetch?: Fetch;
  /** How to wait; it may end sooner, as soon as a device is online again. */
  wait?: Wait;
}

export interface FlorinClient {
  /**
   * Calls an operation by its method and path. What may be repeated is repeated: reads, and writes
   * with an idempotency key, which is the same for all attempts, so that nothing is paid twice.
   * @throws FlorinProblem when the answer is a no; `problem.transaction` is a refused one
   * @throws Unreachable when no answer came
   */
  call<O extends OperationName>(operation: O, ...given: Given<O>): Promise<AnswerOf<O>>;
  /** The same, with the answer as a file, whatever is in it: a statement, an export. */
  file<O extends OperationName>(operation: O, ...given: Given<O>): Promise<Blob>;
  /** Calls what the description of the API does not name, with the same token and errors. */
  request(operation: string, input?: AnyInput): Promise<unknown>;
  /** What the operation would do now, without doing it. */
  dryRun<O extends TriedOperation>(operation: O, input: Input<O>): Promise<Operations[O]['tried']>;
  /** All items of a list, page after page, as they are asked for. */
  items<O extends PagedOperation>(operation: O, ...given: Given<O>): AsyncGenerator<ItemOf<O>>;
  /** Waits until a transaction is final, or held, for at most `timeoutMs` (30 s). */
  settled(transaction: Transaction, options?: { timeoutMs?: number }): Promise<Transaction>;
  /** What happens to the caller's wallets from now on, or behind an event. */
  events(options?: FollowOptions): AsyncGenerator<LiveEvent, void, undefined>;
}

const ATTEMPTS_MAX = 5;
const TIMEOUT_MS = 30_000;
const WAIT_MS_MAX = 60_000;

/** A token that ended, or that a proxy refused. Other 401 are about a password or a code. */
const MAY_BE_RENEWED: readonly string[] = ['unauthenticated', 'unreadable-answer'];

/** @see FlorinClient */
export function createFlorinClient(options: ClientOptions): FlorinClient {
  const { attemptsMax = ATTEMPTS_MAX, waitMsMax = WAIT_MS_MAX, wait = waitFor } = options;
  const usualFetch: Fetch = options.fetch ?? globalThis.fetch;
  const baseUrl = options.baseUrl.replace(/\/+$/, '');
  const tokens = createTokenSource(options.credentials, { baseUrl, fetch: usualFetch });

  /** One attempt; a token that ended is renewed once on the way. @throws FlorinProblem */
  async function attempt(
    address: string,
    init: WrittenRequest,
    fetch = usualFetch,
  ): Promise<Response> {
    const show = (token: string | undefined): Promise<Response> => {
      const shown = token === undefined ? {} : { authorization: `Bearer ${token}` };
      const headers = { ...options.headers, ...init.headers, ...shown };
      return fetch(`${baseUrl}${address}`, { ...init, headers });
    };
    const token = await tokens.token();
    const response = await show(token);
    if (response.ok) return response;
    const problem = await problemOf(response);
    const isOver = problem.status === 401 && MAY_BE_RENEWED.includes(problem.code);
    const renewed = isOver && token !== undefined ? await tokens.token(token) : undefined;
    if (renewed === undefined || renewed === token) throw problem;
    const again = await show(renewed);
    if (!again.ok) throw await problemOf(again);
    return again;
  }

  /** The answer, read to its end: one that breaks off is none. */
  async function send<T>(
    operation: string,
    input: AnyInput,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const [method = '', template = ''] = operation.split(' ');
    const isKeyed = WITH_IDEMPOTENCY_KEY.has(operation);
    const key = input.idempotencyKey ?? (isKeyed ? crypto.randomUUID() : undefined);
    const address = addressOf(template, input);
    const init = writeRequest(method, input, key);
    const { signal, timeoutMs = options.timeoutMs ?? TIMEOUT_MS } = input;
    async function once(): Promise<T> {
      const limits = [AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])];
      try {
        const limited = { ...init, signal: AbortSignal.any(limits) };
        return await read(await attempt(address, limited, input.fetch));
      } catch (error) {
        if (error instanceof FlorinProblem || signal?.aborted === true) throw error;
        throw new Unreachable(`no answer to ${operation}`, { cause: error });
      }
    }
    const tries = method === 'GET' || isKeyed ? attemptsMax : 1;
    return repeatCall(once, { attemptsMax: tries, waitMsMax, wait, signal });
  }

  const request = (operation: string, input: AnyInput = {}): Promise<unknown> =>
    send(operation, input, contentOf);

  async function* items(operation: string, input: AnyInput = {}): AsyncGenerator {
    for (let cursor: string | null | undefined = undefined; cursor !== null;) {
      const query: AnyInput['query'] = { ...input.query, ...(cursor && { cursor }) };
      const page = (await request(operation, { ...input, query })) as Page;
      yield* page.items;
      cursor = page.nextCursor ?? null;
    }
  }

  async function settled(
    transaction: Transaction,
    { timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {},
  ): Promise<Transaction> {
    const untilMs = Date.now() + timeoutMs;
    for (let asked = 1, known = transaction; ; asked++) {
      if (known.status !== 'pending' || Date.now() >= untilMs) return known;
      await wait(Math.min(backoffMs(asked), untilMs - Date.now()));
      const path = { id: known.id };
      known = (await request('GET /v1/transactions/{id}', { path })) as Transaction;
    }
  }

  async function open(after: string | undefined, { scope, signal }: FollowOptions) {
    const init = { headers: { accept: 'text/event-stream' }, ...(signal && { signal }) };
    const { body } = await attempt(`/v1/events${searchOf({ scope, after })}`, init);
    if (body === null) throw new Unreachable('an answer without body');
    return body;
  }

  return {
    call: request,
    request,
    file: (operation: string, input: AnyInput = {}) =>
      send(operation, input, (response) => response.blob()),
    dryRun: (operation: string, input: AnyInput) =>
      request(operation, { ...input, query: { ...input.query, dryRun: 'true' } }),
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

interface Page {
  items: readonly unknown[];
  nextCursor?: string | null;
}

async function contentOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (response.status === 204 || type === '') return undefined;
  return type.startsWith('application/json') ? response.json() : response.blob();
}
