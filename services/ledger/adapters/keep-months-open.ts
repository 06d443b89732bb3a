import { faultText } from '@florin/kernel';
import { soon, type Logger, type Metrics } from '@florin/runtime';
import type pg from 'pg';

/** Long before the month is over, however often a try fails meanwhile. */
const LOOK_MS = 60 * 60 * 1000;

const openMonths = { name: 'open-entry-months', text: 'SELECT open_entry_months(0, 2)' };

interface AheadRow {
  unplanned: bigint;
  ahead: number;
}

const monthsAhead = {
  name: 'entry-months-ahead',
  text: 'SELECT unplanned, ahead FROM entry_months_ahead()',
};

/**
 * Makes the tables of this month's entries and of the next two. The service may not make tables: a
 * function that belongs to the owner of the books does that one thing for it. Entries of a month
 * without a table are posted all the same, so nothing waits for this.
 */
export function keepMonthsOpen(options: { pool: pg.Pool; log: Logger; metrics: Metrics }): {
  stop(): void;
} {
  const { pool, log, metrics } = options;
  const look = (): void => {
    pool.query(openMonths).catch((error: unknown) => {
      log.warn({ problem: faultText(error) }, 'tables for the months ahead are made later');
    });
  };
  look();
  const timer = setInterval(look, LOOK_MS);
  const readAhead = async (): Promise<AheadRow | undefined> => {
    const { rows } = await pool.query<AheadRow>(monthsAhead);
    return rows[0];
  };
  const ahead = metrics.gauge({
    name: 'ledger_entry_months_ahead',
    help: 'Months after this one whose tables are there',
  });
  metrics.gauge({
    name: 'ledger_unplanned_entries',
    help: 'Entries of months that have no table of their own, counted up to 1000',
    async collect() {
      const row = await soon(readAhead());
      if (row === undefined) return;
      ahead.set(row.ahead);
      this.set(Number(row.unplanned));
    },
  });
  return { stop: () => clearInterval(timer) };
}
