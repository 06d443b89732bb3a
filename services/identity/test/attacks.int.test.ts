import { freshDatabase } from '@florin/testing';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const password = 'correct horse battery';
const home = { address: '198.51.100.1', userAgent: 'the owner’s browser' };
const HOUR_MS = 3_600_000;

let identity: IdentityUnderTest;
let email: string;
let people = 0;
beforeAll(async () => {
  identity = await openIdentity(await freshDatabase('identity_attacks', migrations));
  // How many tries come back must not depend on how fast this machine is.
  identity.freeze();
});
afterAll(() => identity[Symbol.asyncDispose]());
beforeEach(async () => {
  email = `victim-${++people}@example.com`;
  await identity.ask.register({ email, password, name: 'Ada' });
});

const outcome = async (request: Parameters<typeof identity.ask.login>[0]): Promise<string> => {
  const answer = await identity.ask.login(request);
  return answer.ok ? 'signed in' : answer.code;
};

const addressOf = (n: number): string => `203.0.${n >> 8}.${n & 255}`;

/** How many guesses are checked, of so many that come from so many addresses. */
async function guesses(count: number, addresses: number, at = email): Promise<number> {
  let checked = 0;
  for (let n = 0; n < count; n++) {
    const from = { address: addressOf(n % addresses), userAgent: `bot ${n}` };
    const said = await outcome({ email: at, password: `guess ${n}`, from });
    if (said === 'invalid-credentials') checked++;
    else expect(said).toBe('throttled');
  }
  return checked;
}

describe('hunts a way to guess passwords quickly, and to lock others out', () => {
  test('from one address twenty guesses are checked, then one in ten seconds', async () => {
    expect(await guesses(40, 1)).toBe(20);
    identity.advanceMs(30_000);
    expect(await guesses(10, 1)).toBe(3);
  });

  test('from many addresses fifty are, and the owner still signs in from home', async () => {
    await outcome({ email, password, from: home });
    const checked = await guesses(90, 90);
    console.log(`90 guesses from 90 addresses: ${checked} were checked`);
    expect(checked).toBe(50);
    // Even the right password tells a stranger nothing now…
    const stranger = { address: addressOf(999), userAgent: 'bot' };
    expect(await outcome({ email, password, from: stranger })).toBe('throttled');
    // …but the device that signed in before goes by.
    expect(await outcome({ email, password, from: home })).toBe('signed in');
    expect(await outcome({ email, password: 'a slip', from: home })).toBe('invalid-credentials');
    expect(await outcome({ email, password, from: home })).toBe('signed in');
  });

  test('an attack that comes at once takes no more than one that comes in turn', async () => {
    const from = { address: addressOf(5000), userAgent: 'bot' };
    const said = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) => outcome({ email, password: `g ${n}`, from })),
    );
    const values = said.map((one) => (one.status === 'fulfilled' ? one.value : 'later'));
    expect(values.filter((value) => value === 'invalid-credentials').length).toBeLessThanOrEqual(
      20,
    );
    expect(values).toContain('throttled');
  });

  test('codes are guessed no faster than passwords, though the password is known', async () => {
    const answer = await identity.ask.login({ email, password, from: home });
    if (!answer.ok) throw new Error(answer.code);
    const { sub: userId = '', sid } = decodeJwt<{ sid: string }>(answer.tokens.accessToken);
    const own = { userId, sessionId: sid };
    await identity.ask.setUpTwoFactor(own);
    const tries: string[] = [];
    for (let n = 0; n < 30; n++) {
      const tried = await identity.ask.confirmTwoFactor({ ...own, code: String(100_000 + n) });
      if (!tried.ok) tries.push(tried.code);
    }
    expect(tries.filter((code) => code === 'invalid-code').length).toBe(20);
    expect(tries.filter((code) => code === 'throttled').length).toBe(10);
  });

  test('strangers to an account that does not exist are stopped just the same', async () => {
    expect(await guesses(40, 1, `ghost-${people}@example.com`)).toBe(20);
  });
});

test('hunts a stranger who buries somebody in letters', async () => {
  const count = async () => {
    const { items } = await identity.ask.listLetters({ limit: 100 });
    return items.filter(({ to }) => to === email).length;
  };
  const before = await count();
  for (let n = 0; n < 12; n++) await identity.ask.register({ email, password, name: 'Mallory' });
  expect((await count()) - before).toBe(5);
});

describe('hunts answers that tell who has an account', () => {
  test('by wording: registering twice, resetting and signing in say the same', async () => {
    const ghost = `ghost-${people}@example.com`;
    const wrong = 'a wrong password';
    expect(await outcome({ email: ghost, password: wrong })).toBe(
      await outcome({ email, password: wrong }),
    );
    expect(await identity.ask.requestPasswordReset({ email: ghost })).toEqual(
      await identity.ask.requestPasswordReset({ email }),
    );
    // The API answers a taken address as it answers a new one; its owner gets a letter.
    await identity.ask.register({ email, password, name: 'Mallory' });
    const { items } = await identity.ask.listLetters({ limit: 100 });
    expect(items.filter(({ to }) => to === email).map(({ kind }) => kind)).toContain(
      'already-registered',
    );
  });

  test('by timing: an unknown address takes as long as a known one', async () => {
    identity.advanceMs(24 * HOUR_MS);
    const timeOf = async (address: string, n: number): Promise<number> => {
      const from = { address: `192.0.2.${n}`, userAgent: `clock ${n}` };
      const startedMs = performance.now();
      await outcome({ email: address, password: 'a wrong password', from });
      return performance.now() - startedMs;
    };
    const median = (values: number[]): number =>
      values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
    const known: number[] = [];
    const unknown: number[] = [];
    for (let n = 0; n < 40; n++) {
      known.push(await timeOf(email, n));
      unknown.push(await timeOf(`nobody-${n}@example.com`, n));
    }
    const [ofKnown, ofUnknown] = [median(known), median(unknown)];
    console.log(
      `sign-in refused, median of 40: known ${ofKnown.toFixed(1)} ms, ` +
        `unknown ${ofUnknown.toFixed(1)} ms`,
    );
    // The work is the same (argon2id on both sides); noise of a busy machine is not judged here.
    expect(ofUnknown / ofKnown).toBeGreaterThan(0.5);
    expect(ofUnknown / ofKnown).toBeLessThan(2);
  });
});

