import type { Clock } from '@florin/kernel';
import { pageOfRows, readCursor, type Database } from '@florin/postgres';
import type { UseCase } from './manage-webhooks.ts';
import { listMessages, markRead, messageView } from './sql/messages.ts';
import { findPreferences, savePreferences } from './sql/preferences.ts';

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

  const getPreferences: UseCase<'getPreferences'> = ({ userId }) => findPreferences(db, userId);

  const setPreferences: UseCase<'setPreferences'> = ({ userId, ...chosen }) =>
    savePreferences(db, userId, chosen, now());

  return { listMessages: list, markRead: mark, getPreferences, setPreferences };
}
