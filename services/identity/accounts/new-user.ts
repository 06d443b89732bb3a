import type { Role } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type { Vault } from '../domain/vault.ts';
import { EMAIL_FIELD, EMAIL_INDEX, NAME_FIELD } from '../open-user.ts';
import type { NewUser } from '../sql/insert-user.ts';
import type { UserKey } from '../domain/vault.ts';

export interface Registration {
  /** Normalised. */
  email: string;
  name: string;
  passwordHash: string;
  roles: readonly Role[];
  verified: boolean;
}

/** A user with a key of its own, sealed. */
export function newUser(
  vault: Vault,
  { email, name, passwordHash, roles, verified }: Registration,
  nowMs: number,
): { row: NewUser; key: UserKey } {
  const id = uuidv7(nowMs);
  const { key, wrapped } = vault.newUserKey(id);
  const createdAt = new Date(nowMs);
  const row = {
    id,
    wrappedKey: wrapped,
    emailIndex: vault.blindIndex(EMAIL_INDEX, email),
    emailSealed: key.seal(EMAIL_FIELD, email),
    nameSealed: key.seal(NAME_FIELD, name),
    passwordHash,
    roles,
    createdAt,
    emailVerifiedAt: verified ? createdAt : null,
  };
  return { row, key };
}
