import {
  apply,
  createProfiles,
  extract,
  FEATURE_COUNT,
  type ScoredTransaction,
} from '../features/mod.ts';
import { toReferenceCents } from '../features/reference-currency.ts';
import type { Matrix } from '../model/mod.ts';
import { simulate, type SimulationOptions, type Typology } from '../simulator/mod.ts';

/** Transactions with the features they had when they were asked for, in time order. */
export interface Dataset {
  /** In the units of the feature table. */
  features: Matrix;
  /** Day of the simulation. */
  days: Uint16Array;
  types: ScoredTransaction['type'][];
  cents: Float64Array;
  /** What really was fraud: known to the evaluation only. */
  frauds: Float32Array;
  /** When it was reported as fraud (ms), Infinity for never: what a model may learn from. */
  reportedAt: Float64Array;
  typologies: (Typology | undefined)[];
  /** The kind of legitimate payment that looks like fraud. */
  hard: (string | undefined)[];
}

/** Folds a simulated world from its first day, and keeps the transactions from `fromDay` on. */
export function collectDataset(options: SimulationOptions, fromDay: number): Dataset {
  const state = createProfiles();
  const rows: number[] = [];
  const columns = createColumns();
  let values = new Float32Array(FEATURE_COUNT * 65_536);
  for (const simulated of simulate(options)) {
    const { event, day } = simulated;
    if (event.kind === 'initiated' && day >= fromDay) {
      const row = rows.length;
      if ((row + 1) * FEATURE_COUNT > values.length) values = grown(values);
      extract(
        state,
        event.transaction,
        values.subarray(row * FEATURE_COUNT).subarray(0, FEATURE_COUNT),
      );
      rows.push(day);
      const { amount, currency, type } = event.transaction;
      columns.types.push(type);
      columns.cents.push(toReferenceCents(amount, currency));
      columns.reportedAt.push(simulated.reportedAt ?? Infinity);
      columns.typologies.push(simulated.typology);
      columns.hard.push(simulated.hard);
    }
    apply(state, event);
  }
  return {
    features: {
      rows: rows.length,
      columns: FEATURE_COUNT,
      values: values.slice(0, rows.length * FEATURE_COUNT),
    },
    days: Uint16Array.from(rows),
    types: columns.types,
    cents: Float64Array.from(columns.cents),
    frauds: Float32Array.from(columns.typologies, (typology) => (typology ? 1 : 0)),
    reportedAt: Float64Array.from(columns.reportedAt),
    typologies: columns.typologies,
    hard: columns.hard,
  };
}

const createColumns = () => ({
  types: [] as ScoredTransaction['type'][],
  cents: [] as number[],
  reportedAt: [] as number[],
  typologies: [] as (Typology | undefined)[],
  hard: [] as (string | undefined)[],
});

function grown(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(values.length * 2);
  larger.set(values);
  return larger;
}