describe('hunts accounts that pay before their e-mail is verified, where that is required', () => {
  test('they look, verify, and pay with their next token', async () => {
    const url = await freshDatabase('identity_strict', migrations);
    await using strict = await openIdentity(url, { emailVerification: 'required' });
    await strict.ask.register({ email, password, name: 'Ada' });
    const answer = await strict.ask.login({ email, password });
    if (!answer.ok) throw new Error(answer.code);
    expect(decodeJwt(answer.tokens.accessToken)['scope']).toBe('wallets:read transactions:read');
    const { items } = await strict.ask.listLetters({ limit: 1 });
    const [, token = ''] = /#token=([\w-]+)/.exec(items[0]?.text ?? '') ?? [];
    expect(await strict.ask.verifyEmail({ token: `${token}x` })).toMatchObject({ ok: false });
    expect(await strict.ask.verifyEmail({ token })).toMatchObject({ ok: true });
    const next = await strict.ask.refresh({ refreshToken: answer.tokens.refreshToken });
    if (!next.ok) throw new Error(next.code);
    expect(decodeJwt(next.tokens.accessToken)['scope']).toContain('transactions:write');
  });

  test('letters are shown to operators on development systems only', async () => {
    const url = await freshDatabase('identity_closed', migrations);
    await using closed = await openIdentity(url, { lettersReadable: false });
    await closed.ask.register({ email, password, name: 'Ada' });
    const { items } = await closed.ask.listLetters({ limit: 1 });
    expect(items).toMatchObject([{ to: email, text: null }]);
  });
});

describe('hunts an address that changes hands without its owner', () => {
  test('a letter to the new one decides; the old one hears of it; a taken one stays', async () => {
    const signedIn = await identity.ask.login({ email, password });
    if (!signedIn.ok) throw new Error(signedIn.code);
    const { sub: userId = '', sid } = decodeJwt<{ sid: string }>(signedIn.tokens.accessToken);
    const own = { userId, sessionId: sid };
    const newEmail = `moved-${people}@example.com`;
    const lettersTo = async (to: string) =>
      (await identity.ask.listLetters({ limit: 100 })).items.filter((one) => one.to === to);
    const taken = `victim-${people - 1}@example.com`;
    const before = await lettersTo(taken);
    expect(await identity.ask.requestEmailChange({ ...own, newEmail: taken })).toEqual({
      ok: true,
    });
    expect(await lettersTo(taken)).toEqual(before);

    await identity.ask.requestEmailChange({ ...own, newEmail });
    expect(await outcome({ email, password })).toBe('signed in');
    const [letter] = await lettersTo(newEmail);
    const [, token = ''] = /#token=([\w-]+)/.exec(letter?.text ?? '') ?? [];
    expect(await identity.ask.verifyEmail({ token })).toMatchObject({ ok: true });
    expect(await identity.ask.verifyEmail({ token })).toMatchObject({ ok: false });
    expect(await outcome({ email, password })).toBe('invalid-credentials');
    expect(await outcome({ email: newEmail, password })).toBe('signed in');
    expect((await lettersTo(email)).map(({ kind }) => kind)).toContain('email-changed');
    const { user } = await identity.ask.getUser({ id: userId });
    expect(user).toMatchObject({ email: newEmail, emailVerified: true });
  });
});

describe('hunts weak passwords on every way in', () => {
  test('registering, changing and resetting refuse them alike', async () => {
    const weak = { ok: false, code: 'weak-password' };
    const answer = await identity.ask.register({
      email: 'new@example.com',
      password: 'password123',
      name: 'New',
    });
    expect(answer).toMatchObject({ ...weak, weakness: 'breached' });
    const signedIn = await identity.ask.login({ email, password });
    if (!signedIn.ok) throw new Error(signedIn.code);
    const { sub: userId = '', sid } = decodeJwt<{ sid: string }>(signedIn.tokens.accessToken);
    const change = { userId, sessionId: sid, currentPassword: password };
    const newPassword = email;
    expect(await identity.ask.changePassword({ ...change, newPassword })).toMatchObject(weak);
  });

  test('a changed password ends the other sessions and leaves the own one', async () => {
    const first = await identity.ask.login({ email, password });
    const second = await identity.ask.login({ email, password });
    if (!first.ok || !second.ok) throw new Error('not signed in');
    const { sub: userId = '', sid } = decodeJwt<{ sid: string }>(second.tokens.accessToken);
    const change = { userId, sessionId: sid, currentPassword: password };
    const done = await identity.ask.changePassword({ ...change, newPassword: 'quite another one' });
    expect(done).toEqual({ ok: true });
    expect(await identity.ask.refresh(first.tokens)).toMatchObject({ code: 'unauthenticated' });
    expect(await identity.ask.refresh(second.tokens)).toMatchObject({ ok: true });
    expect(await outcome({ email, password })).toBe('invalid-credentials');
  });
});
