import { present } from '@florin/kernel';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { percentile, printResult, probeCores, round, say, watchUsage } from './measure.ts';

/**
 * How many people register, sign in and refresh in a second, and how many tokens machines get: over
 * REST, on the whole platform, one kind after the other.
 *
 *     npm run bench:sign-in
 */

const PEOPLE = 120;
const password = 'correct horse battery';
const AT_ONCE = 8;

const platform = await startScratchPlatform({ fraudScoring: 'off', demo: false });
const { gatewayUrl, pids, oauthClient } = platform.dev();
const watched = Object.fromEntries(
  ['gateway', 'identity', 'postgres'].map((name) => [name, present(pids[name], name)]),
);

async function post(path: string, body: unknown): Promise<Record<string, string>> {
  const response = await fetch(new URL(path, gatewayUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>);
}

async function run(name: string, count: number, one: (n: number) => Promise<unknown>) {
  const samples: number[] = [];
  let next = 0;
  const used = watchUsage(watched);
  const startedMs = performance.now();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    while (next < count) {
      const sentMs = performance.now();
      await one(next++);
      samples.push(performance.now() - sentMs);
    }
  });
  await Promise.all(workers);
  const seconds = (performance.now() - startedMs) / 1000;
  const result = {
    perSecond: round(count / seconds, 1),
    p50Ms: percentile(samples, 0.5),
    p99Ms: percentile(samples, 0.99),
    cpuMicros: used(count).cpuMicros,
  };
  say(`${name.padEnd(24)} ${JSON.stringify(result)}`);
  return result;
}

const email = (n: number): string => `person-${n}@example.com`;
const tokens: string[] = [];
const { clientId: client_id, clientSecret: client_secret } = oauthClient;

const results = {
  cores: await probeCores(),
  registrations: await run('registrations', PEOPLE, (n) =>
    post('/v1/auth/register', { email: email(n), password, name: 'Somebody' }),
  ),
  signIns: await run('sign-ins', PEOPLE, async (n) => {
    const pair = await post('/v1/auth/login', { email: email(n), password });
    tokens[n] = pair['refreshToken'] ?? '';
  }),
  refreshes: await run('refreshes', PEOPLE * 20, async (n) => {
    // Those under way at once are of different families: a token works once.
    const family = n % PEOPLE;
    const pair = await post('/v1/auth/refresh', { refreshToken: tokens[family] });
    tokens[family] = pair['refreshToken'] ?? '';
  }),
  machineTokens: await run('tokens of machines', 2_000, () =>
    post('/oauth/token', { grant_type: 'client_credentials', client_id, client_secret }),
  ),
};
await platform.stop();
printResult(results);
