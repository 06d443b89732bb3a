import { soon, type Metrics } from '@florin/runtime';
import type pg from 'pg';
import { listBreaks, readTotals } from './sql/breaks.ts';
import { unsignedSeconds } from './sql/roots.ts';
import { readLag } from './sql/sources.ts';

/** What is shown of the log and of the books. Figures of the database are read when asked for. */
export function collectAuditMetrics(metrics: Metrics, pool: pg.Pool) {
  metrics.gauge({
    name: 'ledger_imbalance_minor_units',
    help: 'Sum of all entries of a currency, as their events tell it: anything but 0 is a break',
    labelNames: ['currency'],
    async collect() {
      const totals = await soon(readTotals(pool));
      for (const { currency, total } of totals ?? []) this.set({ currency }, Number(total));
    },
  });
  metrics.gauge({
    name: 'reconciliation_breaks',
    help: 'What is wrong with the books, as the events alone tell it',
    async collect() {
      const breaks = await soon(listBreaks(pool));
      if (breaks !== undefined) this.set(breaks.length);
    },
  });
  metrics.gauge({
    name: 'auditor_lag_seconds',
    help: 'Age of the last message that was written down of a stream with more of them waiting',
    labelNames: ['stream'],
    async collect() {
      const lag = await soon(readLag(pool));
      for (const { stream, seconds } of lag ?? []) this.set({ stream }, seconds);
    },
  });
  metrics.gauge({
    name: 'audit_unsigned_seconds',
    help: 'For how long there have been records that no root covers; 0 where all are covered',
    async collect() {
      const seconds = await soon(unsignedSeconds(pool));
      if (seconds !== undefined) this.set(seconds);
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
  // Neither: nobody has looked since this process began.
  verified.set(Number.NaN);
  return {
    appended,
    refused,
    noteVerification: (isIntact: boolean) => verified.set(isIntact ? 1 : 0),
  };
}
