import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import type { UseCase } from './manage-webhooks.ts';
import { findMuted, listMessages, markRead, messageView, saveMuted } from './sql/messages.ts';

/** What people do with the messages in their app. */
export function createInboxUseCases({ db, clock }: { db: Database['slonik']; clock: Clock }) {
  const now = (): Date => new Date(clock.nowMs());

  const list: UseCase<'listMessages'> = async ({ cursor, limit, ...query }) => {
    const rows = await listMessages(db, { ...query, limit: limit + 1 }, readCursor(cursor));
    return pageOfRows(rows, limit, messageView);
  };

  const mark: UseCase<'markRead'> = async ({ userId, ids }) => ({
    marked: await markRead(db, userId, ids, now()),
  });

  const getPreferences: UseCase<'getPreferences'> = async ({ userId }) => ({
    muted: await findMuted(db, userId),
  });

  const setPreferences: UseCase<'setPreferences'> = async ({ userId, muted }) => {
    const kinds = [...new Set(muted)];
    await saveMuted(db, userId, kinds, now());
    return { muted: kinds };
  };

  return { listMessages: list, markRead: mark, getPreferences, setPreferences };
}
