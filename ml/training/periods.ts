import { createHash } from 'node:crypto';
import { selectRows, type Examples } from '../model/mod.ts';
import type { Dataset } from './dataset.ts';

/** Days of the simulation, `to` not included. */
export interface Period {
  from: number;
  to: number;
}

/**
 * How a simulated world is cut by time. Before `training` the profiles only learn what is usual.
 * The model is made on day `present`: what is reported later is not known to it.
 */
export interface Calendar {
  training: Period;
  validation: Period;
  present: number;
}

export const rowsOf = ({ days }: Dataset, { from, to }: Period): number[] => {
  const rows: number[] = [];
  for (const [row, day] of days.entries()) if (day >= from && day < to) rows.push(row);
  return rows;
};

/** A period's transactions with the labels that were known at `presentMs`. */
export function examplesOf(dataset: Dataset, period: Period, presentMs: number): Examples {
  const rows = rowsOf(dataset, period);
  return {
    inputs: selectRows(dataset.features, rows),
    labels: Float32Array.from(rows, (row) =>
      (dataset.reportedAt[row] as number) < presentMs ? 1 : 0,
    ),
  };
}

/** SHA-256 of features and labels: says whether a model was trained on the same data. */
export function hashExamples(parts: readonly Examples[]): string {
  const hash = createHash('sha256');
  for (const { inputs, labels } of parts) {
    hash.update(bytesOf(inputs.values)).update(bytesOf(labels));
  }
  return hash.digest('hex');
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
