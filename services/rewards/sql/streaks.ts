import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

/** As far back as anybody is shown how many days in a row it has been. */
const DAYS_KEPT = 400;

const days = z.object({ day: z.string() });

/** The days before this one on which a person has paid something, the last ones. */
export async function daysBefore(
  db: Queries,
  ruleId: string,
  userId: string,
  day: string,
): Promise<string[]> {
  const rows = await db.any(sql.type(days)`
    SELECT to_char(day, 'YYYY-MM-DD') AS day FROM streak_days
     WHERE rule_id = ${ruleId} AND user_id = ${userId} AND day < ${day}::date AND points > 0
     ORDER BY streak_days.day DESC LIMIT ${DAYS_KEPT}`);
  return rows.map((row) => row.day);
}

/** Adds the points of a day: its first payment earns them. False when the day has them. */
export async function insertDay(
  db: Queries,
  one: { ruleId: string; userId: string; day: string; transactionId: string; points: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(z.object({}))`
    INSERT INTO streak_days (rule_id, user_id, day, transaction_id, points)
    VALUES (${one.ruleId}, ${one.userId}, ${one.day}::date, ${one.transactionId}, ${one.points})
    ON CONFLICT (rule_id, user_id, day) DO NOTHING`);
  return rowCount === 1;
}

/** All points that a person has earned by a rule, and the last day that counts. */
export const pointsOfPerson = (db: Queries, ruleId: string, userId: string) =>
  db.one(sql.type(z.object({ points: z.number(), lastDay: z.string().nullable() }))`
    SELECT coalesce(sum(points), 0)::int AS points,
           to_char(max(day) FILTER (WHERE points > 0), 'YYYY-MM-DD') AS "lastDay"
      FROM streak_days WHERE rule_id = ${ruleId} AND user_id = ${userId}`);

/** Takes the points back that a payment earned. */
export const dropPoints = (db: Queries, transactionId: string) =>
  db.query(sql.type(z.object({}))`
    UPDATE streak_days SET points = 0 WHERE transaction_id = ${transactionId}`);
