import { problemFrom, Unreachable } from './api-problem.ts';
import type { Session } from './session.ts';

type QueryValue = string | number | undefined;

export interface CallOptions {
  query?: Record<string, QueryValue>;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface ApiClient {
  /**
   * The JSON of a success, undefined for an answer without body.
   * @throws ApiProblem, Unreachable
   */
  call<T>(method: Method, path: string, options?: CallOptions): Promise<T>;
  /** A file, with the same errors. */
  download(path: string, options?: CallOptions): Promise<Blob>;
  /** An answer without end, as it comes. */
  open(path: string, options?: CallOptions): Promise<ReadableStream<Uint8Array>>;
}

function addressOf(path: string, query: Record<string, QueryValue> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return path;
  return `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function requestOf(
  method: Method,
  token: string | undefined,
  deviceId: string,
  options: CallOptions,
): RequestInit {
  const { body, idempotencyKey, signal } = options;
  return {
    method,
    headers: {
      'x-device-id': deviceId,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || body instanceof FormData
        ? {}
        : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Calls the public API as whoever is signed in. A token that ended is renewed once on the way. */
export function createApiClient({
  session,
  deviceId,
  fetch,
}: {
  session: Pick<Session, 'token' | 'replace'>;
  /** Tells this browser from others of the same person: fraud checks ask for it. */
  deviceId: string;
  fetch(path: string, init: RequestInit): Promise<Response>;
}): ApiClient {
  async function reach(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(path, init);
    } catch (error) {
      if (init.signal?.aborted === true) throw error;
      throw new Unreachable('no answer', { cause: error });
    }
  }

  async function send(method: Method, path: string, options: CallOptions): Promise<Response> {
    const address = addressOf(path, options.query);
    const token = await session.token();
    let response = await reach(address, requestOf(method, token, deviceId, options));
    if (response.ok) return response;
    const problem = await problemFrom(response);
    // Other answers with 401 are about a password or a code: those end no session.
    if (problem.problem.code !== 'unauthenticated' || token === undefined) throw problem;
    const next = await session.replace(token);
    if (next === undefined) throw problem;
    response = await reach(address, requestOf(method, next, deviceId, options));
    if (!response.ok) throw await problemFrom(response);
    return response;
  }

  return {
    async call<T>(method: Method, path: string, options: CallOptions = {}) {
      const response = await send(method, path, options);
      const text = response.status === 204 ? '' : await response.text();
      return (text === '' ? undefined : JSON.parse(text)) as T;
    },
    download: async (path, options = {}) => (await send('GET', path, options)).blob(),
    async open(path, options = {}) {
      const { body } = await send('GET', path, options);
      if (body === null) throw new Unreachable('an answer without body');
      return body;
    },
  };
}
