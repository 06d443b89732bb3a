import { createHash, createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '@florin/testing';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, type Person } from './person.ts';

const password = 'correct horse battery';
const APPLICATION = {
  clientId: 'budget-app',
  name: 'Budget App',
  redirectUris: ['https://budget.example/callback'],
  scopes: ['wallets:read', 'transactions:read'],
};
const READER = {
  clientId: 'reader',
  clientSecret: 'a-secret-that-is-long-enough-to-be-random',
  name: 'Reader',
  scopes: ['wallets:read'],
};

const ROBOT = { ...READER, clientId: 'robot', name: 'Robot', scopes: ['admin'] };

let platform: ScratchPlatform;
let url: string;
let stranger: Person;

beforeAll(async () => {
  const env = { SEED_CLIENTS: JSON.stringify([APPLICATION, READER, ROBOT]) };
  platform = await startScratchPlatform({ fraudScoring: 'off', serviceEnv: { identity: env } });
  url = platform.dev().gatewayUrl;
  stranger = createPerson(url);
});
afterAll(() => platform.stop());

interface Tokens {
  accessToken: string;
  refreshToken: string;
}

async function register(name = 'Ada'): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const answer = await stranger.call('POST', '/v1/auth/register', { email, password, name });
  expect(answer.status).toBe(201);
  return email;
}

async function signIn(email: string, more: object = {}, agent = 'test'): Promise<Tokens> {
  const body = { email, password, ...more };
  const headers = { 'user-agent': agent };
  const answer = await stranger.call<Tokens>('POST', '/v1/auth/login', body, headers);
  expect(answer.status).toBe(200);
  return answer.body;
}

const personOf = ({ accessToken }: Tokens): Person => createPerson(url, accessToken);

