import { systemClock } from '@florin/kernel';
import { createPool, sql, type Database } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';
import { createAccessTokenIssuer } from '../adapters/access-token-issuer.ts';
import { generateSigningKey } from '../adapters/generate-signing-key.ts';
import { ensureSigningKey } from '../ensure-signing-key.ts';
import { createGetKeys } from '../get-keys.ts';
import { insertSigningKey } from '../sql/insert-signing-key.ts';
import { migrations } from './open-identity.ts';

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
  const kids = await Promise.all(Array.from({ length: 8 }, () => ensureSigningKey({ db, clock })));
  expect(new Set(kids).size).toBe(1);
  expect((await publishedKeys(database)).keys.map(({ kid }) => kid)).toEqual([kids[0]]);
});

test('the private part of a key never gets into the published set', async () => {
  await using database = await openDatabase();
  await ensureSigningKey({ db: database.slonik, clock });
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

test('a new key signs at once, and tokens of a retired one hold until they expire', async () => {
  await using database = await openDatabase();
  const db = database.slonik;
  const oldKid = await ensureSigningKey({ db, clock });
  const accessTokens = createAccessTokenIssuer({ db, clock, issuer: 'https://florin.test' });
  const signClaims = async (): Promise<string> => (await accessTokens())({ ...claims, roles: [] });
  const oldToken = await signClaims();

  const next = await generateSigningKey();
  await insertSigningKey(db, next, new Date(clock.nowMs() + 1));
  await db.query(sql.unsafe`UPDATE signing_keys SET retired_at = now() WHERE kid = ${oldKid}`);
  const newToken = await signClaims();

  expect(decodeProtectedHeader(newToken).kid).toBe(next.kid);
  const published = createLocalJWKSet(await publishedKeys(database));
  for (const token of [oldToken, newToken]) {
    await expect(jwtVerify(token, published)).resolves.toMatchObject({ payload: { sub: 'x' } });
  }
  const inAnHour = { ...clock, nowMs: () => clock.nowMs() + 3_600_000 };
  const { keys } = await publishedKeys(database, inAnHour);
  expect(keys.map(({ kid }) => kid)).toEqual([next.kid]);
});
