import type { Database } from '@florin/postgres';
import { forgetSchedules } from './sql/schedules.ts';

/** Forgets what a person planned and wrote. The same again changes nothing. */
export const forgetPerson = (db: Database['slonik'], userId: string): Promise<void> =>
  db.transaction(async (tx) => {
    await forgetSchedules(tx, userId);
  });
