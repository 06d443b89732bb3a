import { Agent, request as send } from 'node:http';
import { connect, request } from '@florin/messaging';
import { LEDGER_REQUESTS } from '@florin/contracts';
import { createLogger } from '@florin/runtime';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPerson, fundedWallet, newPerson, type Person } from '../journeys/person.ts';
import { machineToken } from '../faults/machine-token.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { operationsOf, type ApiOperation } from './api-operations.ts';
import { hostileRequests, type HostileRequest, type Known } from './hostile-requests.ts';

const REQUESTS_MIN = 10_000;
const AT_ONCE = 24;
/** The same requests in every run: a failure names what it came from, and comes again. */
const SEED = 20_261_120;
/** Hashing a password takes a tenth of a second of a core, and reading all books longer still. */
const COSTLY = /\/v1\/auth\/|\/v1\/me|reconciliation|\/oauth\//;
const COSTLY_EACH = 60;

let platform: ScratchPlatform;
let url: string;
let victims: { person: Person; wallet: string }[];
let known: Known;
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });

const tampered = (token: string): string =>
  `Bearer ${token.slice(0, -6)}${token.slice(-6).split('').toReversed().join('')}`;

beforeAll(async () => {
  platform = await startScratchPlatform({ demo: true });
  const { gatewayUrl, users, oauthClient } = platform.dev();
  url = gatewayUrl;
  const [ana, ben] = [await newPerson(url), await newPerson(url)];
  victims = [
    { person: ana, wallet: await fundedWallet(ana) },
    { person: ben, wallet: await fundedWallet(ben) },
  ];
  const [from, to] = [victims[0]?.wallet ?? '', victims[1]?.wallet ?? ''];
  const paid = await ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '1' });
  const stranger = await bearerOf(await registered());
  const operator = users.find(({ roles }) => roles.includes('operator'));
  const staff = await bearerOf({
    email: operator?.email ?? '',
    password: operator?.password ?? '',
  });
  const machine = await machineToken(url, oauthClient)();
  known = {
    walletIds: [from, to],
    // A payment that risk has blocked is a transaction as well.
    transactionIds: [(paid.body.transaction ?? paid.body).id],
    emails: ['ana@florin.dev', 'operator@florin.dev', 'nobody@example.com'],
    authorizations: [
      undefined,
      ...Array.from({ length: 4 }, () => stranger),
      ...Array.from({ length: 3 }, () => staff),
      tampered(machine),
      'Basic Zmxvcmlu',
    ],
  };
});
afterAll(async () => {
  agent.destroy();
  await platform.stop();
});

async function registered(): Promise<{ email: string; password: string }> {
  const account = { email: 'mallory@example.com', password: 'correct horse battery' };
  await createPerson(url).call('POST', '/v1/auth/register', { ...account, name: 'Mallory' });
  return account;
}

async function bearerOf(account: { email: string; password: string }): Promise<string> {
  const { body } = await createPerson(url).call('POST', '/v1/auth/login', account);
  return `Bearer ${String(body['accessToken'])}`;
}

interface Reply {
  status: number;
  text: string;
  headers: Record<string, unknown>;
}

/** Sends exactly these bytes; a stream of events is left as soon as it has begun. */
function attack({ method, path, headers, body }: HostileRequest): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const bytes = body === undefined ? undefined : Buffer.from(body);
  const outgoing = send(
    new URL(url),
    {
      method,
      path,
      agent,
      headers: { ...headers, ...(bytes && { 'content-length': bytes.length }) },
    },
    (incoming) => {
      let text = '';
      const reply = () =>
        resolve({ status: incoming.statusCode ?? 0, text, headers: incoming.headers });
      if (incoming.headers['content-type']?.startsWith('text/event-stream')) {
        reply();
        incoming.destroy();
        return;
      }
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('end', reply);
      incoming.on('error', reject);
    },
  );
  outgoing.on('error', reject);
  outgoing.end(bytes);
  return promise;
}

