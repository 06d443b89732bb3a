import { ROLES } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';

/**
 * A user `u` with its key `k`, as both are stored. Where the key was destroyed there is no row: the
 * erased are found by nobody.
 */
export const storedUserColumns = sql.fragment`
  u.id, k.wrapped AS "wrappedKey", u.email_sealed AS "emailSealed", u.name_sealed AS "nameSealed",
  u.roles, u.kyc_level AS "kycLevel", u.created_at AS "createdAt",
  u.email_verified_at AS "emailVerifiedAt", u.password_hash AS "passwordHash",
  u.password_changed_at AS "passwordChangedAt", u.totp_sealed AS "totpSealed",
  u.totp_enabled_at AS "totpEnabledAt", u.totp_last_step AS "totpLastStep",
  u.legal_hold_at AS "legalHoldAt", u.erase_after AS "eraseAfter"`;

export const storedUsers = sql.fragment`users u JOIN user_keys k ON k.user_id = u.id`;

export const storedUserRow = z.object({
  id: z.string(),
  wrappedKey: z.instanceof(Buffer),
  emailSealed: z.instanceof(Buffer),
  nameSealed: z.instanceof(Buffer),
  roles: z.array(z.enum(ROLES)),
  kycLevel: z.number().int(),
  createdAt: z.date(),
  emailVerifiedAt: z.date().nullable(),
  passwordHash: z.string(),
  passwordChangedAt: z.date().nullable(),
  totpSealed: z.instanceof(Buffer).nullable(),
  totpEnabledAt: z.date().nullable(),
  totpLastStep: z.bigint().nullable(),
  legalHoldAt: z.date().nullable(),
  eraseAfter: z.date().nullable(),
});
export type StoredUser = z.infer<typeof storedUserRow>;
