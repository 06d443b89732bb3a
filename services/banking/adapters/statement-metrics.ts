import { BREAK_KINDS } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import type { StatementReads } from '../list-statements.ts';
import { countBreaks, type CountedBreaks } from '../sql/statement-breaks.ts';

const COUNT_EVERY_MS = 15_000;

interface MeasureDeps {
  pool: pg.Pool;
  reads: Pick<StatementReads, 'reconcileBanks'>;
  metrics: Metrics;
  log: Logger;
  nowMs: () => number;
}

/**
 * Keeps gauges of what banks tell otherwise than the books, of the whole installation. Answers how
 * to end that.
 */
export function measureStatements({ pool, reads, metrics, log, nowMs }: MeasureDeps): () => void {
  const labelNames = ['bank', 'kind'] as const;
  const open = metrics.gauge({
    name: 'statement_breaks_open',
    help: 'Differences between banks and books that are not resolved',
    labelNames,
  });
  const oldest = metrics.gauge({
    name: 'statement_breaks_oldest_seconds',
    help: 'Age of the oldest difference between a bank and the books',
    labelNames: ['bank'],
  });
  const age = metrics.gauge({
    name: 'statement_age_seconds',
    help: 'How long ago the last statement of a bank ended that no gap lies before',
    labelNames: ['bank'],
  });
  const unexplained = metrics.gauge({
    name: 'statement_unexplained_minor_units',
    help: 'What a bank has more than the books, and no break or waiting entry explains',
    labelNames: ['bank', 'currency'],
  });

  async function count(): Promise<void> {
    const { rows } = await pool.query<CountedBreaks>(countBreaks);
    const { accounts } = await reads.reconcileBanks();
    const counted = new Map(rows.map((row) => [`${row.bank} ${row.kind}`, row.breaks]));
    const banks = Map.groupBy(accounts, ({ bank }) => bank);
    for (const [bank, ofBank] of banks) {
      for (const kind of BREAK_KINDS) {
        open.set({ bank, kind }, counted.get(`${bank} ${kind}`) ?? 0);
      }
      const ages = rows.filter((row) => row.bank === bank).map((row) => row.oldest);
      oldest.set({ bank }, Math.max(0, ...ages));
      const untils = ofBank.flatMap(({ statementUntil }) =>
        statementUntil === null ? [] : [Date.parse(statementUntil)],
      );
      // Before the first statement there is none that could be too old.
      if (untils.length > 0) age.set({ bank }, (nowMs() - Math.min(...untils)) / 1000);
      for (const one of ofBank) {
        unexplained.set({ bank, currency: one.currency }, Number(one.unexplained));
      }
    }
  }

  const look = (): void =>
    void count().catch((error: unknown) => {
      log.warn({ reason: faultText(error) }, 'breaks can not be counted');
    });
  look();
  const timer = setInterval(look, COUNT_EVERY_MS);
  return () => clearInterval(timer);
}
