import type pg from 'pg';
import { oldestDueMonth } from '../sql/archive-months.ts';
import { archiveMonth, type Archived } from './archive-month.ts';
import { monthOf } from './months.ts';

/**
 * Archives every month that lies further back than so many before the present one, the oldest
 * first. What was archived before one that can't be stays archived.
 */
export async function archiveDue(options: {
  /** As the owner of the books. */
  pool: pg.Pool;
  directory: string;
  keepMonths: number;
}): Promise<({ month: string } & Archived)[]> {
  const { pool, directory, keepMonths } = options;
  const archived: ({ month: string } & Archived)[] = [];
  for (;;) {
    const { rows } = await pool.query<{ month: string }>(oldestDueMonth, [keepMonths]);
    const name = rows[0]?.month;
    if (name === undefined) return archived;
    const month = monthOf(name);
    archived.push({ month: name, ...(await archiveMonth({ pool, directory, month })) });
  }
}
