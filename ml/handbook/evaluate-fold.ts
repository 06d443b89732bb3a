import { areaUnderRoc, averagePrecision, cardPrecisionAtTop } from '../model/mod.ts';
import type { Fold } from './fold.ts';
import { SECONDS_PER_DAY, type Transactions } from './transactions.ts';

const CARDS_PER_DAY = 100;

export interface Scores {
  auc: number;
  averagePrecision: number;
  /** CP@100. */
  cardPrecision: number;
}

/** The book's three metrics of a fold; `logits` has one for each of its test rows. */
export function evaluateFold(
  { frauds, customers, seconds }: Transactions,
  { test }: Fold,
  logits: Float32Array,
): Scores {
  const labels = Float32Array.from(test, (row) => frauds[row] as number);
  const cards = Array.from(test, (row, at) => ({
    day: Math.floor((seconds[row] as number) / SECONDS_PER_DAY),
    card: customers[row] as number,
    score: logits[at] as number,
    fraud: frauds[row] === 1,
  }));
  return {
    auc: areaUnderRoc(logits, labels),
    averagePrecision: averagePrecision(logits, labels),
    cardPrecision: cardPrecisionAtTop(cards, CARDS_PER_DAY),
  };
}
