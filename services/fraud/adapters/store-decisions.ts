import { isTransient } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { insertDecisions } from '../sql/insert-decisions.ts';
import { decisionParameters, type DecisionRow } from './decision-parameters.ts';

/** Writes decisions down, those of a message together or not at all. */
export type StoreDecisions = (messages: readonly (readonly DecisionRow[])[]) => Promise<void>;

export function createStoreDecisions({
  pool,
  nowMs,
  onReconstructed,
  log,
}: {
  pool: Pick<pg.Pool, 'query'>;
  nowMs: () => number;
  /** So many rows tell what somebody else had decided. */
  onReconstructed(rows: number): void;
  log: Logger;
}): StoreDecisions {
  return async function store(messages) {
    const rows = messages.flat();
    if (rows.length === 0) return;
    const decidedAt = new Date(nowMs()).toISOString();
    try {
      await pool.query({ ...insertDecisions, values: decisionParameters(rows, decidedAt) });
      onReconstructed(rows.filter(({ told }) => told !== undefined).length);
    } catch (error) {
      if (isTransient(error)) throw error;
      // Something in it can't be stored: what is beside it can.
      if (messages.length > 1) for (const one of messages) await store([one]);
      else log.error({ err: error, rows: rows.length }, 'decisions were not written');
    }
  };
}
