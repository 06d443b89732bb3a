import type { Database } from '@florin/postgres';
import { forgetFilesOf } from './sql/bulk-files.ts';
import { forgetRequests } from './sql/payment-requests.ts';
import { forgetSchedules } from './sql/schedules.ts';

/** Forgets what a person planned, asked and wrote. The same again changes nothing. */
export const forgetPerson = (db: Database['slonik'], userId: string): Promise<void> =>
  db.transaction(async (tx) => {
    await forgetSchedules(tx, userId);
    await forgetRequests(tx, userId);
    await forgetFilesOf(tx, userId);
  });
