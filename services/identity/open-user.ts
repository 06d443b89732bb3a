import type { User } from '@florin/contracts';
import type { StoredUser } from './sql/user-row.ts';
import type { UserKey, Vault } from './domain/vault.ts';

export const EMAIL_FIELD = 'email';
export const NAME_FIELD = 'name';
export const TOTP_FIELD = 'totp';

/** Purposes of blind indexes: what is found by its text. */
export const EMAIL_INDEX = 'email';

export const keyOf = (vault: Vault, stored: StoredUser): UserKey =>
  vault.userKey(stored.id, stored.wrappedKey);

/** A user as other services know one. Hashes and secrets go no further than here. */
export function openUser(vault: Vault, stored: StoredUser): User {
  const key = keyOf(vault, stored);
  return {
    id: stored.id,
    email: key.open(EMAIL_FIELD, stored.emailSealed),
    name: key.open(NAME_FIELD, stored.nameSealed),
    roles: stored.roles,
    kycLevel: stored.kycLevel,
    emailVerified: stored.emailVerifiedAt !== null,
    twoFactor: stored.totpEnabledAt !== null,
    createdAt: stored.createdAt.toISOString(),
  };
}
