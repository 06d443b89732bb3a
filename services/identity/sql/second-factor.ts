import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const idRow = z.object({ id: z.string() });

/** Notes the step of a code as used. False when it, or a later one, was used meanwhile. */
export async function markTotpStep(
  db: Queries,
  { userId, step }: { userId: string; step: number },
): Promise<boolean> {
  const marked = await db.maybeOne(sql.type(idRow)`
    UPDATE users SET totp_last_step = ${step}::bigint
    WHERE id = ${userId} AND coalesce(totp_last_step, 0) < ${step}::bigint RETURNING id`);
  return marked !== null;
}

/** Uses a recovery code up. False when it is unknown or was used. */
export async function useRecoveryCode(
  db: Queries,
  { userId, hash, at }: { userId: string; hash: Buffer; at: Date },
): Promise<boolean> {
  const used = await db.maybeOne(sql.type(idRow)`
    UPDATE recovery_codes SET used_at = ${sql.timestamp(at)}
    WHERE user_id = ${userId} AND hash = ${sql.binary(hash)} AND used_at IS NULL
    RETURNING user_id AS id`);
  return used !== null;
}

export async function replaceRecoveryCodes(
  db: Queries,
  { userId, hashes }: { userId: string; hashes: readonly Buffer[] },
): Promise<void> {
  await db.query(sql.unsafe`DELETE FROM recovery_codes WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`
    INSERT INTO recovery_codes (user_id, hash)
    SELECT ${userId}::uuid, hash FROM ${sql.unnest(
      hashes.map((hash) => [hash]),
      ['bytea'],
    )} AS codes (hash)`);
}

/** A secret that counts only once its first code was shown (`enabledAt`). */
export async function storeTotp(
  db: Queries,
  totp: { userId: string; sealed: Buffer | null; enabledAt: Date | null; lastStep: number | null },
): Promise<void> {
  const { userId, sealed, enabledAt, lastStep } = totp;
  await db.query(sql.unsafe`
    UPDATE users SET totp_sealed = ${sealed === null ? null : sql.binary(sealed)},
      totp_enabled_at = ${enabledAt === null ? null : sql.timestamp(enabledAt)},
      totp_last_step = ${lastStep}::bigint
    WHERE id = ${userId}`);
}
