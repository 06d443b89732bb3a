import { assert } from '@florin/kernel';

/** Numbers between 0 and 1 from logits. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** The mean of -log(probability given to what happened), in the form that never overflows. */
export function crossEntropy(logits: ArrayLike<number>, labels: ArrayLike<number>): number {
  let sum = 0;
  for (let row = 0; row < logits.length; row++) {
    const logit = logits[row] as number;
    sum += Math.max(logit, 0) - logit * (labels[row] as number);
    sum += Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return sum / logits.length;
}

/** The probability that a fraud scores higher than a legitimate row; a tie counts half. */
export function areaUnderRoc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let pairs = 0;
  let frauds = 0;
  let legitimate = 0;
  for (const tie of tiesFromTheTop(scores, labels)) {
    // Whatever was ranked before scores higher: each new legitimate row loses to those frauds.
    pairs += tie.legitimate * (frauds + tie.frauds / 2);
    frauds += tie.frauds;
    legitimate += tie.legitimate;
  }
  return pairs / (frauds * legitimate);
}

export interface OperatingPoint {
  /** Rows with this score or a higher one are alerts. */
  score: number;
  alerts: number;
  precision: number;
  recall: number;
}

/** What each possible threshold gives, from the highest score to the lowest. */
export function precisionRecallCurve(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
): OperatingPoint[] {
  const ties = tiesFromTheTop(scores, labels);
  const allFrauds = ties.reduce((sum, { frauds }) => sum + frauds, 0);
  let caught = 0;
  let alerts = 0;
  return ties.map(({ score, frauds, legitimate }) => {
    caught += frauds;
    alerts += frauds + legitimate;
    return { score, alerts, precision: caught / alerts, recall: caught / allFrauds };
  });
}

/** The mean precision over all thresholds, each weighted by the recall it adds. */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let reached = 0;
  let sum = 0;
  for (const { precision, recall } of precisionRecallCurve(scores, labels)) {
    sum += precision * (recall - reached);
    reached = recall;
  }
  return sum;
}

/** Precision and recall when the `count` rows with the highest scores are alerts. */
export function atTop(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  count: number,
): { precision: number; recall: number } {
  let alerts = 0;
  let caught = 0;
  let frauds = 0;
  for (const row of rowsFromTheTop(scores)) {
    const label = labels[row] as number;
    frauds += label;
    if (alerts === count) continue;
    alerts++;
    caught += label;
  }
  return { precision: caught / alerts, recall: caught / frauds };
}

export interface ReliabilityBin {
  rows: number;
  /** The mean probability that was predicted for these rows. */
  predicted: number;
  /** The share of frauds among them. */
  observed: number;
}

/**
 * Predicted against observed in `bins` groups of about equally many rows, by rising probability.
 */
export function reliability(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins: number,
): ReliabilityBin[] {
  const rows = rowsFromTheTop(probabilities).toReversed();
  return Array.from({ length: bins }, (_, bin) => {
    const from = Math.round((bin * rows.length) / bins);
    const group = rows.subarray(from, Math.round(((bin + 1) * rows.length) / bins));
    const meanOf = (values: ArrayLike<number>): number =>
      group.reduce((sum, row) => sum + (values[row] as number), 0) / group.length;
    return { rows: group.length, predicted: meanOf(probabilities), observed: meanOf(labels) };
  });
}

interface Tie {
  score: number;
  frauds: number;
  legitimate: number;
}

/** Rows of equal score belong together: no threshold can part them. */
function tiesFromTheTop(scores: ArrayLike<number>, labels: ArrayLike<number>): Tie[] {
  assert(scores.length === labels.length, 'every score needs a label');
  const ties: Tie[] = [];
  for (const row of rowsFromTheTop(scores)) {
    const score = scores[row] as number;
    let tie = ties.at(-1);
    if (!tie || tie.score !== score) {
      tie = { score, frauds: 0, legitimate: 0 };
      ties.push(tie);
    }
    if (labels[row] === 1) tie.frauds++;
    else tie.legitimate++;
  }
  return ties;
}

/** Row numbers by falling score; equal scores stay in row order. */
function rowsFromTheTop(scores: ArrayLike<number>): Uint32Array {
  const rows = Uint32Array.from({ length: scores.length }, (_, row) => row);
  return rows.toSorted((a, b) => (scores[b] as number) - (scores[a] as number));
}
