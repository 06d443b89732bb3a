import { MUTED_LETTERS_DEFAULT } from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { MessageDraft } from '../domain/inbox-messages.ts';
import type { Queries } from './queries.ts';

const nothing = z.object({});

export interface NewMail {
  id: string;
  userId: string;
  kind: string;
  eventId: string;
  facts: Record<string, string>;
}

/** Adds a mail that goes out whatever somebody has chosen; the same event again adds nothing. */
export const insertMail = (db: Queries, mail: NewMail, now: Date) =>
  db.query(sql.type(nothing)`
    INSERT INTO mails (id, user_id, kind, event_id, facts, state, due_at, created_at)
    VALUES (${mail.id}, ${mail.userId}, ${mail.kind}, ${mail.eventId}, ${sql.jsonb(mail.facts)},
            'due', ${sql.timestamp(now)}, ${sql.timestamp(now)})
    ON CONFLICT DO NOTHING`);

/** Adds mails of kinds that their readers want letters about, each event once per person. */
export async function insertNotices(
  db: Queries,
  drafts: readonly (MessageDraft & { id: string })[],
  now: Date,
): Promise<void> {
  const rows = drafts.map(({ id, userId, kind, eventId, facts }) => [
    id,
    userId,
    kind,
    eventId,
    JSON.stringify(facts),
  ]);
  await db.query(sql.type(nothing)`
    INSERT INTO mails (id, user_id, kind, event_id, facts, state, due_at, created_at)
    SELECT u.id, u.user_id, u.kind, u.event_id, u.facts::jsonb, 'due', ${sql.timestamp(now)},
           ${sql.timestamp(now)}
      FROM ${sql.unnest(rows, ['uuid', 'uuid', 'text', 'text', 'text'])}
           AS u (id, user_id, kind, event_id, facts)
      LEFT JOIN preferences p ON p.user_id = u.user_id
     WHERE u.kind <> ALL(coalesce(p.muted_letters,
                                  ${sql.array([...MUTED_LETTERS_DEFAULT], 'text')}))
    ON CONFLICT DO NOTHING`);
}

const claimed = z.object({
  id: z.string(),
  userId: z.string(),
  kind: z.string(),
  eventId: z.string(),
  facts: z.record(z.string(), z.string()),
  attempts: z.number(),
  createdAt: z.date(),
});
export type ClaimedMail = z.infer<typeof claimed>;

/** Takes up mails that are due, and those whose writer has died before any server had them. */
export const claimMails = (db: Queries, now: Date, until: Date, room: number) =>
  db.any(sql.type(claimed)`
    UPDATE mails m
       SET state = 'claimed', attempts = m.attempts + 1, due_at = ${sql.timestamp(until)}
      FROM (SELECT id FROM mails
             WHERE state IN ('due', 'claimed') AND due_at <= ${sql.timestamp(now)}
             ORDER BY due_at LIMIT ${room} FOR UPDATE SKIP LOCKED) picked
     WHERE m.id = picked.id
    RETURNING m.id, m.user_id AS "userId", m.kind, m.event_id AS "eventId", m.facts, m.attempts,
              m.created_at AS "createdAt"`);

/** From here on a server may have it. False when somebody else has taken it up meanwhile. */
export async function beginSending(db: Queries, mail: ClaimedMail, until: Date): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(nothing)`
    UPDATE mails SET state = 'sending', due_at = ${sql.timestamp(until)}
     WHERE id = ${mail.id} AND state = 'claimed' AND attempts = ${mail.attempts}`);
  return rowCount === 1;
}

export type MailEnd = 'sent' | 'failed' | 'unknown' | 'skipped';

/** False when there is no such mail any more: its reader was forgotten meanwhile. */
export async function endMail(
  db: Queries,
  mail: ClaimedMail,
  state: MailEnd,
  problem: string | null,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query(sql.type(nothing)`
    UPDATE mails SET state = ${state}, problem = ${problem}, ended_at = ${sql.timestamp(now)}
     WHERE id = ${mail.id} AND attempts = ${mail.attempts} AND ended_at IS NULL`);
  return rowCount === 1;
}

export const postponeMail = (db: Queries, mail: ClaimedMail, dueAt: Date, problem: string) =>
  db.query(sql.type(nothing)`
    UPDATE mails SET state = 'due', due_at = ${sql.timestamp(dueAt)}, problem = ${problem}
     WHERE id = ${mail.id} AND attempts = ${mail.attempts} AND ended_at IS NULL`);

/** Gives up on mails whose sender has died while a server may have had them. Answers how many. */
export async function giveUpOnUnknown(db: Queries, now: Date): Promise<number> {
  const { rowCount } = await db.query(sql.type(nothing)`
    UPDATE mails
       SET state = 'unknown', problem = 'nobody heard what became of it',
           ended_at = ${sql.timestamp(now)}
     WHERE state = 'sending' AND due_at <= ${sql.timestamp(now)}`);
  return rowCount;
}

const waiting = z.object({ seconds: z.number() });

/** How long the longest waiting mail has waited, in seconds; 0 when none waits. */
export async function longestWait(db: Queries): Promise<number> {
  const { seconds } = await db.one(sql.type(waiting)`
    SELECT coalesce(extract(epoch FROM now() - min(created_at)), 0)::float8 AS seconds
      FROM mails WHERE state IN ('due', 'claimed', 'sending')`);
  return seconds;
}

/** What failed between two times: mails by what became of them, and deliveries to webhooks. */
export const countFailures = (db: Queries, from: Date, to: Date) =>
  db.one(sql.type(z.object({ failed: z.number(), unknown: z.number(), webhooks: z.number() }))`
    SELECT count(*) FILTER (WHERE state = 'failed')::int AS failed,
           count(*) FILTER (WHERE state = 'unknown')::int AS unknown,
           (SELECT count(DISTINCT d.id)::int FROM deliveries d
              JOIN delivery_attempts a ON a.delivery_id = d.id
             WHERE d.state = 'failed' AND a.at >= ${sql.timestamp(from)}
               AND a.at < ${sql.timestamp(to)}) AS webhooks
      FROM mails
     WHERE ended_at >= ${sql.timestamp(from)} AND ended_at < ${sql.timestamp(to)}`);

/** The mails of a person, whose copies a developer may have. */
export async function mailsOf(db: Queries, userId: string): Promise<string[]> {
  const rows = await db.any(sql.type(z.object({ id: z.string() }))`
    SELECT id FROM mails WHERE user_id = ${userId}`);
  return rows.map(({ id }) => id);
}

/** Forgets mails that have ended before this. */
export const forgetMails = (db: Queries, before: Date) =>
  db.query(sql.type(nothing)`DELETE FROM mails WHERE ended_at < ${sql.timestamp(before)}`);
