import { RetryableError, type Clock } from '@florin/kernel';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAccessTokens } from './access-tokens.ts';

let ours: Awaited<ReturnType<typeof keyPair>>;
let theirs: Awaited<ReturnType<typeof keyPair>>;

async function keyPair(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' } };
}

beforeAll(async () => {
  ours = await keyPair('k1');
  theirs = await keyPair('k1');
});

interface TokenOptions {
  key?: { kid: string; privateKey: CryptoKey };
  typ?: string;
  audience?: string;
  issuer?: string;
  endsInSeconds?: number;
  scope?: unknown;
  sid?: string;
}

function token(options: TokenOptions = {}): Promise<string> {
  const { key = ours, endsInSeconds = 60, scope = 'wallets:read nonsense' } = options;
  const { sid } = options;
  return new SignJWT({ kind: 'user', scope, roles: ['user', 'emperor'], ...(sid && { sid }) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: options.typ ?? 'at+jwt' })
    .setSubject('ana')
    .setIssuer(options.issuer ?? 'florin')
    .setAudience(options.audience ?? 'florin')
    .setExpirationTime(Math.floor(Date.now() / 1000) + endsInSeconds)
    .sign(key.privateKey);
}

/** The checker with a clock of its own, and how often it asked identity for keys. */
function tokens(keys: () => { jwk: object }[] = () => [ours]) {
  const time = { aheadMs: 0, asked: 0, ended: new Set<string>() };
  const clock: Clock = {
    nowMs: () => Date.now() + time.aheadMs,
    monotonicMs: () => performance.now() + time.aheadMs,
  };
  const getKeys = async () => {
    time.asked++;
    return { keys: keys().map(({ jwk }) => jwk as Record<string, unknown>) };
  };
  const authenticate = createAccessTokens({
    identity: { getKeys },
    clock,
    issuer: 'florin',
    audience: 'florin',
    hasEnded: (id) => time.ended.has(id),
  });
  return { authenticate, time };
}

describe('hunts tokens that are taken though they prove nothing', () => {
  const CASES: [what: string, header: () => Promise<string | undefined>][] = [
    ['none', async () => undefined],
    ['another scheme', async () => 'Basic YTpi'],
    ['no token', async () => 'Bearer abc'],
    ['another key of the same name', async () => `Bearer ${await token({ key: theirs })}`],
    ['an ended one', async () => `Bearer ${await token({ endsInSeconds: -60 })}`],
    ['one for others', async () => `Bearer ${await token({ audience: 'bank' })}`],
    ['one of others', async () => `Bearer ${await token({ issuer: 'bank' })}`],
    ['another kind of token', async () => `Bearer ${await token({ typ: 'JWT' })}`],
    ['one without scope', async () => `Bearer ${await token({ scope: 7 })}`],
    ['one whose payload was changed', async () => `Bearer ${tampered(await token())}`],
    ['one that is not signed', async () => `Bearer ${unsigned(await token())}`],
  ];

  test.each(CASES)('%s', async (_, header) => {
    const result = await tokens().authenticate(await header());
    expect(result).toMatchObject({ ok: false, error: { refused: 'unauthenticated' } });
  });
});

test('hunts rights that were not granted: only known scopes and roles count', async () => {
  const result = await tokens().authenticate(`bearer ${await token()}`);
  expect(result).toEqual({
    ok: true,
    value: { id: 'ana', kind: 'user', scopes: new Set(['wallets:read']), roles: new Set(['user']) },
  });
});

describe('hunts memories that outlive what they remember', () => {
  test('a remembered token ends when it ends', async () => {
    const { authenticate, time } = tokens();
    const header = `Bearer ${await token({ endsInSeconds: 1 })}`;
    expect(await authenticate(header)).toMatchObject({ ok: true });
    time.aheadMs = 10_000;
    expect(await authenticate(header)).toMatchObject({ ok: false });
  });

  test('a token whose session has ended is taken no more, remembered or not', async () => {
    const { authenticate, time } = tokens();
    const header = `Bearer ${await token({ sid: 'session-1' })}`;
    expect(await authenticate(header)).toMatchObject({ ok: true });
    time.ended.add('session-1');
    const refused = { ok: false, error: { refused: 'unauthenticated' } };
    expect(await authenticate(header)).toMatchObject(refused);
    expect(await authenticate(header)).toMatchObject(refused);
    const other = `Bearer ${await token({ sid: 'session-2' })}`;
    expect(await authenticate(other)).toMatchObject({ ok: true });
  });

  test('a key that is new to us is looked up, but not for each invented name', async () => {
    const second = await keyPair('k2');
    let keys = [ours];
    const { authenticate, time } = tokens(() => keys);
    expect(await authenticate(`Bearer ${await token()}`)).toMatchObject({ ok: true });
    keys = [ours, second];
    expect(await authenticate(`Bearer ${await token({ key: second })}`)).toMatchObject({
      ok: false,
    });
    time.aheadMs = 6_000;
    expect(await authenticate(`Bearer ${await token({ key: second })}`)).toMatchObject({
      ok: true,
    });
    const invented = { ...second, kid: 'k3' };
    await authenticate(`Bearer ${await token({ key: invented })}`);
    expect(time.asked).toBe(2);
  });

  test('identity being away is a fault as long as no key is known, and none after', async () => {
    let away = true;
    const { authenticate, time } = tokens(() => {
      if (away) throw new RetryableError('away');
      return [ours];
    });
    await expect(authenticate(`Bearer ${await token()}`)).rejects.toThrow(RetryableError);
    away = false;
    expect(await authenticate(`Bearer ${await token()}`)).toMatchObject({ ok: true });
    away = true;
    time.aheadMs = 3_600_000;
    const later = await token({ endsInSeconds: 7_200 });
    expect(await authenticate(`Bearer ${later}`)).toMatchObject({ ok: true });
  });

  test('requests that bring one new token at once verify it together', async () => {
    const { authenticate, time } = tokens();
    const header = `Bearer ${await token()}`;
    const results = await Promise.all(Array.from({ length: 20 }, () => authenticate(header)));
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(time.asked).toBe(1);
  });
});

function tampered(text: string): string {
  const [head, , signature] = text.split('.');
  const payload = { sub: 'ben', kind: 'user', scope: 'admin', iss: 'florin', aud: 'florin' };
  const claims = { ...payload, exp: Math.floor(Date.now() / 1000) + 60 };
  return [head, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
}

function unsigned(text: string): string {
  const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  return `${head}.${text.split('.')[1]}.`;
}
