import { createFlorinClient } from '@florin/client';
import { describe, expect, test } from 'vitest';
import { createPaymentAttempts } from './payment-attempts.ts';

type Fault = 'lost' | (() => Response);

const problem = (code: string, status: number) => (): Response =>
  Response.json({ type: '', title: '', code, status, detail: '', traceId: '' }, { status });

/** An API that pays once per key, reached over a line that breaks as the test says. */
function fakeBank(faults: Fault[] = []) {
  const stored = new Map<string, string>();
  const paid = new Map<string, unknown>();
  const sent: string[] = [];
  let keys = 0;
  const { request } = createFlorinClient({
    baseUrl: '',
    wait: async () => undefined,
    async fetch(_address, { headers, body }) {
      const key = new Headers(headers).get('idempotency-key') ?? '';
      sent.push(key);
      const fault = faults.shift();
      if (typeof fault === 'function') return fault();
      // The order arrives, and its answer may be lost.
      paid.set(key, JSON.parse(body as string));
      if (fault === 'lost') throw new TypeError('lost');
      return Response.json({ id: `paid under ${key}` }, { status: 201 });
    },
  });
  const attempts = createPaymentAttempts({
    storage: {
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    },
    request,
    newKey: () => `key-${++keys}`,
    now: () => new Date(0),
  });
  return { attempts, paid, sent, stored };
}

const order = { body: { fromWalletId: 'a', toWalletId: 'b', amount: '2500' } };
const another = { body: { ...order.body, amount: '2600' } };
const pay = 'POST /v1/transfers';
const lostOften = (): 'lost'[] => Array.from({ length: 5 }, () => 'lost');

describe('hunts a form that pays twice', () => {
  test('a double click is one request', async () => {
    const { attempts, sent } = fakeBank();
    const both = await Promise.all([
      attempts.submit('send', pay, order),
      attempts.submit('send', pay, order),
    ]);
    expect(both.map(({ id }) => id)).toEqual(['paid under key-1', 'paid under key-1']);
    expect(sent).toHaveLength(1);
  });

  test('answers that are lost on the way are asked for again under the same key', async () => {
    const { attempts, paid, sent } = fakeBank(['lost', problem('overloaded', 503), 'lost']);
    await attempts.submit('send', pay, order);
    expect(new Set(sent)).toEqual(new Set(['key-1']));
    expect(sent).toHaveLength(4);
    expect(paid.size).toBe(1);
  });

  test('without any answer the key survives, and trying again pays nothing twice', async () => {
    const { attempts, paid, stored } = fakeBank(lostOften());
    await expect(attempts.submit('send', pay, order)).rejects.toMatchObject({
      name: 'NoAnswerYet',
    });
    expect(stored.size).toBe(1);
    expect(attempts.pending('send')?.key).toBe('key-1');
    await attempts.submit('send', pay, order);
    expect(paid.size).toBe(1);
    expect(attempts.pending('send')).toBeUndefined();
  });

  test('another order may not begin while the first is unanswered', async () => {
    const { attempts, paid } = fakeBank(lostOften());
    await attempts.submit('send', pay, order).catch(() => undefined);
    await expect(attempts.submit('send', pay, another)).rejects.toMatchObject({
      name: 'UnsettledAttempt',
    });
    expect(await attempts.resume('send')).toEqual({ id: 'paid under key-1' });
    await attempts.submit('send', pay, another);
    expect([...paid.values()]).toEqual([order.body, another.body]);
  });

  test('forms do not wait for each other', async () => {
    const { attempts, paid } = fakeBank(lostOften());
    await attempts.submit('send', pay, order).catch(() => undefined);
    const deposit = { body: { walletId: 'a', amount: '1', bankAccount: 'ok' } };
    await attempts.submit('deposit', 'POST /v1/deposits', deposit);
    expect(paid.size).toBe(2);
  });

  test('what names its object in the address is the same only for the same object', async () => {
    const { attempts, sent } = fakeBank(lostOften());
    const capture = 'POST /v1/holds/{id}/capture';
    const of = (id: string) => ({ path: { id }, body: {} });
    await attempts.submit('capture', capture, of('h1')).catch(() => undefined);
    await expect(attempts.submit('capture', capture, of('h2'))).rejects.toMatchObject({
      name: 'UnsettledAttempt',
    });
    await attempts.submit('capture', capture, of('h1'));
    expect(new Set(sent)).toEqual(new Set(['key-1']));
  });
});

test('a session that ends on the way leaves the attempt to whoever signs in again', async () => {
  const { attempts, sent } = fakeBank(['lost', problem('unauthenticated', 401)]);
  await attempts.submit('send', pay, order).catch(() => undefined);
  await attempts.resume('send');
  expect(sent).toEqual(['key-1', 'key-1', 'key-1']);
});

describe('hunts a final no after which the form still asks for the old payment', () => {
  test.each([
    ['insufficient-funds', 422],
    ['validation-failed', 400],
    ['bank-unavailable', 503],
  ])('%s', async (code, status) => {
    const { attempts, sent } = fakeBank([problem(code, status)]);
    await expect(attempts.submit('send', pay, order)).rejects.toMatchObject({ code });
    expect(attempts.pending('send')).toBeUndefined();
    await attempts.submit('send', pay, order);
    expect(sent).toEqual(['key-1', 'key-2']);
  });

  test.each([
    ['idempotency-request-in-flight', 409],
    ['rate-limited', 429],
    ['internal', 500],
  ])('%s is none: the same key asks again', async (code, status) => {
    const { attempts, sent } = fakeBank([problem(code, status)]);
    await attempts.submit('send', pay, order);
    expect(sent).toEqual(['key-1', 'key-1']);
  });
});
