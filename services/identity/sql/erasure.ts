import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const idRow = z.object({ id: z.string() });

export async function scheduleErasure(db: Queries, userId: string, after: Date): Promise<void> {
  await db.query(sql.unsafe`
    UPDATE users SET erase_after = ${sql.timestamp(after)} WHERE id = ${userId}`);
}

export async function cancelErasure(db: Queries, userId: string): Promise<void> {
  await db.query(sql.unsafe`UPDATE users SET erase_after = NULL WHERE id = ${userId}`);
}

/** Those whose waiting period is over. Who is held back by law stays. */
export async function dueErasures(db: Queries, at: Date, limit: number): Promise<string[]> {
  const due = await db.any(sql.type(idRow)`
    SELECT id FROM users
    WHERE erase_after <= ${sql.timestamp(at)} AND erased_at IS NULL AND legal_hold_at IS NULL
    ORDER BY erase_after LIMIT ${limit}`);
  return due.map(({ id }) => id);
}

/**
 * Destroys the key, and with it what was sealed under it wherever copies lie; then removes the
 * sealed values too. What stays is an id, for the books, and that it was erased.
 */
export async function destroyPerson(db: Queries, userId: string, at: Date): Promise<void> {
  await db.query(sql.unsafe`DELETE FROM user_keys WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`DELETE FROM authorization_codes WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`DELETE FROM recovery_codes WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`DELETE FROM letter_tokens WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`DELETE FROM letters WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`
    UPDATE sessions SET agent_sealed = NULL, address_sealed = NULL, device_tag = NULL
    WHERE user_id = ${userId}`);
  await db.query(sql.unsafe`
    UPDATE users SET erased_at = ${sql.timestamp(at)}, email = NULL, name = NULL,
      email_index = NULL, email_sealed = NULL, name_sealed = NULL, password_hash = NULL,
      totp_sealed = NULL, totp_enabled_at = NULL, totp_last_step = NULL
    WHERE id = ${userId}`);
}

/** False when there is no such user, or nobody any more. */
export async function storeLegalHold(
  db: Queries,
  { userId, at }: { userId: string; at: Date | null },
): Promise<boolean> {
  const held = at === null ? null : sql.timestamp(at);
  const changed = await db.maybeOne(sql.type(idRow)`
    UPDATE users SET legal_hold_at = ${held} WHERE id = ${userId} AND erased_at IS NULL
    RETURNING id`);
  return changed !== null;
}
