import { describe, expect, test } from 'vitest';
import { ApiProblem, Unreachable } from './api-problem.ts';
import { createPaymentAttempts, type Attempt } from './payment-attempts.ts';

const problem = (code: string, status: number): ApiProblem =>
  new ApiProblem({ type: '', title: '', code, status, detail: '', traceId: '' }, undefined);

/** A bank that pays once per key, whose line breaks as the test says. */
function fakeBank(faults: (Error | undefined)[] = []) {
  const stored = new Map<string, string>();
  const paid = new Map<string, unknown>();
  const sent: Attempt[] = [];
  let keys = 0;
  const attempts = createPaymentAttempts<string>({
    storage: {
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    },
    async send(attempt) {
      sent.push(attempt);
      const fault = faults.shift();
      // The order arrives, and the answer is lost.
      if (!(fault instanceof ApiProblem)) paid.set(attempt.key, attempt.body);
      if (fault) throw fault;
      return `paid under ${attempt.key}`;
    },
    newKey: () => `key-${++keys}`,
    now: () => new Date(0),
    wait: async () => undefined,
  });
  return { attempts, paid, sent, stored };
}

const order = { amount: '2500' };
const lost = (): Error => new Unreachable('lost');

describe('one form, one payment', () => {
  test('a double click is one request', async () => {
    const { attempts, sent } = fakeBank();
    const both = await Promise.all([
      attempts.submit('send', '/v1/transfers', order),
      attempts.submit('send', '/v1/transfers', order),
    ]);
    expect(both).toEqual(['paid under key-1', 'paid under key-1']);
    expect(sent).toHaveLength(1);
  });

  test('answers that are lost on the way are asked for again under the same key', async () => {
    const { attempts, paid, sent } = fakeBank([lost(), problem('overloaded', 503), lost()]);
    await attempts.submit('send', '/v1/transfers', order);
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(['key-1']));
    expect(sent).toHaveLength(4);
    expect(paid.size).toBe(1);
  });

  test('without any answer the key survives, and trying again pays nothing twice', async () => {
    const { attempts, paid, stored } = fakeBank(Array.from({ length: 5 }, lost));
    await expect(attempts.submit('send', '/v1/transfers', order)).rejects.toMatchObject({
      name: 'NoAnswerYet',
    });
    expect(stored.size).toBe(1);
    expect(attempts.pending('send')?.key).toBe('key-1');
    await attempts.submit('send', '/v1/transfers', order);
    expect(paid.size).toBe(1);
    expect(attempts.pending('send')).toBeUndefined();
  });

  test('another order may not begin while the first is unanswered', async () => {
    const { attempts, paid } = fakeBank(Array.from({ length: 5 }, lost));
    await attempts.submit('send', '/v1/transfers', order).catch(() => undefined);
    await expect(
      attempts.submit('send', '/v1/transfers', { amount: '2600' }),
    ).rejects.toMatchObject({ name: 'UnsettledAttempt' });
    expect(await attempts.resume('send')).toBe('paid under key-1');
    await attempts.submit('send', '/v1/transfers', { amount: '2600' });
    expect([...paid.values()]).toEqual([order, { amount: '2600' }]);
  });

  test('forms do not wait for each other', async () => {
    const { attempts, paid } = fakeBank(Array.from({ length: 5 }, lost));
    await attempts.submit('send', '/v1/transfers', order).catch(() => undefined);
    await attempts.submit('deposit', '/v1/deposits', order);
    expect(paid.size).toBe(2);
  });
});

test('a session that ends on the way leaves the attempt to whoever signs in again', async () => {
  const { attempts, sent } = fakeBank([lost(), problem('unauthenticated', 401)]);
  await attempts.submit('send', '/v1/transfers', order).catch(() => undefined);
  await attempts.resume('send');
  expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-1', 'key-1']);
});

describe('a final no ends the attempt', () => {
  test.each([
    ['insufficient-funds', 422],
    ['validation-failed', 400],
    ['bank-unavailable', 503],
  ])('%s', async (code, status) => {
    const { attempts, sent } = fakeBank([problem(code, status)]);
    await expect(attempts.submit('send', '/v1/transfers', order)).rejects.toMatchObject({
      problem: { code },
    });
    expect(attempts.pending('send')).toBeUndefined();
    await attempts.submit('send', '/v1/transfers', order);
    expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-2']);
  });

  test.each([
    ['idempotency-request-in-flight', 409],
    ['rate-limited', 429],
    ['internal', 500],
  ])('%s does not: the same key asks again', async (code, status) => {
    const { attempts, sent } = fakeBank([problem(code, status)]);
    await attempts.submit('send', '/v1/transfers', order);
    expect(sent.map(({ key }) => key)).toEqual(['key-1', 'key-1']);
  });
});
