import { randomBytes } from 'node:crypto';
import { base32 } from '../domain/totp.ts';
import type { Vault } from '../domain/vault.ts';
import { recoveryCodeHash } from '../sign-in/second-factor.ts';
import type { Queries } from '../sql/queries.ts';
import { replaceRecoveryCodes } from '../sql/second-factor.ts';

const CODES = 10;
/** 80 bits: nobody guesses them, so that a fast hash under a secret key is enough. */
const CODE_BYTES = 10;

const newCode = (): string =>
  (base32(randomBytes(CODE_BYTES)).match(/.{4}/g) ?? []).join('-').toLowerCase();

/** New codes; those of before work no more. They are shown this once. */
export async function issueRecoveryCodes(
  tx: Queries,
  vault: Vault,
  userId: string,
): Promise<string[]> {
  const codes = Array.from({ length: CODES }, newCode);
  const hashes = codes.map((code) => recoveryCodeHash(vault, code));
  await replaceRecoveryCodes(tx, { userId, hashes });
  return codes;
}
