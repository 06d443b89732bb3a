import { present, uuidv7, type Clock } from '@florin/kernel';
import { importJWK, SignJWT } from 'jose';
import { ACCESS_TOKEN_SECONDS, AUDIENCE, type Claims } from '../domain/access-token.ts';
import type { Vault } from '../domain/vault.ts';
import { findSigningKey, type StoredSigningKey } from '../sql/find-signing-key.ts';
import type { Queries } from '../sql/queries.ts';
import { openSigningKey } from './generate-signing-key.ts';

/** Writes claims into a token and signs it. */
export type SignClaims = (claims: Claims) => Promise<string>;

/**
 * Fetches the key that signs now. It is read anew each time, so that a new or retired key holds at
 * once in every instance; only its import is remembered.
 */
export type AccessTokenIssuer = () => Promise<SignClaims>;

type ImportedKey = Awaited<ReturnType<typeof importJWK>>;

export function createAccessTokenIssuer(deps: {
  db: Queries;
  clock: Clock;
  vault: Vault;
  issuer: string;
}): AccessTokenIssuer {
  const { db, clock, vault, issuer } = deps;
  let last: { kid: string; key: ImportedKey } | undefined;

  async function importOnce({ kid, privateSealed }: StoredSigningKey): Promise<ImportedKey> {
    if (last?.kid !== kid) {
      last = { kid, key: await importJWK(openSigningKey(vault, kid, privateSealed)) };
    }
    return last.key;
  }

  return async () => {
    const at = new Date(clock.nowMs());
    const current = present(await findSigningKey(db, at), 'a signing key');
    const key = await importOnce(current);
    return (claims) => {
      const nowMs = clock.nowMs();
      const issuedAt = Math.floor(nowMs / 1000);
      return new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'EdDSA', kid: current.kid, typ: 'at+jwt' })
        .setIssuer(issuer)
        .setAudience(AUDIENCE)
        .setJti(uuidv7(nowMs))
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + ACCESS_TOKEN_SECONDS)
        .sign(key);
    };
  };
}
