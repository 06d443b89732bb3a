import { LEDGER_REQUESTS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

const IN_FLIGHT_MAX = 300;

let platform: Platform;
let url: string;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({
    // What is hunted here are the books: a scorer would hold bursts like these, and rightly so.
    fraudScoring: 'off',
    serviceEnv: { gateway: { MAX_IN_FLIGHT: String(IN_FLIGHT_MAX) } },
  });
  url = platform.dev().gatewayUrl;
  ana = await newPerson(url);
  ben = await newPerson(url);
});
afterAll(async () => {
  await booksAreRight();
  await platform.stop();
});

async function booksAreRight(): Promise<void> {
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(breaks).toEqual([]);
}

const available = async (person: Person, wallet: string) =>
  Number((await person.wallet(wallet)).balances.available);

/** Runs many at once, but not more than a browser farm would: the rest waits its turn. */
async function inParallel<T>(count: number, atOnce: number, one: (n: number) => Promise<T>) {
  const results: T[] = [];
  let next = 0;
  const workers = Array.from({ length: atOnce }, async () => {
    while (next < count) results.push(await one(next++));
  });
  await Promise.all(workers);
  return results;
}

describe('exact results where payments meet', () => {
  test('the same key sent fifty times at once moves money once', async () => {
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    const body = { fromWalletId: from, toWalletId: to, amount: '700' };
    const key = uuidv7();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => ana.pay('/v1/transfers', body, key)),
    );
    const statuses = new Set(answers.map((answer) => answer.status));
    expect([...statuses].every((status) => status === 201 || status === 409)).toBe(true);
    expect(statuses.has(201)).toBe(true);
    expect(await available(ben, to)).toBe(700);
    const again = await ana.pay('/v1/transfers', body, key);
    expect(again.status).toBe(201);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body.balances?.posted).toBe('99300');
    const other = await ana.pay('/v1/transfers', { ...body, amount: '701' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  test('a thousand payments into one wallet add up', async () => {
    const from = await fundedWallet(ana, '1000000');
    const to = await fundedWallet(ben, '0');
    const answers = await inParallel(1000, 100, () =>
      ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '3' }),
    );
    expect(answers.every((answer) => answer.status === 201)).toBe(true);
    expect(await available(ben, to)).toBe(3000);
    expect(await available(ana, from)).toBe(1_000_000 - 3000);
  });

  test('two people paying each other at once neither block nor lose', async () => {
    const mine = await fundedWallet(ana);
    const yours = await fundedWallet(ben);
    await inParallel(400, 80, (n) =>
      n % 2 === 0
        ? ana.pay('/v1/transfers', { fromWalletId: mine, toWalletId: yours, amount: '5' })
        : ben.pay('/v1/transfers', { fromWalletId: yours, toWalletId: mine, amount: '2' }),
    );
    expect(await available(ana, mine)).toBe(100_000 - 200 * 5 + 200 * 2);
    expect(await available(ben, yours)).toBe(100_000 + 200 * 5 - 200 * 2);
  });

  test('a wallet with money for ten of a hundred equal payments pays exactly ten', async () => {
    const from = await fundedWallet(ana, '1000');
    const to = await fundedWallet(ben, '0');
    const answers = await inParallel(100, 50, () =>
      ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '100' }),
    );
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(10);
    const refused = answers.filter((answer) => answer.status === 422);
    expect(refused).toHaveLength(90);
    expect(refused[0]?.body.transaction?.failure?.code).toBe('insufficient-funds');
    expect(await available(ana, from)).toBe(0);
  });
});

