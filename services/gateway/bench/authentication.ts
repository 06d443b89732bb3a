import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Transaction } from '@florin/contracts';
import { asClientId, ok, systemClock } from '@florin/kernel';
import { createLogger, createMetrics, listen } from '@florin/runtime';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { createAccessTokens, type Authenticate } from '../adapters/access-tokens.ts';
import type { Caller } from '../domain/caller.ts';
import { createApp } from '../rest/create-app.ts';
import { createRequestNaming } from '../rest/request-id.ts';
import { createRouteServer } from '../rest/serve-route.ts';
import { paymentRoutes, type PaymentDeps } from '../routes/payments.ts';

/**
 * What authentication costs a transfer: the same requests, against the same route in the same
 * process, with access tokens that are checked and with a caller that is simply believed. What is
 * behind the route answers at once, so that nothing else is measured. The load comes from a child
 * process, and only the CPU time of this one counts.
 *
 *     npm run bench:authentication
 */

const REQUESTS = 4_000;
const ROUNDS = 7;
const CONNECTIONS = 16;
const WALLET = '01890000-0000-7000-8000-0000000000aa';
const OTHER = '01890000-0000-7000-8000-0000000000bb';

const ana: Caller = {
  id: asClientId('ana'),
  kind: 'user',
  scopes: new Set(['transactions:write']),
  roles: new Set(['user']),
  session: { id: 's', provenAtMs: Date.now() },
};

const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519' });
const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'EdDSA' };

function newToken(n: number): Promise<string> {
  const claims = { kind: 'user', scope: 'transactions:write', roles: ['user'], sid: 's', n };
  return new SignJWT({ ...claims, auth_time: Math.floor(Date.now() / 1000) })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
    .setSubject('ana')
    .setIssuer('florin')
    .setAudience('florin')
    .setExpirationTime('10m')
    .sign(privateKey);
}

const transaction = {
  id: WALLET,
  type: 'transfer',
  status: 'completed',
  walletId: WALLET,
  amount: '1',
  currency: 'USD',
  createdAt: new Date(0).toISOString(),
} as Transaction;

const deps = {
  directory: { find: () => ({ ownerId: 'ana', currency: 'USD' }) },
  placeTransaction: async () => ({ state: 'final', transaction, replayed: false }),
} as unknown as PaymentDeps;

const NOT_COUNTED = {
  stranger: async () => undefined,
  caller: async () => undefined,
  payment: async () => undefined,
  proven: async () => undefined,
  headers: () => ({}),
};

async function open(authenticate: Authenticate): Promise<string> {
  const server = createRouteServer({
    authenticate,
    startCounting: () => NOT_COUNTED,
    corsOf: () => [],
    readContext: () => ok({}),
    readOrigin: () => ({}),
    nameRequest: createRequestNaming('bench'),
    log: createLogger('bench', 'silent'),
    metrics: createMetrics('bench'),
    slowMs: 60_000,
    isStopping: () => false,
  });
  return (await listen(createApp(paymentRoutes(deps), server), { port: 0 })).url;
}

const doors = {
  believed: await open(async () => ok(ana)),
  checked: await open(
    createAccessTokens({
      identity: { getKeys: async () => ({ keys: [jwk] }) },
      clock: systemClock,
      issuer: 'florin',
      audience: 'florin',
      hasEnded: () => false,
    }),
  ),
};

const client = fork(fileURLToPath(new URL('./transfer-load.ts', import.meta.url)));
const body = JSON.stringify({ fromWalletId: WALLET, toWalletId: OTHER, amount: '1' });

/** CPU microseconds of this process for each request. */
async function measure(url: string, tokens: string[]): Promise<number> {
  const before = process.cpuUsage();
  client.send({ url, tokens, requests: REQUESTS, connections: CONNECTIONS, body });
  const [failed] = (await once(client, 'message')) as [number];
  if (failed > 0) throw new Error(`${failed} requests failed`);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / REQUESTS;
}

const known = await newToken(0);
const rounds: { believed: number; known: number; fresh: number }[] = [];
for (let round = 0; round <= ROUNDS; round++) {
  const fresh = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) => newToken(round * REQUESTS + n + 1)),
  );
  const result = {
    believed: await measure(doors.believed, [known]),
    known: await measure(doors.checked, [known]),
    fresh: await measure(doors.checked, fresh),
  };
  // The first round warms up.
  if (round > 0) rounds.push(result);
}
client.disconnect();

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const of = (name: 'believed' | 'known' | 'fresh'): number =>
  Math.round(median(rounds.map((round) => round[name])) * 10) / 10;
const gap = (name: 'known' | 'fresh'): number =>
  Math.round(median(rounds.map((round) => round[name] - round.believed)) * 10) / 10;

process.stdout.write(
  `CPU of the gateway per transfer, median of ${ROUNDS} rounds of ${REQUESTS} requests:\n` +
    `  without authentication        ${of('believed')} µs\n` +
    `  token seen before             ${of('known')} µs  (+${gap('known')} µs)\n` +
    `  token seen for the first time ${of('fresh')} µs  (+${gap('fresh')} µs)\n`,
);
process.exit(0);
