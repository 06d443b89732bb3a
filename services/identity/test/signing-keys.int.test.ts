import { systemClock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { describe, expect, test } from 'vitest';
import { createAccessTokenIssuer } from '../adapters/access-token-issuer.ts';
import { ensureSigningKey, rotateSigningKey } from '../keys/ensure-signing-key.ts';
import { createGetKeys } from '../keys/get-keys.ts';
import { migrations, testVault as vault } from './open-identity.ts';

const DAY_MS = 86_400_000;
const clock = systemClock;
const claims = { sub: 'x', kind: 'user', roles: ['user'], scope: '' } as const;

async function openDatabase(): Promise<Database> {
  const url = await freshDatabase('identity_keys', migrations);
  return createPool({ url, applicationName: 'identity-test' });
}

const publishedKeys = async ({ slonik: db }: Database, at = clock): Promise<JSONWebKeySet> =>
  createGetKeys({ db, clock: at })({});

test('instances that start at the same time agree on one key', async () => {
  await using database = await openDatabase();
  const db = database.slonik;
  const kids = await Promise.all(
    Array.from({ length: 8 }, () => ensureSigningKey({ db, clock, vault })),
  );
  expect(new Set(kids).size).toBe(1);
  expect((await publishedKeys(database)).keys.map(({ kid }) => kid)).toEqual([kids[0]]);
});

test('the private part of a key never gets into the published set', async () => {
  await using database = await openDatabase();
  await ensureSigningKey({ db: database.slonik, clock, vault });
  const { keys } = await publishedKeys(database);
  expect(keys).toEqual([
    {
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: expect.any(String) as unknown,
      x: expect.any(String) as unknown,
    },
  ]);
});

describe('hunts a rotation that makes somebody refuse a good token', () => {
  test('the next key is published before it signs, the last one until its tokens end', async () => {
    await using database = await openDatabase();
    const db = database.slonik;
    let aheadMs = 0;
    const later = { ...clock, nowMs: () => clock.nowMs() + aheadMs };
    const deps = { db, clock: later, vault };
    const oldKid = await ensureSigningKey(deps);
    const accessTokens = createAccessTokenIssuer({ ...deps, issuer: 'https://florin.test' });
    const signClaims = async () => (await accessTokens())({ ...claims, roles: [] });
    const kidsNow = async () => (await publishedKeys(database, later)).keys.map(({ kid }) => kid);

    expect(await rotateSigningKey(deps, DAY_MS)).toBeUndefined();
    aheadMs = DAY_MS;
    const rotated = await Promise.all([1, 2, 3].map(() => rotateSigningKey(deps, DAY_MS)));
    const [newKid, ...others] = rotated.flatMap((key) => (key === undefined ? [] : [key.kid]));
    expect(others).toEqual([]);

    expect(await kidsNow()).toEqual([newKid, oldKid]);
    const oldToken = await signClaims();
    expect(decodeProtectedHeader(oldToken).kid).toBe(oldKid);

    aheadMs += 600_000;
    const newToken = await signClaims();
    expect(decodeProtectedHeader(newToken).kid).toBe(newKid);
    const published = createLocalJWKSet(await publishedKeys(database, later));
    const currentDate = new Date(later.nowMs());
    for (const token of [oldToken, newToken]) {
      const { payload } = await jwtVerify(token, published, { currentDate });
      expect(payload.sub).toBe('x');
    }
    aheadMs += 3_600_000;
    expect(await kidsNow()).toEqual([newKid]);
  });

  test('the database alone signs nothing: private parts are sealed', async () => {
    await using database = await openDatabase();
    await ensureSigningKey({ db: database.slonik, clock, vault });
    const { rows } = await database.hot.query<{ row: string }>(
      'SELECT k::text AS row FROM signing_keys k',
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('"d"');
  });
});
