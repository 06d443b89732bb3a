import { LEDGER_REQUESTS, type Role } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { expect } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import type { PlatformOptions } from '../platform/platform.ts';
import { databaseOf } from '../platform/service-plan.ts';
import { createPerson, newPerson, type Answer, type Person } from './person.ts';

/** What an answer about money may tell: of a transaction, a wallet or a refusal. */
export interface Told {
  http: number;
  id: string;
  type: string;
  status: string;
  amount: string;
  code?: string;
  detail?: string;
  available?: string;
  remaining?: string;
  dryRun?: boolean;
  balances?: { posted: string; held: string; available: string };
  fee?: { amount: string; paidBy: string; scheduleVersion: number };
  failure?: { code: string };
  transaction?: Told;
  items?: (Told & { problem?: { code: string } })[];
  errors?: { pointer?: string; detail: string }[];
}

const PASSWORD = 'correct horse battery';

/** A platform with people, staff and a machine client: what is asked of it is printed. */
export async function openMoneyStage(
  services?: string[],
  serviceEnv: PlatformOptions['serviceEnv'] = {},
) {
  // The books are what is looked at here: a scorer would hold some of it, and rightly so.
  const platform = await startScratchPlatform({
    fraudScoring: 'off',
    demo: true,
    serviceEnv,
    services: services ?? ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger'],
  });
  const { gatewayUrl: url, oauthClient, users } = platform.dev();
  const machine = createPerson(url, await machineToken(url, oauthClient)());
  const demo = users.find(({ roles }) => roles.includes('admin'));
  const admin = await signIn(url, demo?.email ?? '', demo?.password ?? '');

  /** Somebody new with a role among the staff. */
  async function staff(role: Role): Promise<Person & { id: string }> {
    const email = `${uuidv7()}@example.com`;
    await createPerson(url).call('POST', '/v1/auth/register', {
      email,
      password: PASSWORD,
      name: 'Staff',
    });
    const before = await signIn(url, email, PASSWORD);
    const { body: me } = await before.call<{ id: string }>('GET', '/v1/me');
    await admin.call('PUT', `/v1/admin/users/${me.id}/roles`, { roles: ['user', role] });
    return { ...(await signIn(url, email, PASSWORD)), id: me.id };
  }

  return {
    platform,
    machine,
    admin,
    staff,
    person: () => newPerson(url),
    ask,
    show,
    /** Asks the ledger for broken invariants and adds up every wallet there is, by currency. */
    booksAreRight: () => booksAreRight(platform),
    stop: () => platform.stop(),
  };
}

export type MoneyStage = Awaited<ReturnType<typeof openMoneyStage>>;

async function signIn(url: string, email: string, password: string): Promise<Person> {
  const { body } = await createPerson(url).call('POST', '/v1/auth/login', { email, password });
  return createPerson(url, String(body['accessToken']));
}

/** Asks, prints what was answered, and answers that. */
async function ask(
  who: Person,
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
  key: string | null = uuidv7(),
): Promise<Told> {
  const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key };
  const answer: Answer<object> = await who.call(method, path, body, headers);
  const told = { ...answer.body, http: answer.status } as Told;
  console.log(`  ${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')} -> ${factsOf(told)}`);
  return told;
}

function factsOf({ http, code, errors, fee, balances, ...told }: Told): string {
  const facts = [String(http)];
  if (code !== undefined) facts.push(code, errors?.[0]?.pointer ?? '');
  else facts.push(told.type, told.status, told.amount);
  if (told.dryRun) facts.push('(dry run)');
  if (told.available !== undefined) facts.push(`available ${told.available}`);
  if (told.remaining !== undefined) facts.push(`remaining ${told.remaining}`);
  if (fee !== undefined) facts.push(`fee ${fee.amount} by ${fee.paidBy}`);
  if (balances) facts.push(`posted ${balances.posted} held ${balances.held}`);
  return facts.filter(Boolean).join(' ');
}

/** Prints a wallet's balances and entries, and answers the balances. */
async function show(name: string, who: Person, wallet: string) {
  const { balances } = await who.wallet(wallet);
  const path = `/v1/wallets/${wallet}/entries`;
  const { body } = await who.call<{ items: Record<string, string>[] }>('GET', path);
  const entries = body.items
    .toReversed()
    .map((one) => `${one['direction'] === 'debit' ? '-' : '+'}${one['amount']}`);
  const { posted, held, available } = balances;
  console.log(
    `  ${name}: posted ${posted} held ${held} available ${available} [${entries.join(' ')}]`,
  );
  return { posted, held, available, entries };
}

/** Answers what the platform's own accounts hold, by kind and currency. */
async function booksAreRight(platform: ScratchPlatform): Promise<Record<string, string>> {
  const { natsUrl, postgresUrl } = platform.dev();
  await using bus = await connect({
    url: natsUrl,
    name: 'test',
    log: createLogger('test', 'fatal'),
  });
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(breaks).toEqual([]);
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseOf('ledger')}`;
  const pool = createHotPool({ url: url.href, applicationName: 'trial-balance', max: 1 });
  try {
    const { rows } = await pool.query<{ kind: string; currency: string; total: bigint }>(
      `SELECT kind, currency, sum(posted)::bigint AS total FROM wallets
        GROUP BY kind, currency ORDER BY currency, kind`,
    );
    const held: Record<string, string> = {};
    for (const { kind, currency, total } of rows) held[`${kind} ${currency}`] = String(total);
    for (const [currency, own] of Map.groupBy(rows, (row) => row.currency)) {
      const parts = own.map(({ kind, total }) => `${kind} ${total}`);
      const sum = own.reduce((total, row) => total + row.total, 0n);
      console.log(`  trial balance ${currency}: ${parts.join(' + ')} = ${sum}`);
      expect(sum).toBe(0n);
    }
    return held;
  } finally {
    await pool.end();
  }
}
