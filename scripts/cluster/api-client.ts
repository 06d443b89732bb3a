import { Agent, request } from 'node:https';

/** What an API server answers, as far as anybody here looks at it. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    creationTimestamp?: string;
    deletionTimestamp?: string;
  };
}

export interface ApiClient {
  /** @throws Error with the words of the server when it refuses */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Undefined where there is no such object. */
  find<T>(path: string): Promise<T | undefined>;
  list<T>(path: string): Promise<T[]>;
  close(): void;
}

interface Reply {
  status: number;
  text: string;
}

const NOT_FOUND = 404;
const REFUSED_FROM = 400;
const MERGE = 'application/merge-patch+json';

/** Speaks to an API server that proves itself by `ca`, with a token of its own. */
export function createApiClient(access: { url: string; ca: string; token: string }): ApiClient {
  const agent = new Agent({ ca: access.ca, keepAlive: true });

  function ask(method: string, path: string, body?: unknown): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>();
    const headers = {
      authorization: `Bearer ${access.token}`,
      accept: 'application/json',
      'content-type': method === 'PATCH' ? MERGE : 'application/json',
    };
    const asked = request(new URL(path, access.url), { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, text } = await ask(method, path, body);
    if (status >= REFUSED_FROM) throw new Error(`${method} ${path}: ${status} ${text}`);
    return (text.startsWith('{') ? JSON.parse(text) : text) as T;
  }

  return {
    call,
    async find<T>(path: string) {
      const { status, text } = await ask('GET', path);
      if (status === NOT_FOUND) return undefined;
      if (status >= REFUSED_FROM) throw new Error(`GET ${path}: ${status} ${text}`);
      return JSON.parse(text) as T;
    },
    list: async <T>(path: string) => (await call<{ items: T[] }>('GET', path)).items,
    close: () => agent.destroy(),
  };
}
