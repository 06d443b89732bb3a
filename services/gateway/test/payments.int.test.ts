import { randomUUID } from 'node:crypto';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let world: Surroundings;
beforeAll(async () => {
  world = await createSurroundings();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.ledger.manner = 'decides';
});

const transfer = (changes: object = {}) => ({
  fromWalletId: world.ana.wallet,
  toWalletId: world.strangersWallet,
  amount: '100',
  ...changes,
});
const deposit = () => ({ walletId: world.ana.wallet, amount: '100', bankAccount: 'ok' });
const ordersOf = (id: string | undefined) =>
  world.ledger.orders.filter(({ transactionId }) => transactionId === id);

describe('hunts payments that are answered otherwise than they were decided', () => {
  test('completed, and the same again under the same key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await world.pay('/v1/transfers', transfer(), headers);
    expect(first).toMatchObject({ status: 201, body: { status: 'completed', amount: '100' } });
    expect(first.headers.get('location')).toBe(`/v1/transactions/${first.body.id}`);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    const again = await world.pay('/v1/transfers', transfer({ amount: 100 }), headers);
    expect(again).toMatchObject({ status: 201, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await world.pay('/v1/transfers', transfer({ amount: '101' }), headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('refused, and refused for ever', async () => {
    const headers = { 'idempotency-key': 'refused' };
    const body = transfer({ description: 'too much' });
    const first = await world.pay('/v1/transfers', body, headers);
    expect(first).toMatchObject({
      status: 422,
      body: { code: 'insufficient-funds', available: '0', transaction: { status: 'failed' } },
    });
    const again = await world.pay('/v1/transfers', body, headers);
    expect(again).toMatchObject({ status: 422, body: { transaction: first.body['transaction'] } });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  test('a withdrawal is answered when it is held, without its bank account', async () => {
    const { status, body } = await world.pay('/v1/withdrawals', deposit());
    expect({ status, body }).toMatchObject({ status: 201, body: { status: 'held' } });
    expect(body).not.toHaveProperty('bankAccount');
  });

  test('a deposit is answered when its bank has spoken', async () => {
    const answer = world.pay('/v1/deposits', deposit(), { 'idempotency-key': 'settled' });
    const pending = await eventually(() => {
      const [id] = [...world.ledger.transactions].findLast(([, it]) => it.type === 'deposit') ?? [];
      return id ?? false;
    });
    world.ledger.settle(pending);
    expect(await answer).toMatchObject({ status: 201, body: { id: pending, status: 'completed' } });
  });

  test('a deposit whose bank is slow is promised', async () => {
    const answer = await world.pay('/v1/deposits', deposit(), { prefer: 'wait=1' });
    expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
    expect(answer.headers.get('preference-applied')).toBe('wait=1');
    const location = answer.headers.get('location') ?? '';
    expect(await world.call('GET', location)).toMatchObject({ status: 200, body: answer.body });
  });
});

describe('hunts money that moves twice, or at all, when it must not', () => {
  test('fifty times the same key at once is one transaction', async () => {
    const headers = { 'idempotency-key': 'fifty' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => world.pay('/v1/transfers', transfer(), headers)),
    );
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    for (const { status, body } of answers) {
      expect([status, body['code']]).toEqual(
        status === 201 ? [201, undefined] : [409, 'idempotency-request-in-flight'],
      );
    }
  });

  test('hostile requests order nothing and store nothing', async () => {
    const before = world.ledger.orders.length;
    const unknown = randomUUID();
    const hostile: [body: object, headers: Record<string, string>, status: number][] = [
      [transfer({ fromWalletId: world.strangersWallet }), {}, 404],
      [transfer({ fromWalletId: unknown }), {}, 404],
      [transfer({ toWalletId: unknown }), {}, 404],
      [transfer({ toWalletId: undefined }), {}, 400],
      [transfer({ toEmail: 'ben@florin.dev' }), {}, 400],
      [transfer({ amount: '-1' }), {}, 400],
      [transfer({ amount: '0' }), {}, 400],
      [transfer({ amount: 1.5 }), {}, 400],
      [transfer({ amount: '1e3' }), {}, 400],
      [transfer({ amount: '9'.repeat(18) }), {}, 400],
      [transfer({ metadata: { a: 1 } }), {}, 400],
      [transfer({ metadata: { ['k'.repeat(41)]: 'v' } }), {}, 400],
      [transfer({ description: 'a\u0000b' }), {}, 400],
      [transfer({ status: 'completed' }), {}, 400],
      [transfer(), { 'idempotency-key': '' }, 400],
      [transfer(), { 'idempotency-key': 'x'.repeat(256) }, 400],
      [transfer(), { authorization: 'Bearer forged' }, 401],
      [transfer(), { 'content-type': 'text/plain' }, 415],
    ];
    for (const [body, headers, status] of hostile) {
      expect(await world.pay('/v1/transfers', body, headers)).toMatchObject({ status });
    }
    expect(world.ledger.orders).toHaveLength(before);
    const { rows } = await world.pool.query('SELECT count(*) AS count FROM submissions');
    expect(rows).toEqual([{ count: 0n }]);
  });

  test('a bulk is answered item by item, replayed as one, and its key stands for it', async () => {
    const item = { type: 'transfer', ...transfer() };
    const items = [
      item,
      { ...item, description: 'too much' },
      { ...item, toWalletId: randomUUID() },
    ];
    const headers = { 'idempotency-key': 'bulk' };
    const body = { mode: 'continueOnFailure', items };
    const first = await world.pay('/v1/transactions/bulk', body, headers);
    expect(first).toMatchObject({
      status: 200,
      body: {
        items: [
          { status: 201, transaction: { status: 'completed' } },
          {
            status: 422,
            transaction: { status: 'failed' },
            problem: { code: 'insufficient-funds' },
          },
          { status: 404, problem: { code: 'not-found' } },
        ],
      },
    });
    const again = await world.pay('/v1/transactions/bulk', body, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again).toMatchObject({ status: 200, body: { items: [{ status: 201 }, {}, {}] } });
    const before = world.ledger.orders.length;
    const longer = { mode: 'continueOnFailure', items: [...items, item] };
    expect(await world.pay('/v1/transactions/bulk', longer, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(world.ledger.orders).toHaveLength(before);
  });
});

describe('hunts promises that are broken', () => {
  test('respond-async is stored before it is answered, found at once, and sent', async () => {
    const headers = { prefer: 'respond-async', 'idempotency-key': 'async' };
    const { status, body } = await world.pay('/v1/transfers', transfer(), headers);
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'pending' } });
    await eventually(() => world.ledger.transactions.has(body.id ?? ''));
    const again = await world.pay('/v1/transfers', transfer(), headers);
    expect(again).toMatchObject({ status: 201, body: { id: body.id, status: 'completed' } });
    const other = await world.pay('/v1/transfers', transfer({ amount: '7' }), headers);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  test('an outcome that was lost is asked for', async () => {
    world.ledger.manner = 'decides-in-silence';
    const answer = await world.pay('/v1/transfers', transfer(), { prefer: 'wait=1' });
    expect(answer).toMatchObject({ status: 201, body: { status: 'completed' } });
  });

  test('an order that was lost is promised, found, and sent until it is decided', async () => {
    world.ledger.manner = 'ignores';
    const answer = await world.pay('/v1/transfers', transfer(), { prefer: 'wait=1' });
    const { id = '' } = answer.body;
    expect(answer).toMatchObject({ status: 202, body: { status: 'pending' } });
    expect(await world.call('GET', `/v1/transactions/${id}`)).toMatchObject({
      status: 200,
      body: { id, status: 'pending' },
    });
    world.ledger.manner = 'decides';
    await eventually(() => world.ledger.transactions.has(id));
    expect(ordersOf(id).length).toBeGreaterThan(1);
    expect(await world.call('GET', `/v1/transactions/${id}`)).toMatchObject({
      body: { status: 'completed' },
    });
    await eventually(async () => {
      const { rows } = await world.pool.query(
        'SELECT resolved_at IS NOT NULL AS resolved FROM submissions WHERE transaction_id = $1',
        [id],
      );
      return rows[0]?.resolved === true;
    });
  });
});
