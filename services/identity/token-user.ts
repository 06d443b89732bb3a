import type { Settings } from './deps.ts';
import type { TokenUser } from './domain/access-token.ts';
import type { StoredUser } from './sql/user-row.ts';

/** A user as far as tokens tell of one. */
export const tokenUserOf = (
  { id, roles, kycLevel, emailVerifiedAt }: StoredUser,
  { emailVerification }: Pick<Settings, 'emailVerification'>,
): TokenUser => ({
  id,
  roles,
  kycLevel,
  mayWrite: emailVerification === 'optional' || emailVerifiedAt !== null,
});
