import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Problem } from '@florin/contracts';
import type { DevFile } from '../platform/dev-file.ts';
import { createRestClient, type RestAnswer } from '../platform/rest-client.ts';
import type { Secrets } from '../platform/secrets.ts';

/** Where the API is, and as whom it is called. */
export interface SessionOptions {
  url?: string;
  token?: string;
  dir: string;
}

/** A way to the platform, as an operator. */
export interface Session {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: object): Promise<T>;
  put<T>(path: string, body: object): Promise<T>;
  upload<T>(path: string, form: FormData): Promise<T>;
  /** What only a local run knows. */
  dev: DevFile | undefined;
  /** As whom the ledger comes to the nats-server of a local run. */
  ledgerSeed?: string | undefined;
}

export const DEFAULT_DIR = fileURLToPath(new URL('../../.florin', import.meta.url));

function readDevFile(dir: string): DevFile | undefined {
  const file = join(dir, 'dev.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DevFile) : undefined;
}

function readLedgerSeed(dir: string): string | undefined {
  const file = join(dir, 'secrets.json');
  if (!existsSync(file)) return undefined;
  const { natsSeeds } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>;
  return natsSeeds?.['ledger'];
}

/** The body of an answer. @throws with what the problem says, for a person */
function bodyOf<T>({ status, body, request }: RestAnswer): T {
  if (status < 400) return body as T;
  const { code, detail, errors = [] } = (body ?? {}) as Partial<Problem>;
  const mistakes = errors.map((one) => `${one.pointer ?? one.parameter ?? ''} ${one.detail}`);
  const told = [`${request} answered ${status}`, code, detail, mistakes.join('; ')];
  throw new Error(told.filter(Boolean).join(': '));
}

async function tokenOfOperator(gatewayUrl: string, dev: DevFile): Promise<string> {
  const operator = dev.users.find(({ roles }) => roles.includes('operator'));
  if (operator === undefined) throw new Error('the local run has no operator: give --token');
  const { email, password } = operator;
  const answer = await createRestClient(gatewayUrl).post('/v1/auth/login', { email, password });
  return bodyOf<{ accessToken: string }>(answer).accessToken;
}

/**
 * Opens a way to the platform: the one named by options, else the local run.
 * @throws when neither is there
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const local = readDevFile(options.dir);
  const url = options.url ?? local?.gatewayUrl;
  if (url === undefined) {
    throw new Error('nothing runs here (no dev.json): npm start, or give --url and --token');
  }
  // Somebody else's platform is not told our operator's password.
  const dev = url === local?.gatewayUrl ? local : undefined;
  const token = options.token ?? (dev && (await tokenOfOperator(url, dev)));
  if (token === undefined) throw new Error('give --token, or set FLORIN_TOKEN');
  const client = createRestClient(url, token);
  return {
    get: async <T>(path: string) => bodyOf<T>(await client.get(path)),
    post: async <T>(path: string, body: object) => bodyOf<T>(await client.post(path, body)),
    put: async <T>(path: string, body: object) => bodyOf<T>(await client.put(path, body)),
    upload: async <T>(path: string, form: FormData) => bodyOf<T>(await client.upload(path, form)),
    dev,
    ledgerSeed: dev && readLedgerSeed(options.dir),
  };
}
