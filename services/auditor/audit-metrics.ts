import type { Metrics } from '@florin/runtime';
import type pg from 'pg';
import { listBreaks, readTotals } from './sql/breaks.ts';
import { readLag } from './sql/sources.ts';

/** What is shown of the log and of the books. Figures of the database are read when asked for. */
export function collectAuditMetrics(metrics: Metrics, pool: pg.Pool) {
  metrics.gauge({
    name: 'ledger_imbalance_minor_units',
    help: 'Sum of all entries of a currency, as their events tell it: anything but 0 is a break',
    labelNames: ['currency'],
    async collect() {
      const totals = await readTotals(pool).catch(() => []);
      for (const { currency, total } of totals) this.set({ currency }, Number(total));
    },
  });
  metrics.gauge({
    name: 'reconciliation_breaks',
    help: 'What is wrong with the books, as the events alone tell it',
    async collect() {
      const breaks = await listBreaks(pool).catch(() => undefined);
      if (breaks !== undefined) this.set(breaks.length);
    },
  });
  metrics.gauge({
    name: 'auditor_lag_seconds',
    help: 'Age of the last message that was written down of a stream with more of them waiting',
    labelNames: ['stream'],
    async collect() {
      const lag = await readLag(pool).catch(() => []);
      for (const { stream, seconds } of lag) this.set({ stream }, seconds);
    },
  });
  const appended = metrics.counter({
    name: 'audit_records_total',
    help: 'Records that were added to the audit log',
    labelNames: ['stream'],
  });
  const refused = metrics.counter({
    name: 'audit_refused_messages_total',
    help: 'Messages that are no events of who may tell them',
    labelNames: ['stream'],
  });
  const verified = metrics.gauge({
    name: 'audit_chain_verified',
    help: '1 where the last verification of the log found nothing, 0 where it did',
  });
  return {
    appended,
    refused,
    noteVerification: (isIntact: boolean) => verified.set(isIntact ? 1 : 0),
  };
}
