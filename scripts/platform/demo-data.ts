import { eventually } from '@florin/testing';
import { DEMO_OPERATOR, DEMO_PEOPLE } from './demo-accounts.ts';
import { createRestClient, type RestClient } from './rest-client.ts';
import type { Secrets } from './secrets.ts';

export interface DemoUser {
  email: string;
  password: string;
  roles: string[];
  walletIds: string[];
}

interface Wallet {
  id: string;
  currency: string;
}

/** 1,000.00 USD in minor units. */
const FUNDING = '100000';
const GREETING = '500';

/**
 * Makes sure that the demo people exist and have money, through the public API as anybody would.
 * Run again it changes nothing: what they have done with their money since is theirs.
 */
export async function seedDemoData(gatewayUrl: string, secrets: Secrets): Promise<DemoUser[]> {
  const passwordOf = (email: string): string => secrets.demoPasswords[email] ?? '';
  const { email, roles } = DEMO_OPERATOR;
  const users: DemoUser[] = [{ email, password: passwordOf(email), roles, walletIds: [] }];
  const acquaintances: Acquaintance[] = [];
  for (const person of DEMO_PEOPLE) {
    const password = passwordOf(person.email);
    const client = await signIn(gatewayUrl, { ...person, password });
    const wallet = await fundedWallet(client);
    users.push({ email: person.email, password, roles: ['user'], walletIds: [wallet.id] });
    acquaintances.push({ client, wallet });
  }
  await payEachOther(acquaintances);
  return users;
}

interface Acquaintance {
  client: RestClient;
  wallet: Wallet;
}

/**
 * Everybody pays the next one a little, so that all have as much as before. What strangers with new
 * wallets send each other may have to wait for a review, which is no way to begin a demonstration.
 */
async function payEachOther(people: readonly Acquaintance[]): Promise<void> {
  for (const [at, { client, wallet }] of people.entries()) {
    const next = people[(at + 1) % people.length];
    if (next === undefined || next.wallet.id === wallet.id) continue;
    const body = { fromWalletId: wallet.id, toWalletId: next.wallet.id, amount: GREETING };
    const answer = await client.post('/v1/transfers', body, `demo-greeting-${wallet.id}`);
    client.expect(answer, 201, 202, 422);
  }
}

async function signIn(
  gatewayUrl: string,
  { email, name, password }: { email: string; name: string; password: string },
): Promise<RestClient> {
  const stranger = createRestClient(gatewayUrl);
  const login = () => stranger.post('/v1/auth/login', { email, password });
  let answer = await login();
  if (answer.status === 401) {
    await stranger.post('/v1/auth/register', { email, name, password });
    answer = await login();
  }
  const { accessToken } = stranger.expect<{ accessToken: string }>(answer, 200);
  return createRestClient(gatewayUrl, accessToken);
}

async function fundedWallet(client: RestClient): Promise<Wallet> {
  const wallet = await usdWallet(client);
  const { items } = client.expect<{ items: unknown[] }>(
    await client.get(`/v1/wallets/${wallet.id}/entries?limit=1`),
    200,
  );
  if (items.length === 0) await fund(client, wallet);
  return wallet;
}

async function usdWallet(client: RestClient): Promise<Wallet> {
  const { items } = client.expect<{ items: Wallet[] }>(await client.get('/v1/wallets'), 200);
  const existing = items.find(({ currency }) => currency === 'USD');
  if (existing) return existing;
  const opened = await client.post('/v1/wallets', { currency: 'USD', name: 'Everyday' });
  return client.expect<Wallet>(opened, 201);
}

/** The key is derived from the wallet: a run that was interrupted here does not fund twice. */
async function fund(client: RestClient, { id }: Wallet): Promise<void> {
  const body = { walletId: id, amount: FUNDING, bankAccount: 'ok' };
  await eventually(
    async () => {
      const answer = await client.post('/v1/deposits', body, `demo-funding-${id}`);
      const { status } = client.expect<{ status: string }>(answer, 200, 201, 202);
      if (status !== 'completed') throw new Error(`the deposit is ${status}`);
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
}
