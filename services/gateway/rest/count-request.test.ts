import type { IncomingMessage } from 'node:http';
import { asClientId } from '@florin/kernel';
import { createLogger, createMetrics } from '@florin/runtime';
import { afterEach, describe, expect, test } from 'vitest';
import { createRateLimits, type RateLimits } from '../adapters/rate-limits.ts';
import type { Caller } from '../domain/caller.ts';
import { BUDGETS, type RatePlan } from '../domain/rate-plan.ts';
import { refusal } from '../domain/refusal.ts';
import { createCounting, isAttempt } from './count-request.ts';
import type { Route } from './route.ts';

const log = createLogger('test', 'silent');
const opened: RateLimits[] = [];

function counting(plan: Partial<RatePlan> = {}, redisUrl?: string) {
  const limits = createRateLimits({
    plan: { ...BUDGETS, ...plan },
    redisUrl,
    log,
    metrics: createMetrics('test'),
  });
  opened.push(limits);
  return createCounting({ limits, trustedProxies: 1 });
}
afterEach(() => {
  for (const limits of opened.splice(0)) limits.close();
});

const from = (address: string): IncomingMessage =>
  ({ headers: { 'x-forwarded-for': address }, socket: {} }) as unknown as IncomingMessage;

const caller = (id: string, more: Partial<Caller> = {}): Caller => ({
  id: asClientId(id),
  kind: 'user',
  scopes: new Set(),
  roles: new Set(['user']),
  ...more,
});

/** How many of so many calls are let through. */
async function letThrough(count: number, call: () => Promise<unknown>): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: count }, call));
  return outcomes.filter((refused) => refused === undefined).length;
}

const login = { access: 'public', method: 'POST' } as Route;
const payment = { access: 'transactions:write', idempotencyKey: 'required' } as Route;

describe('hunts a caller who gets more than their share of a minute', () => {
  test.each([
    ['a user', caller('u'), 100],
    ['a user with more in their plan', caller('p', { plan: 'premium' }), 1000],
    ['one of the staff', caller('s', { roles: new Set(['support']) }), 1000],
    ['a machine client', caller('m', { kind: 'machine', roles: new Set() }), 1000],
    ['a machine client without limit', caller('x', { kind: 'machine', plan: 'unlimited' }), 1500],
  ])('%s', async (_, who, expected) => {
    const start = counting();
    expect(await letThrough(1500, () => start(from('192.0.2.1')).caller(who))).toBe(expected);
  });

  test('one user’s calls are not counted for another one at the same address', async () => {
    const start = counting({ user: 1 });
    expect(await start(from('192.0.2.1')).caller(caller('ana'))).toBeUndefined();
    expect(await start(from('192.0.2.1')).caller(caller('ben'))).toBeUndefined();
  });

  test('strangers are counted by address, and told when to come back', async () => {
    const start = counting();
    expect(await letThrough(30, () => start(from('192.0.2.1')).stranger())).toBe(10);
    expect(await start(from('192.0.2.2')).stranger()).toBeUndefined();
    const request = start(from('192.0.2.1'));
    const refused = await request.stranger();
    expect(refused).toMatchObject({ refused: 'rate-limited' });
    expect(refused?.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused?.retryAfterSeconds).toBeLessThanOrEqual(60);
    expect(request.headers()).toMatchObject({
      'ratelimit-policy': '"anonymous";q=10;w=60',
      ratelimit: expect.stringMatching(/^"anonymous";r=0;t=\d+$/) as string,
    });
  });

  test('payments are counted by the wallet that pays, whoever asks for them', async () => {
    const start = counting({ wallet: 2 });
    const pay = (id: string, walletId: string) =>
      start(from('192.0.2.1')).payment(payment, caller(id), { walletId });
    expect(await pay('ana', 'w1')).toBeUndefined();
    expect(await pay('ben', 'w1')).toBeUndefined();
    expect(await pay('cem', 'w1')).toMatchObject({ refused: 'rate-limited' });
    expect(await pay('cem', 'w2')).toBeUndefined();
  });

  test('headers tell of the budget that is nearest to its end', async () => {
    const request = counting({ user: 50, wallet: 2 })(from('192.0.2.1'));
    await request.caller(caller('ana'));
    await request.payment(payment, caller('ana'), { fromWalletId: 'w' });
    expect(request.headers()).toMatchObject({ 'ratelimit-policy': '"wallet";q=2;w=60' });
  });
});

describe('hunts people who are kept out for signing in often', () => {
  test('a login that succeeds is not counted, one that fails is', async () => {
    const start = counting({ anonymous: 3 });
    const attempt = async (outcome: Parameters<ReturnType<typeof start>['proven']>[1]) => {
      const request = start(from('192.0.2.1'));
      const refused = await request.stranger();
      if (refused === undefined) await request.proven(login, outcome);
      return refused;
    };
    for (let at = 0; at < 20; at++) expect(await attempt({ status: 200 })).toBeUndefined();
    const wrong = refusal('invalid-credentials', 'wrong');
    for (let at = 0; at < 3; at++) expect(await attempt(wrong)).toBeUndefined();
    expect(await attempt({ status: 200 })).toMatchObject({ refused: 'rate-limited' });
  });

  test('what strangers only read is not counted', () => {
    expect(isAttempt({ access: 'public', method: 'GET' } as Route)).toBe(false);
    expect(isAttempt(login)).toBe(true);
  });
});

test('hunts a lost store that lets everything through, or nothing', async () => {
  const start = counting({ user: 5 }, 'redis://127.0.0.1:1');
  expect(await letThrough(9, () => start(from('192.0.2.1')).caller(caller('ana')))).toBe(5);
});