describe('every bank behaviour ends with the right balance', () => {
  const cases: [bank: string, deposit: string, withdrawal: string][] = [
    ['ok', 'completed', 'completed'],
    ['slow', 'completed', 'completed'],
    ['declined', 'failed', 'failed'],
    ['timeout', 'completed', 'completed'],
    ['flaky', 'completed', 'completed'],
    ['down', 'failed', 'held'],
    ['unknown-then-ok', 'completed', 'completed'],
    ['unknown-then-declined', 'failed', 'failed'],
  ];
  test.concurrent.each(cases)(
    '%s: deposit %s, withdrawal %s',
    async (bank, deposit, withdrawal) => {
      const person = await newPerson(url);
      const wallet = await fundedWallet(person, '1000');
      const finalStatus = async (path: string, amount: string) => {
        const { body } = await person.pay(path, { walletId: wallet, amount, bankAccount: bank });
        const id = body.transaction?.id ?? body.id;
        const expected = path === '/v1/deposits' ? deposit : withdrawal;
        await eventually(
          async () => {
            const now = await person.call<{ status: string }>('GET', `/v1/transactions/${id}`);
            expect(now.body.status).toBe(expected);
          },
          { everyMs: 100 },
        );
      };
      if (bank !== 'down') await finalStatus('/v1/deposits', '500');
      else await depositIsUnavailable(person, wallet);
      const afterDeposit = deposit === 'completed' ? 1500 : 1000;
      expect((await person.wallet(wallet)).balances.posted).toBe(String(afterDeposit));
      await finalStatus('/v1/withdrawals', '300');
      const { balances } = await person.wallet(wallet);
      expect(balances).toEqual({
        posted: String(withdrawal === 'completed' ? afterDeposit - 300 : afterDeposit),
        held: withdrawal === 'held' ? '300' : '0',
        available: String(withdrawal === 'failed' ? afterDeposit : afterDeposit - 300),
      });
    },
  );

  async function depositIsUnavailable(person: Person, walletId: string): Promise<void> {
    const body = { walletId, amount: '500', bankAccount: 'down' };
    const answer = await person.pay('/v1/deposits', body);
    expect([answer.status, answer.body.code]).toEqual([503, 'bank-unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }

  test('the breaker of a dead bank opens, and closes when the bank is back', async () => {
    const wallet = await fundedWallet(ana, '10000');
    const withdraw = () =>
      ana.pay('/v1/withdrawals', { walletId: wallet, amount: '10', bankAccount: 'down' });
    await inParallel(12, 12, withdraw);
    await eventually(async () => expect(await breaker('down')).toBe(2));
    const setBehaviour = (behaviour: string) =>
      fetch(new URL('/control/banks/down', platform.dev().bankSimulatorUrl), {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ behaviour }),
      });
    expect((await setBehaviour('ok')).status).toBe(200);
    await eventually(
      async () => {
        expect(await breaker('down')).toBe(0);
        expect((await ana.wallet(wallet)).balances).toMatchObject({ posted: '9880', held: '0' });
      },
      { timeoutMs: 90_000, everyMs: 200 },
    );
    await setBehaviour('down');
  });

  async function breaker(bank: string): Promise<number | undefined> {
    const metrics = await fetch(new URL('/metrics', platform.dev().metrics['banking']));
    const line = (await metrics.text())
      .split('\n')
      .find((one) => one.startsWith('circuit_breaker_state{') && one.includes(`bank="${bank}"`));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  }
});

describe('an account that its owner has linked', () => {
  test('pays into the owner’s wallets by its id alone, until it is unlinked', async () => {
    const wallet = await fundedWallet(ana, '0');
    const asked = { bank: 'ok' };
    const given = await ana.call('POST', '/v1/bank-accounts/link-tokens', asked);
    const { linkToken } = given.body;
    // What she does in the page of the provider of links.
    const page = new URL('/control/linking/sessions', platform.dev().bankSimulatorUrl);
    const proven = await fetch(page, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ linkToken }),
    });
    const { publicToken } = (await proven.json()) as { publicToken: string };
    const tokens = { linkToken, publicToken };
    expect((await ben.call('POST', '/v1/bank-accounts', tokens)).status).toBe(422);
    const linked = await ana.call<{ id: string; bankAccount: string }>(
      'POST',
      '/v1/bank-accounts',
      tokens,
    );
    expect(linked.status).toBe(201);
    const { id, bankAccount } = linked.body;

    const deposit = (person: Person, walletId: string) =>
      person.pay('/v1/deposits', { walletId, amount: '500', bankAccount }, undefined, {
        prefer: 'wait=30',
      });
    const paid = await deposit(ana, wallet);
    expect([paid.status, paid.body.status]).toEqual([201, 'completed']);
    const stolen = await deposit(ben, await fundedWallet(ben, '0'));
    expect([stolen.status, stolen.body.code]).toEqual([422, 'bank-declined']);

    expect((await ben.call('DELETE', `/v1/bank-accounts/${id}`)).status).toBe(404);
    expect((await ana.call('DELETE', `/v1/bank-accounts/${id}`)).status).toBe(204);
    const after = await deposit(ana, wallet);
    expect([after.status, after.body.code]).toEqual([422, 'bank-declined']);
    expect(await available(ana, wallet)).toBe(500);
  });
});

