import type { Database } from '@florin/postgres';
import { forgetRequests } from './sql/payment-requests.ts';
import { forgetSchedules } from './sql/schedules.ts';

/** Forgets what a person planned, asked and wrote. The same again changes nothing. */
export const forgetPerson = (db: Database['slonik'], userId: string): Promise<void> =>
  db.transaction(async (tx) => {
    await forgetSchedules(tx, userId);
    await forgetRequests(tx, userId);
  });
