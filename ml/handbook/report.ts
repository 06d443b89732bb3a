import type { Scores } from './evaluate-fold.ts';
import { PUBLISHED_RESULTS } from './published-results.ts';

export interface FoldResult extends Scores {
  /** First day of the training week. */
  date: string;
  trainingRows: number;
  trainingFrauds: number;
  testRows: number;
  testFrauds: number;
  /** Wall time of encoding, training and scoring. */
  seconds: number;
}

const METRICS = ['auc', 'averagePrecision', 'cardPrecision'] as const;
type Metric = (typeof METRICS)[number];

const LABEL_WIDTH = 26;
const CELL_WIDTH = 16;

/** The folds, their mean and deviation, and below them what the book reports for the same data. */
export function reportTable(results: readonly FoldResult[]): string {
  const lines = [
    line('training week, rows/frauds', ['AUC', 'AP', 'CP@100', 'test', 'seconds']),
    ...results.map(foldLine),
    line(
      'mean ± deviation',
      METRICS.map((metric) => meanCell(results, metric)),
    ),
    '',
    line('published, four test folds', ['AUC', 'AP', 'CP@100']),
    ...PUBLISHED_RESULTS.map((row) =>
      line(
        row.model,
        METRICS.map((metric) => number(row[metric])),
      ),
    ),
  ];
  return lines.join('\n');
}

/** The same for programs, as one line. */
export function reportJson(results: readonly FoldResult[]): string {
  const mean = Object.fromEntries(METRICS.map((metric) => [metric, meanOf(results, metric)]));
  const deviation = Object.fromEntries(METRICS.map((m) => [m, deviationOf(results, m)]));
  return JSON.stringify({ folds: results, mean, deviation });
}

function foldLine(fold: FoldResult): string {
  return line(`${fold.date} ${fold.trainingRows}/${fold.trainingFrauds}`, [
    ...METRICS.map((metric) => number(fold[metric])),
    `${fold.testRows}/${fold.testFrauds}`,
    fold.seconds.toFixed(1),
  ]);
}

const meanCell = (results: readonly FoldResult[], metric: Metric): string =>
  `${number(meanOf(results, metric))} ± ${number(deviationOf(results, metric))}`;

const number = (value: number): string => value.toFixed(3);

const line = (label: string, cells: readonly string[]): string =>
  [label.padEnd(LABEL_WIDTH), ...cells.map((cell) => cell.padStart(CELL_WIDTH))].join('').trimEnd();

function meanOf(results: readonly FoldResult[], metric: Metric): number {
  return results.reduce((sum, result) => sum + result[metric], 0) / results.length;
}

/** Of the folds themselves, as the book gives it, not of a sample. */
function deviationOf(results: readonly FoldResult[], metric: Metric): number {
  const mean = meanOf(results, metric);
  const squares = results.reduce((sum, result) => sum + (result[metric] - mean) ** 2, 0);
  return Math.sqrt(squares / results.length);
}
