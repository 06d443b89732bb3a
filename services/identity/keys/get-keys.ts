import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_SECONDS } from '../domain/access-token.ts';
import { listPublicKeys } from '../sql/list-public-keys.ts';
import type { UseCase } from '../use-case.ts';

/** Twice the life of a token: clocks differ, and one may have been signed as the key retired. */
const PUBLISHED_AFTER_RETIREMENT_MS = 2 * ACCESS_TOKEN_SECONDS * 1000;

/** The public keys (JWKs) that access tokens may be signed with: now, lately, and soon. */
export function createGetKeys({ db, clock }: Pick<Deps, 'db' | 'clock'>): UseCase<'getKeys'> {
  return async () => ({
    keys: await listPublicKeys(db, new Date(clock.nowMs() - PUBLISHED_AFTER_RETIREMENT_MS)),
  });
}
