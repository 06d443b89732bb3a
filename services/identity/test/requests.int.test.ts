import { IDENTITY_REQUESTS } from '@florin/contracts';
import { present, RetryableError, TerminalError } from '@florin/kernel';
import { connect, request, type Bus } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { answerRequests } from '../adapters/answer-requests.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const person = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' };
const lines: string[] = [];
const log = createLogger('identity', 'trace', {}, { write: (line) => void lines.push(line) });
const stack = new AsyncDisposableStack();
let identity: IdentityUnderTest;
let gateway: Bus;

beforeAll(async () => {
  const url = inject('natsUrl');
  identity = stack.use(await openIdentity(await freshDatabase('identity_requests', migrations)));
  const bus = stack.use(await connect({ url, name: 'identity', log }));
  gateway = stack.use(await connect({ url, name: 'gateway', log }));
  const requests = answerRequests(bus, IDENTITY_REQUESTS, identity.ask);
  stack.defer(() => requests.stop());
  // The server knows the subscriptions of one connection before it hears the other.
  await bus.nc.flush();
});
afterAll(() => stack.disposeAsync());

describe('over the bus', () => {
  test('a person registers, signs in, refreshes, is found, and signs out', async () => {
    const registered = await request(gateway, IDENTITY_REQUESTS.register, person);
    if (!registered.ok) throw new Error(registered.code);
    const { user } = registered;
    const signedIn = await request(gateway, IDENTITY_REQUESTS.login, person);
    if (!signedIn.ok) throw new Error(signedIn.code);
    const refreshed = await request(gateway, IDENTITY_REQUESTS.refresh, signedIn.tokens);
    if (!refreshed.ok) throw new Error(refreshed.code);
    expect(await request(gateway, IDENTITY_REQUESTS.getUser, user)).toEqual({ user });
    expect(await request(gateway, IDENTITY_REQUESTS.findUserByEmail, person)).toEqual({ user });
    expect(await request(gateway, IDENTITY_REQUESTS.logout, refreshed.tokens)).toEqual({
      ok: true,
    });
    expect((await request(gateway, IDENTITY_REQUESTS.getKeys, {})).keys).toHaveLength(1);
  });

  test('a refusal is an answer, and counted by its code', async () => {
    const wrong = { ...person, password: 'wrong horse' };
    const refused = { ok: false, code: 'invalid-credentials' };
    expect(await request(gateway, IDENTITY_REQUESTS.login, wrong)).toEqual(refused);
    expect(await request(gateway, IDENTITY_REQUESTS.refresh, { refreshToken: 'x' })).toEqual({
      ok: false,
      code: 'unauthenticated',
    });
    const exposition = await identity.metrics.registry.metrics();
    expect(exposition).toContain('sign_ins_total{outcome="succeeded",service="identity"} 1');
    expect(exposition).toContain(
      'sign_ins_total{outcome="invalid-credentials",service="identity"} 1',
    );
    expect(exposition).toContain(
      'token_refreshes_total{outcome="unauthenticated",service="identity"} 1',
    );
  });

  test('a flood of sign-ins is told to come later, not kept waiting for ever', async () => {
    const asked = Array.from({ length: 100 }, (_, i) =>
      request(
        gateway,
        IDENTITY_REQUESTS.login,
        { ...person, email: `guest-${i}@example.com` },
        { timeoutMs: 20_000 },
      ),
    );
    const results = await Promise.allSettled(asked);
    const turnedAway = results.filter(({ status }) => status === 'rejected');
    expect(turnedAway.length).toBeGreaterThan(0);
    expect(turnedAway.length).toBeLessThan(100);
    for (const one of turnedAway) {
      expect(one).toMatchObject({ reason: expect.any(RetryableError) as unknown });
    }
  });

  test('a fault says nothing to the caller, and no e-mail or password to the log', async () => {
    const { user } = await request(gateway, IDENTITY_REQUESTS.findUserByEmail, person);
    const userId = present(user, 'user').id;
    const hostile = { userId, purpose: 'mallory\u0000', version: '1', granted: true };
    const asked = request(gateway, IDENTITY_REQUESTS.recordConsent, hostile);
    await expect(asked).rejects.toThrow(TerminalError);
    await expect(asked).rejects.not.toThrow(/UTF8|mallory/);
    expect(lines.join('')).toContain('not answered');
    expect(lines.join('')).not.toMatch(/mallory|ada@example|correct horse|wrong horse/);
  });
});
