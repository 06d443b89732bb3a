import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type SimulatorProcess } from './simulator-process.ts';

interface BankInfo {
  name: string;
  url: string;
  listening: boolean;
  behaviour: string;
}

let simulator: SimulatorProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'florin-banks-'));
  simulator = await startSimulator({ SETTLE_TIME: '300' });
});
afterAll(async () => {
  await simulator.end('SIGTERM');
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  const answer = await fetch(`${simulator.url}/control/reset`, { method: 'POST' });
  expect(answer.status).toBe(204);
});

async function bankNamed(name: string, of: SimulatorProcess = simulator): Promise<BankInfo> {
  const answer = await fetch(`${of.url}/control/banks`);
  const { banks } = (await answer.json()) as { banks: BankInfo[] };
  const bank = banks.find((one) => one.name === name);
  if (bank === undefined) throw new Error(`no bank ${name}`);
  return bank;
}

const send = (method: string, url: string, body: unknown, signal?: AbortSignal) =>
  fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(signal && { signal }),
  });

const change = (name: string, changes: unknown) =>
  send('PUT', `${simulator.url}/control/banks/${name}`, changes);

let keys = 0;
const newOrder = (changes = {}) => ({
  idempotencyKey: `key-${++keys}`,
  kind: 'charge',
  amount: '2500',
  currency: 'USD',
  account: 'acc',
  ...changes,
});

const read = async (answer: Response) => ({ status: answer.status, body: await answer.json() });
const pay = async (bank: BankInfo, order: unknown) =>
  read(await send('POST', `${bank.url}/payments`, order));
const statusOf = async (bank: BankInfo, key: string) =>
  read(await fetch(`${bank.url}/payments/${key}`));
const statementOf = async (name: string, query = '') =>
  read(await fetch(`${simulator.url}/control/banks/${name}/payments${query}`));

/** The system's own word for why a connection failed. */
const failureOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof Error ? (error.cause as { code?: string } | undefined)?.code : error;
};

describe('each bank behaves over HTTP as the contract says', () => {
  test.each([
    ['ok', 200, { status: 'settled' }, 'settled'],
    ['slow', 200, { status: 'settled' }, 'settled'],
    ['declined', 402, { status: 'declined', reason: 'do-not-honour' }, 'declined'],
    ['unknown-then-ok', 500, { code: 'bank-failure' }, 'settled'],
    ['unknown-then-declined', 500, { code: 'bank-failure' }, 'declined'],
  ])('%s answers %i, and its status call agrees', async (name, code, body, status) => {
    const bank = await bankNamed(name);
    const order = newOrder();
    expect(await pay(bank, order)).toMatchObject({ status: code, body });
    expect(await statusOf(bank, order.idempotencyKey)).toMatchObject({
      status: 200,
      body: { status, paymentId: expect.any(String) },
    });
  });

  test('timeout never answers, but has executed', async () => {
    const bank = await bankNamed('timeout');
    const order = newOrder();
    const stop = new AbortController();
    const answer = send('POST', `${bank.url}/payments`, order, stop.signal);
    const abandoned = answer.then(
      () => 'answered',
      () => 'abandoned',
    );
    await expect
      .poll(() => statusOf(bank, order.idempotencyKey))
      .toMatchObject({ status: 200, body: { status: 'settled' } });
    stop.abort();
    expect(await abandoned).toBe('abandoned');
  });

  test('slow is pending meanwhile, and not on the statement', async () => {
    const bank = await bankNamed('slow');
    const order = newOrder();
    const answer = pay(bank, order);
    await expect
      .poll(() => statusOf(bank, order.idempotencyKey))
      .toMatchObject({ body: { status: 'pending' } });
    expect(await statementOf('slow')).toMatchObject({ body: { count: 0 } });
    expect(await answer).toMatchObject({ status: 200 });
    expect(await statementOf('slow')).toMatchObject({ body: { count: 1 } });
  });

  test('flaky fails every other time without having executed', async () => {
    const bank = await bankNamed('flaky');
    const order = newOrder();
    const statuses: number[] = [];
    for (const one of [order, order, newOrder(), newOrder()]) {
      statuses.push((await pay(bank, one)).status);
    }
    expect(statuses).toEqual([500, 200, 500, 200]);
    expect(await statementOf('flaky')).toMatchObject({ body: { count: 2 } });
  });

  test('a status nobody asked for is 404', async () => {
    expect(await statusOf(await bankNamed('ok'), 'never')).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    });
  });
});

