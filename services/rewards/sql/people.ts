import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const nothing = z.object({});

/** Notes a deposit of a person, and answers which was the first that we heard of. */
export async function noteDeposit(
  db: Queries,
  userId: string,
  transactionId: string,
): Promise<string> {
  await db.query(sql.type(nothing)`
    INSERT INTO first_deposits (user_id, transaction_id) VALUES (${userId}, ${transactionId})
    ON CONFLICT (user_id) DO NOTHING`);
  const { first } = await db.one(sql.type(z.object({ first: z.string() }))`
    SELECT transaction_id AS first FROM first_deposits WHERE user_id = ${userId}`);
  return first;
}

export const hasDeposited = (db: Queries, userId: string): Promise<boolean> =>
  db.exists(sql.unsafe`SELECT FROM first_deposits WHERE user_id = ${userId}`);

/** A person's code: the one they have, or this. @throws where the code is somebody else's */
export async function codeOf(
  db: Queries,
  userId: string,
  fresh: string,
  now: Date,
): Promise<string> {
  await db.query(sql.type(nothing)`
    INSERT INTO referral_codes (user_id, code, created_at)
    VALUES (${userId}, ${fresh}, ${sql.timestamp(now)}) ON CONFLICT (user_id) DO NOTHING`);
  const { code } = await db.one(sql.type(z.object({ code: z.string() }))`
    SELECT code FROM referral_codes WHERE user_id = ${userId}`);
  return code;
}

const person = z.object({ userId: z.string() });

export async function ownerOfCode(db: Queries, code: string): Promise<string | undefined> {
  const found = await db.maybeOne(sql.type(person)`
    SELECT user_id AS "userId" FROM referral_codes WHERE code = ${code}`);
  return found?.userId;
}

/** Who brought a person here. */
export async function referrerOf(db: Queries, userId: string): Promise<string | undefined> {
  const found = await db.maybeOne(sql.type(person)`
    SELECT referrer_id AS "userId" FROM referrals WHERE referred_id = ${userId}`);
  return found?.userId;
}

export async function countReferred(db: Queries, userId: string): Promise<number> {
  const { count } = await db.one(sql.type(z.object({ count: z.number() }))`
    SELECT count(*)::int AS count FROM referrals WHERE referrer_id = ${userId}`);
  return count;
}

/** False when the person was referred before, or has referred whoever refers them now. */
export async function insertReferral(
  db: Queries,
  referredId: string,
  referrerId: string,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(nothing)`
    INSERT INTO referrals (referred_id, referrer_id, claimed_at)
    SELECT ${referredId}, ${referrerId}, ${sql.timestamp(now)}
     WHERE NOT EXISTS (SELECT FROM referrals
                        WHERE referred_id = ${referrerId} AND referrer_id = ${referredId})
    ON CONFLICT (referred_id) DO NOTHING`);
  return rowCount === 1;
}

/** Forgets what is known of a person beyond what they were paid, which the books tell too. */
export async function forgetPerson(db: Queries, userId: string): Promise<void> {
  await db.query(sql.type(nothing)`DELETE FROM referral_codes WHERE user_id = ${userId}`);
  await db.query(sql.type(nothing)`
    DELETE FROM referrals WHERE referred_id = ${userId} OR referrer_id = ${userId}`);
  await db.query(sql.type(nothing)`DELETE FROM streak_days WHERE user_id = ${userId}`);
  await db.query(sql.type(nothing)`DELETE FROM first_deposits WHERE user_id = ${userId}`);
}