/** Anything about how the platform is built, or about where. */
const LEAKS = new RegExp(
  [
    /\bat .+\.(ts|js|mjs):\d+|\.ts:\d+|node_modules|node:internal/,
    /\b(SELECT|INSERT|UPDATE|DELETE) .+ (FROM|INTO|SET)\b|\bpg_|relation "|syntax error at|florin_/,
    /ECONNREFUSED|nats:\/\/|postgres(ql)?:\/\/|rpc\.|\$argon2|PRIVATE KEY|ZodError|TypeError/,
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** What the reply tells that it should not, in words; undefined when nothing. */
function fault({ status, text, headers }: Reply): string | undefined {
  if (status >= 500) return `${status}`;
  if (headers['x-powered-by'] !== undefined) return 'says what it is built with';
  const leak = LEAKS.exec(text)?.[0];
  if (leak !== undefined && !String(headers['content-type']).startsWith('text/html')) {
    return `leaks ${leak}`;
  }
  // Node itself answers what is too long to be read as a request at all.
  if (status === 431) return undefined;
  const isProblem = String(headers['content-type']).startsWith('application/problem+json');
  // OAuth has errors of its own, and pages for people.
  const oauth = text.startsWith('{"error":') || text.startsWith('<!doctype html>');
  if (status >= 400 && !isProblem && !oauth) return `${status} is no problem document`;
  return undefined;
}

/** Every balance there is, as the ledger reports the books. */
async function balances(): Promise<unknown> {
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const books = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  const wallets = await Promise.all(
    victims.map(async ({ person, wallet }) => (await person.wallet(wallet)).balances),
  );
  return { breaks: books.breaks, wallets };
}

/** What ends sessions comes last: nobody gets far without one. */
const ENDS_SESSIONS = /DELETE|logout|password|2fa|revoke|sessions/;

const endsSessions = ({ method, path }: ApiOperation): boolean =>
  ENDS_SESSIONS.test(`${method} ${path}`);

/** How many requests each operation gets, so that there are enough in all. */
function shares(operations: ApiOperation[]): [ApiOperation, number][] {
  const costly = operations.filter(({ path }) => COSTLY.test(path)).length;
  const cheap = Math.ceil((REQUESTS_MIN - costly * COSTLY_EACH) / (operations.length - costly));
  const ordered = [
    ...operations.filter((operation) => !endsSessions(operation)),
    ...operations.filter(endsSessions),
  ];
  return ordered.map((operation) => [operation, COSTLY.test(operation.path) ? COSTLY_EACH : cheap]);
}

test('hunts a request that breaks something, tells something, or moves money', async () => {
  const document = (await createPerson(url).call('GET', '/openapi.json')).body;
  const operations = operationsOf(document as unknown as Parameters<typeof operationsOf>[0]);
  const before = await balances();
  const requests = shares(operations).flatMap(([operation, numRuns], at) =>
    fc
      .sample(hostileRequests(operation, known), { seed: SEED + at, numRuns })
      .map((hostile) => ({ operation, hostile })),
  );
  const statuses = new Map<number, number>();
  /** By operation and fault, the first request that showed it. */
  const faults = new Map<string, { request: HostileRequest; text: string }>();
  const waiting = requests.values();
  const attackers = Array.from({ length: AT_ONCE }, async () => {
    for (const { operation, hostile } of waiting) {
      const reply = await attack(hostile);
      statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1);
      const found = fault(reply);
      const where = `${operation.method} ${operation.path}: ${found ?? ''}`;
      if (found !== undefined && !faults.has(where)) {
        faults.set(where, { request: hostile, text: reply.text.slice(0, 300) });
      }
    }
  });
  await Promise.all(attackers);
  console.log(
    `${requests.length} hostile requests to ${operations.length} operations, seed ${SEED}:`,
    Object.fromEntries([...statuses].toSorted(([a], [b]) => a - b)),
  );
  const logs = ['gateway', 'identity', 'ledger'].flatMap((name) => platform.serviceLog(name));
  const complaints = logs.filter((line) => /"level":("error"|"fatal"|50|60)/.test(line));
  expect({ faults: Object.fromEntries(faults), complaints }).toEqual({
    faults: {},
    complaints: [],
  });
  expect(requests.length).toBeGreaterThanOrEqual(REQUESTS_MIN);
  expect(await balances()).toEqual(before);
  // All that the routes need of the messaging system is in the permissions of their services.
  expect(platform.natsLog()).not.toMatch(/Violation/);
});