describe('a bank goes down and comes back while others work', () => {
  test('down refuses connections; up again, it has the same address and memory', async () => {
    const bank = await bankNamed('ok');
    const order = newOrder();
    const before = await pay(bank, order);
    await change('ok', { behaviour: 'down' });
    expect(await failureOf(pay(bank, order))).toBe('ECONNREFUSED');
    expect((await bankNamed('ok')).listening).toBe(false);
    expect((await pay(await bankNamed('flaky'), newOrder())).status).toBe(500);
    await change('ok', { behaviour: 'ok' });
    expect(await pay(bank, order)).toEqual(before);
  });

  test('the bank named down starts closed, and its address works once it is up', async () => {
    const bank = await bankNamed('down');
    expect(bank.listening).toBe(false);
    expect(await failureOf(pay(bank, newOrder()))).toBe('ECONNREFUSED');
    await change('down', { behaviour: 'ok' });
    expect((await pay(bank, newOrder())).status).toBe(200);
  });

  test('going down cuts off a call that waits for its answer', async () => {
    const bank = await bankNamed('timeout');
    const order = newOrder();
    const waiting = failureOf(pay(bank, order));
    await expect
      .poll(() => statusOf(bank, order.idempotencyKey))
      .toMatchObject({ body: { status: 'settled' } });
    await change('timeout', { behaviour: 'down' });
    expect(['UND_ERR_SOCKET', 'ECONNRESET']).toContain(await waiting);
  });

  test('changes at the same time leave the bank in a state that is as it says', async () => {
    const bank = await bankNamed('ok');
    const behaviours = ['down', 'ok', 'down', 'ok', 'down', 'ok'];
    await Promise.all(behaviours.map((behaviour) => change('ok', { behaviour })));
    const { behaviour, listening } = await bankNamed('ok');
    expect(listening).toBe(behaviour === 'ok');
    const seen = await pay(bank, newOrder()).then(
      () => 'ok',
      () => 'down',
    );
    expect(seen).toBe(behaviour);
  });
});

describe('the control API', () => {
  test('a failure rate of one fails every call, payments and status alike', async () => {
    const bank = await bankNamed('ok');
    await change('ok', { failureRate: 1 });
    const order = newOrder();
    expect((await pay(bank, order)).status).toBe(500);
    expect((await statusOf(bank, order.idempotencyKey)).status).toBe(500);
    await change('ok', { failureRate: 0 });
    expect((await statusOf(bank, order.idempotencyKey)).status).toBe(404);
  });

  test('the statement has totals over everything and pages of payments', async () => {
    const bank = await bankNamed('ok');
    await pay(bank, newOrder({ amount: '100' }));
    await pay(bank, newOrder({ amount: '200' }));
    await pay(bank, newOrder({ amount: '1000000000000000', kind: 'payout', currency: 'EUR' }));
    const { body } = await statementOf('ok', '?offset=1&limit=1');
    expect(body).toMatchObject({
      bank: 'ok',
      count: 3,
      totals: [
        { kind: 'charge', currency: 'USD', count: 2, amount: '300' },
        { kind: 'payout', currency: 'EUR', count: 1, amount: '1000000000000000' },
      ],
      payments: [{ amount: '200', kind: 'charge', settledAt: expect.any(String) }],
      nextOffset: 2,
    });
  });

  test.each([
    ['an unknown field', 'PUT', '/control/banks/ok', { behavior: 'ok' }, 400, 'validation-failed'],
    [
      'an unknown behaviour',
      'PUT',
      '/control/banks/ok',
      { behaviour: 'x' },
      400,
      'validation-failed',
    ],
    ['a rate above one', 'PUT', '/control/banks/ok', { failureRate: 2 }, 400, 'validation-failed'],
    ['no bank of that name', 'PUT', '/control/banks/none', {}, 404, 'not-found'],
    ['no such path', 'POST', '/control/else', {}, 404, 'not-found'],
  ])('refuses %s', async (_what, method, path, body, status, code) => {
    const answer = await send(method, `${simulator.url}${path}`, body);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await read(answer)).toMatchObject({ status, body: { status, code } });
  });
});

describe('a bank takes only what is exactly a payment', () => {
  test.each([
    ['an amount as a number', newOrder({ amount: 2500 }), 400, 'validation-failed'],
    ['an amount with a point', newOrder({ amount: '25.00' }), 400, 'validation-failed'],
    ['an amount of nothing', newOrder({ amount: '0' }), 400, 'validation-failed'],
    ['an unknown currency', newOrder({ currency: 'XXX' }), 400, 'validation-failed'],
    ['a key with a slash', newOrder({ idempotencyKey: 'a/b' }), 400, 'validation-failed'],
    ['an unknown field', newOrder({ tip: '1' }), 400, 'validation-failed'],
    ['no JSON', '{', 400, 'validation-failed'],
    ['a body beyond the limit', newOrder({ account: 'x'.repeat(9000) }), 413, 'payload-too-large'],
  ])('refuses %s', async (_what, order, status, code) => {
    const bank = await bankNamed('ok');
    expect(await pay(bank, order)).toMatchObject({ status, body: { code } });
    expect(await statementOf('ok')).toMatchObject({ body: { count: 0 } });
  });

  test('a key used for another payment is refused', async () => {
    const bank = await bankNamed('ok');
    const order = newOrder();
    await pay(bank, order);
    expect(await pay(bank, { ...order, amount: '1' })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
  });
});

describe('a restart', () => {
  test('after kill -9 the banks know their payments, and have their addresses', async () => {
    const env = { STATE_FILE: join(folder, 'payments.jsonl') };
    await using first = await startSimulator(env);
    const bank = await bankNamed('ok', first);
    const order = newOrder();
    const before = await pay(bank, order);
    await first.end('SIGKILL');
    await using second = await startSimulator(env);
    expect(await bankNamed('ok', second)).toEqual({ ...bank, payments: 1 });
    expect(await pay(bank, order)).toEqual(before);
    expect(await second.end('SIGTERM')).toBe(0);
  });

  test('a clean stop does not wait for callers that a bank never answers', async () => {
    await using one = await startSimulator({});
    const waiting = failureOf(pay(await bankNamed('timeout', one), newOrder()));
    expect(await one.end('SIGTERM')).toBe(0);
    expect(await waiting).toBeDefined();
  });
});