/** What an authenticator app does. */
function codeOf(secret: string, atMs = Date.now()): string {
  const bits = Array.from(secret, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const key = Buffer.from(bytes.map((byte) => parseInt(byte, 2)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const number = mac.readUInt32BE(mac.readUInt8(19) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The newest letter of a kind to somebody, as the operator of a development system reads it. */
async function letterTo(email: string, kind: string): Promise<string> {
  const { secrets } = platform;
  const operator = personOf(
    await signIn('operator@florin.dev', {
      password: secrets().demoPasswords['operator@florin.dev'],
    }),
  );
  return eventually(async () => {
    const { body } = await operator.call<{ items: { to: string; kind: string; text: string }[] }>(
      'GET',
      '/v1/admin/outbox?limit=100',
    );
    const found = body.items.find((letter) => letter.to === email && letter.kind === kind);
    if (found === undefined) throw new Error(`no letter ${kind} yet`);
    return found.text;
  });
}

const tokenIn = (letter: string): string => /#token=([\w-]+)/.exec(letter)?.[1] ?? '';

describe('hunts a way to sign in that skips a proof, or that works for too long', () => {
  test('a second factor: set up, asked for, used once, recovered from, switched off', async () => {
    const email = await register();
    const ada = personOf(await signIn(email));
    const setup = await ada.call<{ secret: string }>('POST', '/v1/auth/2fa/setup');
    expect(setup.status).toBe(200);
    const { secret } = setup.body;
    const wrong = await ada.call('POST', '/v1/auth/2fa/confirm', { code: '000000' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid-code' } });
    const code = codeOf(secret);
    const confirmed = await ada.call<{ recoveryCodes: string[] }>('POST', '/v1/auth/2fa/confirm', {
      code,
    });
    const { recoveryCodes } = confirmed.body;
    expect(recoveryCodes).toHaveLength(10);
    const login = (more: object) =>
      stranger.call('POST', '/v1/auth/login', { email, password, ...more });
    expect(await login({})).toMatchObject({ status: 401, body: { code: 'two-factor-required' } });
    const twice = await Promise.all([login({ totp: code }), login({ totp: code })]);
    expect(new Set(twice.map(({ status }) => status))).toEqual(new Set([200, 401]));
    const next = codeOf(secret, Date.now() + 30_000);
    expect((await login({ totp: next })).status).toBe(200);
    expect(await login({ totp: next })).toMatchObject({ body: { code: 'invalid-credentials' } });
    const [recovery = ''] = recoveryCodes;
    expect((await login({ totp: recovery.toUpperCase() })).status).toBe(200);
    expect((await login({ totp: recovery })).status).toBe(401);
    expect((await ada.call('DELETE', '/v1/auth/2fa')).status).toBe(204);
    expect((await login({})).status).toBe(200);
  });

  test('a session is listed, ended by its owner, and its access token dies with it', async () => {
    const email = await register();
    const laptop = personOf(await signIn(email, {}, 'laptop'));
    const phone = personOf(await signIn(email, {}, 'phone'));
    const listed = await laptop.call<{
      items: { id: string; userAgent: string; current: boolean; address: string }[];
    }>('GET', '/v1/me/sessions');
    expect(listed.body.items).toMatchObject([
      { userAgent: 'phone', current: false, address: '127.0.0.1' },
      { userAgent: 'laptop', current: true },
    ]);
    const ofPhone = listed.body.items[0]?.id ?? '';
    const mallory = personOf(await signIn(await register()));
    expect((await mallory.call('DELETE', `/v1/me/sessions/${ofPhone}`)).status).toBe(404);
    expect((await phone.call('GET', '/v1/me')).status).toBe(200);
    expect((await laptop.call('DELETE', `/v1/me/sessions/${ofPhone}`)).status).toBe(204);
    await eventually(async () => expect((await phone.call('GET', '/v1/me')).status).toBe(401));
    expect((await laptop.call('GET', '/v1/me')).status).toBe(200);
  });

  test('a key acts for its owner within its scopes, and its tokens die with it', async () => {
    const ada = personOf(await signIn(await register()));
    const wish = { name: 'Bookkeeping', scopes: ['wallets:read'] };
    const made = await ada.call<{ id: string; clientId: string; clientSecret: string }>(
      'POST',
      '/v1/me/api-keys',
      wish,
    );
    expect(made.status).toBe(201);
    const { id, clientId, clientSecret } = made.body;
    const credentials = { client_id: clientId, client_secret: clientSecret };
    const issue = () =>
      stranger.call<{ access_token: string }>('POST', '/oauth/token', {
        grant_type: 'client_credentials',
        ...credentials,
      });
    const issued = await issue();
    const program = createPerson(url, issued.body.access_token);
    const asked = ['/v1/wallets', '/v1/transactions', '/v1/me', '/v1/me/api-keys'];
    const answers = await Promise.all(asked.map((path) => program.call('GET', path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
    expect((await ada.call('DELETE', `/v1/me/api-keys/${id}`)).status).toBe(204);
    await eventually(async () => {
      expect((await program.call('GET', '/v1/wallets')).status).toBe(401);
    });
    expect((await issue()).status).toBe(401);
  });

  test('a new password by letter: the link works once, the others are out', async () => {
    const email = await register();
    const thief = personOf(await signIn(email));
    const asked = await stranger.call('POST', '/v1/auth/password/forgot', { email });
    const nobody = { email: 'nobody@example.com' };
    const unknown = await stranger.call('POST', '/v1/auth/password/forgot', nobody);
    expect([asked.status, unknown.status, asked.body, unknown.body]).toEqual([202, 202, '', '']);
    const token = tokenIn(await letterTo(email, 'reset-password'));
    const reset = (newPassword: string) =>
      stranger.call('POST', '/v1/auth/password/reset', { token, newPassword });
    expect(await reset('password123')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/newPassword' }] },
    });
    const both = await Promise.all([reset('an entirely new one'), reset('an entirely new two')]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([204, 422]));
    await eventually(async () => expect((await thief.call('GET', '/v1/me')).status).toBe(401));
    const old = await stranger.call('POST', '/v1/auth/login', { email, password });
    expect(old.status).toBe(401);
  });

  test('an address is confirmed by its letter', async () => {
    const email = await register();
    const ada = personOf(await signIn(email));
    expect((await ada.call('GET', '/v1/me')).body).toMatchObject({ emailVerified: false });
    const token = tokenIn(await letterTo(email, 'verify-email'));
    const verify = () => stranger.call('POST', '/v1/auth/email/verify', { token });
    expect((await verify()).status).toBe(204);
    expect((await verify()).status).toBe(422);
    expect((await ada.call('GET', '/v1/me')).body).toMatchObject({ emailVerified: true });
  });

  test('guessing is stopped, and it is the guesser who is stopped', async () => {
    const email = await register();
    await signIn(email, {}, 'browser of the owner');
    const guess = async () => {
      const body = { email, password: randomUUID() };
      const headers = { 'user-agent': 'guesser' };
      return stranger.call('POST', '/v1/auth/login', body, headers);
    };
    const answers = [];
    for (let tries = 0; tries < 40; tries++) answers.push(await guess());
    const refused = answers.filter(({ status }) => status === 429);
    console.log(`40 guesses: ${40 - refused.length} were checked, ${refused.length} were not`);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401, 429]));
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    // The owner's device is known: nothing that strangers do keeps it out.
    await signIn(email, {}, 'browser of the owner');
  });
});

test('hunts a token that is taken though it proves nothing', async () => {
  const { accessToken } = await signIn(await register());
  const [head = '', payload = '', signature = ''] = accessToken.split('.');
  const encode = (value: object): string =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const decode = (text: string) =>
    JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  const jwks = await stranger.call<{ keys: { x: string }[] }>('GET', '/.well-known/jwks.json');
  const publicKey = Buffer.from(jwks.body.keys[0]?.x ?? '', 'base64url');
  const confused = `${encode({ ...decode(head), alg: 'HS256' })}.${payload}`;
  const mac = createHmac('sha256', publicKey).update(confused).digest('base64url');
  const richer = encode({ ...decode(payload), roles: ['admin'], scope: 'admin wallets:read' });
  const later = encode({ ...decode(payload), exp: 9_999_999_999 });
  const headed = (change: object): string => encode({ ...decode(head), ...change });
  const none = headed({ alg: 'none' });
  const attacks: Record<string, string> = {
    'as it was given': accessToken,
    'alg: none, without signature': `${none}.${payload}.`,
    'alg: none, with the old signature': `${none}.${payload}.${signature}`,
    'HS256 with our public key as its secret': `${confused}.${mac}`,
    'with the roles of an admin': `${head}.${richer}.${signature}`,
    'with a later end': `${head}.${later}.${signature}`,
    'with another key id': `${headed({ kid: '../../etc/passwd' })}.${payload}.${signature}`,
    'with half of its signature': `${head}.${payload}.${signature.slice(0, 40)}`,
  };
  const said: Record<string, number> = {};
  for (const [what, token] of Object.entries(attacks)) {
    said[what] = (await createPerson(url, token).call('GET', '/v1/me')).status;
  }
  console.log(said);
  const [genuine, ...forged] = Object.values(said);
  expect(genuine).toBe(200);
  expect(new Set(forged)).toEqual(new Set([401]));
});

describe('hunts an application that gets more than it was given', () => {
  const verifier = 'a-verifier-of-forty-three-characters-or-more-0123456789';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const redirectUri = APPLICATION.redirectUris[0] ?? '';
  const request = {
    response_type: 'code',
    client_id: APPLICATION.clientId,
    redirect_uri: redirectUri,
    state: 'a state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  };

  function authorizePage(query: Record<string, string>): URL {
    const page = new URL('/oauth/authorize', url);
    page.search = new URLSearchParams(query).toString();
    return page;
  }

  const post = async (path: string, form: Record<string, string>) => {
    const body = new URLSearchParams(form);
    const response = await fetch(new URL(path, url), { method: 'POST', body, redirect: 'manual' });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  async function agree(email: string): Promise<URL> {
    const form = { ...request, decision: 'approve', email, password };
    const answer = await post('/oauth/authorize', form);
    expect(answer.status).toBe(303);
    return new URL(answer.headers.get('location') ?? '');
  }

  const exchange = async (code: string, more: Record<string, string> = {}) => {
    const form = { grant_type: 'authorization_code', client_id: APPLICATION.clientId, code };
    const proof = { redirect_uri: redirectUri, code_verifier: verifier };
    const answer = await post('/oauth/token', { ...form, ...proof, ...more });
    const said = JSON.parse(answer.text) as { access_token?: string; refresh_token?: string };
    return { status: answer.status, ...said };
  };

  test('authorization code with PKCE, refresh, introspection and revocation', async () => {
    const email = await register();
    const page = await fetch(authorizePage(request));
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Budget App asks for access');
    const back = await agree(email);
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe('a state');
    const code = back.searchParams.get('code') ?? '';
    const tokens = await exchange(code);
    expect(tokens).toMatchObject({ status: 200, scope: 'wallets:read transactions:read' });
    const app = createPerson(url, tokens.access_token);
    expect((await app.call('GET', '/v1/wallets')).status).toBe(200);
    const beyond = await Promise.all([
      app.call('POST', '/v1/wallets', { currency: 'USD' }),
      app.call('GET', '/v1/me'),
      app.call('DELETE', '/v1/me'),
      app.call('POST', '/v1/auth/2fa/setup'),
      app.call('GET', '/v1/admin/wallets'),
    ]);
    expect(beyond.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
    const refreshToken = tokens.refresh_token ?? '';
    // Without its client the refresh token is worth nothing.
    const bare = await stranger.call('POST', '/v1/auth/refresh', { refreshToken });
    expect(bare.status).toBe(401);
    const revoked = await post('/oauth/revoke', {
      client_id: APPLICATION.clientId,
      token: refreshToken,
    });
    expect(revoked.status).toBe(200);
    await eventually(async () => expect((await app.call('GET', '/v1/wallets')).status).toBe(401));
  });

  test('a code is exchanged once, by its client, with its verifier and address', async () => {
    const email = await register();
    const fresh = async () => (await agree(email)).searchParams.get('code') ?? '';
    for (const wrong of [
      { code_verifier: 'another-verifier-of-forty-three-characters-0123456789' },
      { redirect_uri: 'https://evil.example/' },
      { client_id: 'florin-dev' },
    ]) {
      const refused = await exchange(await fresh(), wrong);
      expect([400, 401], JSON.stringify(wrong)).toContain(refused.status);
      expect(refused).not.toHaveProperty('access_token');
    }
    const code = await fresh();
    const first = await exchange(code);
    const app = createPerson(url, first.access_token);
    expect((await app.call('GET', '/v1/wallets')).status).toBe(200);
    expect(await exchange(code)).toMatchObject({ status: 400, error: 'invalid_grant' });
    // Two had the code: what the first got is over as well.
    await eventually(async () => expect((await app.call('GET', '/v1/wallets')).status).toBe(401));
  });

  test.each([
    ['to an address that is not its own', { redirect_uri: 'https://budget.example.evil/' }, 400],
    ['for a client that does not exist', { client_id: 'ghost' }, 400],
  ])('nobody is sent %s', async (_, wrong, status) => {
    const page = await fetch(authorizePage({ ...request, ...wrong }), { redirect: 'manual' });
    expect(page.status).toBe(status);
    expect(page.headers.get('location')).toBeNull();
  });

  test.each([
    ['without PKCE', { code_challenge: '' }, 'invalid_request'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for the implicit grant', { response_type: 'token' }, 'unsupported_response_type'],
    ['for the scope of operators', { scope: 'admin' }, 'invalid_scope'],
  ])('what is asked %s is refused', async (_, wrong, error) => {
    const page = await fetch(authorizePage({ ...request, ...wrong }), { redirect: 'manual' });
    const location = new URL(page.headers.get('location') ?? '');
    expect(location.searchParams.get('error')).toBe(error);
  });

  test('a machine beyond its scope is refused, and asks for no more than it may', async () => {
    const { clientId: client_id, clientSecret: client_secret } = READER;
    const ask = (scope: string) =>
      post('/oauth/token', { grant_type: 'client_credentials', client_id, client_secret, scope });
    expect((await ask('wallets:read transactions:write')).status).toBe(400);
    const { access_token: token } = JSON.parse((await ask('')).text) as { access_token: string };
    const reader = createPerson(url, token);
    expect((await reader.call('GET', '/v1/wallets')).status).toBe(200);
    const beyond = await Promise.all([
      reader.pay('/v1/transfers', {}),
      reader.call('GET', '/v1/transactions'),
      reader.call('GET', '/v1/me'),
      reader.call('GET', '/v1/admin/wallets'),
    ]);
    expect(beyond.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    const seen = await post('/oauth/introspect', { client_id, client_secret, token });
    expect(JSON.parse(seen.text)).toMatchObject({ active: true, scope: 'wallets:read' });
    const [head, body] = token.split('.');
    const forged = await post('/oauth/introspect', {
      client_id,
      client_secret,
      token: `${head}.${body}.AAAA`,
    });
    expect(JSON.parse(forged.text)).toEqual({ active: false });
  });
});

describe('hunts what operators change that takes others along, or does nothing', () => {
  /** A machine that may do what admins do. */
  async function admin(): Promise<Person> {
    const { clientId, clientSecret } = ROBOT;
    const body = { grant_type: 'client_credentials', client_id: clientId };
    const answer = await stranger.call<{ access_token: string }>('POST', '/oauth/token', {
      ...body,
      client_secret: clientSecret,
    });
    return createPerson(url, answer.body.access_token);
  }

  test('an application is registered, listed, and removed with all that it does', async () => {
    const operator = await admin();
    const redirectUri = 'https://shop.example/back';
    const asked = { name: 'Shop', redirectUris: [redirectUri], scopes: ['wallets:read'] };
    for (const wrong of [
      { ...asked, redirectUris: ['http://shop.example/back'] },
      { ...asked, scopes: ['admin'] },
    ]) {
      expect((await operator.call('POST', '/v1/admin/applications', wrong)).status).toBe(400);
    }
    const registered = await operator.call<Record<'id' | 'clientId' | 'clientSecret', string>>(
      'POST',
      '/v1/admin/applications',
      asked,
    );
    expect(registered.status).toBe(201);
    const { id, clientId, clientSecret } = registered.body;
    const verifier = 'x'.repeat(43);
    const form = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      decision: 'approve',
      email: await register(),
      password,
    };
    const agreed = await fetch(new URL('/oauth/authorize', url), {
      method: 'POST',
      body: new URLSearchParams(form),
      redirect: 'manual',
    });
    const code = new URL(agreed.headers.get('location') ?? '').searchParams.get('code');
    const exchange = {
      grant_type: 'authorization_code',
      code,
      client_id: clientId,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    // It has a secret, so that nobody exchanges a code without it.
    expect((await stranger.call('POST', '/oauth/token', exchange)).status).toBe(401);
    const tokens = await stranger.call<{ access_token: string }>('POST', '/oauth/token', {
      ...exchange,
      client_secret: clientSecret,
    });
    const shop = createPerson(url, tokens.body.access_token);
    expect((await shop.call('GET', '/v1/wallets')).status).toBe(200);
    expect((await operator.call('DELETE', `/v1/admin/applications/${id}`)).status).toBe(204);
    expect((await operator.call('DELETE', `/v1/admin/applications/${id}`)).status).toBe(404);
    await eventually(async () => expect((await shop.call('GET', '/v1/wallets')).status).toBe(401));
  });

  test('a new signing key signs nobody out', async () => {
    const before = personOf(await signIn(await register()));
    const operator = await admin();
    const rotated = await operator.call<{ kid: string }>('POST', '/v1/admin/keys/signing/rotate');
    expect(rotated.status).toBe(200);
    const { keys } = (
      await stranger.call<{ keys: { kid: string }[] }>('GET', '/.well-known/jwks.json')
    ).body;
    expect(keys.map(({ kid }) => kid)).toContain(rotated.body.kid);
    expect(keys).toHaveLength(2);
    expect((await before.call('GET', '/v1/me')).status).toBe(200);
    expect((await personOf(await signIn(await register())).call('GET', '/v1/me')).status).toBe(200);
    const rewrapped = await operator.call('POST', '/v1/admin/keys/master/rewrap');
    expect(rewrapped).toMatchObject({ status: 200, body: { rewrapped: 0 } });
  });
});

describe('hunts money that is stranded by an erasure', () => {
  test('an account with money stays; an empty one goes, and its wallets with it', async () => {
    const email = await register();
    const ada = personOf(await signIn(email));
    const wallet = await fundedWallet(ada, '5000');
    const refused = await ada.call('DELETE', '/v1/me');
    expect(refused).toMatchObject({ status: 409, body: { code: 'wallet-not-empty' } });
    expect((await ada.wallet(wallet)).balances.posted).toBe('5000');
    const exported = await ada.call<{ profile: object; wallets: object[] }>('GET', '/v1/me/export');
    expect(exported.body).toMatchObject({ profile: { email }, wallets: [{ id: wallet }] });
    const everything = { walletId: wallet, amount: '5000', bankAccount: 'ok' };
    await ada.pay('/v1/withdrawals', everything);
    await eventually(async () =>
      expect((await ada.wallet(wallet)).balances).toMatchObject({ posted: '0', held: '0' }),
    );
    expect((await ada.call('DELETE', '/v1/me')).status).toBe(204);
    await eventually(async () => expect((await ada.call('GET', '/v1/me')).status).toBe(401));
    const gone = await stranger.call('POST', '/v1/auth/login', { email, password });
    expect(gone).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
    // The address is free again, for somebody new.
    expect(
      (await stranger.call('POST', '/v1/auth/register', { email, password, name: 'Ada' })).status,
    ).toBe(201);
  });
});
