import {
  LOCALES,
  MESSAGE_KINDS,
  MUTED_LETTERS_DEFAULT,
  type NotificationPreferences,
} from '@florin/contracts';
import { sql } from '@florin/postgres';
import { z } from 'zod';
import type { Queries } from './queries.ts';

const row = z.object({
  muted: z.array(z.enum(MESSAGE_KINDS)),
  mutedLetters: z.array(z.enum(MESSAGE_KINDS)).nullable(),
  locale: z.enum(LOCALES),
});

const columns = sql.fragment`muted, muted_letters AS "mutedLetters", locale`;

const viewOf = (found: z.infer<typeof row> | null): NotificationPreferences => ({
  muted: found?.muted ?? [],
  mutedLetters: found?.mutedLetters ?? [...MUTED_LETTERS_DEFAULT],
  locale: found?.locale ?? 'en',
});

/** What somebody wants to be told, as they chose or as it is for everybody else. */
export const findPreferences = async (db: Queries, userId: string) =>
  viewOf(
    await db.maybeOne(sql.type(row)`SELECT ${columns} FROM preferences WHERE user_id = ${userId}`),
  );

/** What is undefined stays as it is. */
export async function savePreferences(
  db: Queries,
  userId: string,
  chosen: { [Name in keyof NotificationPreferences]?: NotificationPreferences[Name] | undefined },
  now: Date,
): Promise<NotificationPreferences> {
  const { muted, mutedLetters, locale } = chosen;
  const listOf = (kinds: readonly string[] | undefined) =>
    kinds === undefined ? sql.fragment`NULL::text[]` : sql.array([...new Set(kinds)], 'text');
  const saved = await db.one(sql.type(row)`
    INSERT INTO preferences AS p (user_id, muted, muted_letters, locale, changed_at)
    VALUES (${userId}, coalesce(${listOf(muted)}, '{}'), ${listOf(mutedLetters)},
            coalesce(${locale ?? null}, 'en'), ${sql.timestamp(now)})
    ON CONFLICT (user_id) DO UPDATE
      SET muted = coalesce(${listOf(muted)}, p.muted),
          muted_letters = coalesce(${listOf(mutedLetters)}, p.muted_letters),
          locale = coalesce(${locale ?? null}, p.locale),
          changed_at = EXCLUDED.changed_at
    RETURNING ${columns}`);
  return viewOf(saved);
}