describe('bad input is a clear 4xx and leaves nothing behind', () => {
  const longKey = 'k'.repeat(256);
  type Attack = {
    name: string;
    body?: unknown;
    headers?: Record<string, string>;
    status: number;
    code: string;
  };
  const attacks: Attack[] = [
    { name: 'an empty body', body: '', status: 400, code: 'validation-failed' },
    { name: 'no body and no type', status: 415, code: 'unsupported-media-type' },
    { name: 'broken JSON', body: '{"amount": ', status: 400, code: 'validation-failed' },
    { name: 'an array', body: [], status: 400, code: 'validation-failed' },
    { name: 'null', body: 'null', status: 400, code: 'validation-failed' },
    { name: 'zero', body: { amount: '0' }, status: 400, code: 'validation-failed' },
    { name: 'a negative amount', body: { amount: '-5' }, status: 400, code: 'validation-failed' },
    { name: 'a fraction', body: { amount: 1.5 }, status: 400, code: 'validation-failed' },
    { name: 'an exponent', body: { amount: '1e9' }, status: 400, code: 'validation-failed' },
    { name: 'too much', body: { amount: '9'.repeat(30) }, status: 400, code: 'validation-failed' },
    { name: 'unsafe', body: { amount: 2 ** 60 }, status: 400, code: 'validation-failed' },
    { name: 'an unknown field', body: { evil: 1 }, status: 400, code: 'validation-failed' },
    { name: '__proto__', body: '{"__proto__": {"a": 1}}', status: 400, code: 'validation-failed' },
    {
      name: 'an id of SQL',
      body: { toWalletId: "' OR 1=1 --" },
      status: 400,
      code: 'validation-failed',
    },
    {
      name: 'a zero byte',
      body: { description: 'a\u0000b' },
      status: 400,
      code: 'validation-failed',
    },
    { name: 'a strange wallet', body: { fromWalletId: uuidv7() }, status: 404, code: 'not-found' },
    { name: 'a strange payee', body: { toWalletId: uuidv7() }, status: 404, code: 'not-found' },
    {
      name: 'no key',
      body: {},
      headers: { 'idempotency-key': '' },
      status: 400,
      code: 'idempotency-key-required',
    },
    {
      name: 'a long key',
      body: {},
      headers: { 'idempotency-key': longKey },
      status: 400,
      code: 'validation-failed',
    },
    {
      name: 'XML',
      body: '<transfer/>',
      headers: { 'content-type': 'application/xml' },
      status: 415,
      code: 'unsupported-media-type',
    },
    {
      name: 'two megabytes',
      body: { description: 'x'.repeat(2_000_000) },
      status: 413,
      code: 'payload-too-large',
    },
    {
      name: 'a forged token',
      body: {},
      headers: { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.' },
      status: 401,
      code: 'unauthenticated',
    },
  ];

  let from: string;
  let to: string;
  beforeAll(async () => {
    from = await fundedWallet(ana);
    to = await fundedWallet(ben, '0');
  });

  test.each(attacks)('$name is $status $code', async ({ body, headers, status, code }) => {
    const good = { fromWalletId: from, toWalletId: to, amount: '1' };
    const isObject = typeof body === 'object' && !Array.isArray(body);
    const sent = isObject ? { ...good, ...body } : body;
    const answer = await ana.call('POST', '/v1/transfers', sent, {
      'idempotency-key': uuidv7(),
      ...headers,
    });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(await available(ben, to)).toBe(0);
    expect(await available(ana, from)).toBe(100_000);
    const { body: list } = await ana.call<{ items: unknown[] }>(
      'GET',
      `/v1/transactions?walletId=${from}`,
    );
    expect(list.items).toHaveLength(1);
  });

  test('other people’s wallets don’t exist', async () => {
    for (const path of ['', '/entries', '/statement']) {
      expect((await ben.call('GET', `/v1/wallets/${from}${path}`)).status).toBe(404);
    }
    const steal = { fromWalletId: from, toWalletId: to, amount: '1' };
    expect((await ben.pay('/v1/transfers', steal)).status).toBe(404);
    const stranger = createPerson(url);
    expect((await stranger.call('GET', `/v1/wallets/${from}`)).status).toBe(401);
  });
});

describe('answers that come later', () => {
  test('an asynchronous payment has a status from the first moment', async () => {
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    const body = { fromWalletId: from, toWalletId: to, amount: '10' };
    const answer = await ana.pay('/v1/transfers', body, uuidv7(), { prefer: 'respond-async' });
    expect(answer.status).toBe(202);
    const location = answer.headers.get('location') as string;
    const first = await ana.call('GET', location);
    expect(first.status).toBe(200);
    await eventually(async () => {
      expect((await ana.call<{ status: string }>('GET', location)).body.status).toBe('completed');
    });
    expect(await available(ben, to)).toBe(10);
  });

  test('while the ledger stands still, more than fits is refused with Retry-After', async () => {
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    const ledger = platform.pidOf('ledger') as number;
    const keys = Array.from({ length: IN_FLIGHT_MAX + 100 }, () => uuidv7());
    const body = { fromWalletId: from, toWalletId: to, amount: '1' };
    process.kill(ledger, 'SIGSTOP');
    const answers = keys.map((key) => ana.pay('/v1/transfers', body, key));
    const overloaded = await eventually(async () => {
      const settled = await Promise.all(
        answers.map((answer) => Promise.race([answer, Promise.resolve(undefined)])),
      );
      const refused = settled.filter((answer) => answer?.status === 503);
      return refused.length >= 100 ? refused : false;
    });
    process.kill(ledger, 'SIGCONT');
    expect(overloaded[0]?.body.code).toBe('overloaded');
    expect(Number(overloaded[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    await Promise.all(answers);
    // Whoever repeats with the same key is served, and nobody pays twice.
    await inParallel(keys.length, 50, async (n) => {
      await eventually(async () => {
        expect((await ana.pay('/v1/transfers', body, keys[n])).status).toBe(201);
      });
    });
    expect(await available(ben, to)).toBe(keys.length);
  });
});
