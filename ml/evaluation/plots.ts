import type { OperatingPoint, ReliabilityBin } from '../model/mod.ts';
import { CANDIDATES, type Evaluation } from './evaluate-wallet-model.ts';
import { drawChart, evenTicks, type Axis } from './svg-chart.ts';

const share = (label: string): Axis => ({ label, from: 0, to: 1, ticks: evenTicks(0, 1, 5) });

/** The report's plots, by file name. */
export const drawPlots = (evaluation: Evaluation): Record<string, string> => ({
  'precision-recall.svg': precisionRecall(evaluation),
  'reliability.svg': reliabilityPlot(evaluation),
  'scores.svg': scores(evaluation),
  'typologies.svg': typologies(evaluation),
});

const POINTS_MAX = 200;

/** Hundreds of thousands of thresholds: the eye needs one for each half percent of recall. */
function thinned(curve: readonly OperatingPoint[]): [number, number][] {
  const points: [number, number][] = [];
  for (const { recall, precision } of curve) {
    const last = points.at(-1);
    if (!last || recall - last[0] >= 1 / POINTS_MAX) points.push([recall, precision]);
  }
  return points;
}

const precisionRecall = ({ curves }: Evaluation): string =>
  drawChart({
    title: 'Precision and recall on the test days',
    x: share('recall'),
    y: share('precision'),
    series: CANDIDATES.map((name) => ({ name, points: thinned(curves[name]) })),
  });

const LOG_FROM = -5;
const logTicks: [number, string][] = [-5, -4, -3, -2, -1, 0].map((power) => [
  power,
  String(10 ** power),
]);
const logAxis = (label: string): Axis => ({ label, from: LOG_FROM, to: 0, ticks: logTicks });
const log = (value: number): number => Math.max(LOG_FROM, Math.log10(Math.max(value, 1e-9)));

const reliabilityPlot = ({ reliability }: Evaluation): string =>
  drawChart({
    title: 'Predicted and observed probability of fraud',
    x: logAxis('predicted'),
    y: logAxis('observed'),
    series: [
      {
        name: 'test days',
        marks: 'dots',
        points: withFrauds(reliability).map(({ predicted, observed }) => [
          log(predicted),
          log(observed),
        ]),
      },
      {
        name: 'perfect',
        points: [
          [LOG_FROM, LOG_FROM],
          [0, 0],
        ],
      },
    ],
  });

const FRAUDS_MIN = 10;

/**
 * Joins neighbours until each group has enough frauds to tell its rate. Leaving out groups without
 * any would show only those that were unlucky.
 */
function withFrauds(bins: readonly ReliabilityBin[]): ReliabilityBin[] {
  const joined: ReliabilityBin[] = [];
  let group: ReliabilityBin = { rows: 0, predicted: 0, observed: 0 };
  for (const bin of bins) {
    const rows = group.rows + bin.rows;
    const mean = (key: 'predicted' | 'observed'): number =>
      (group[key] * group.rows + bin[key] * bin.rows) / rows;
    group = { rows, predicted: mean('predicted'), observed: mean('observed') };
    if (Math.round(group.observed * rows) < FRAUDS_MIN) continue;
    joined.push(group);
    group = { rows: 0, predicted: 0, observed: 0 };
  }
  return joined;
}

const BINS = 25;

/** The share of values per bin of log10. */
function histogram(values: Float32Array): [number, number][] {
  const counts = new Float64Array(BINS);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((log(value) - LOG_FROM) / -LOG_FROM) * BINS));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return Array.from(counts, (count, bin) => [
    LOG_FROM - (LOG_FROM * (bin + 0.5)) / BINS,
    count / values.length,
  ]);
}

const scores = ({ probabilities }: Evaluation): string =>
  drawChart({
    title: 'Where probabilities lie',
    x: logAxis('predicted probability of fraud'),
    y: share('share of its kind'),
    series: [
      { name: 'legitimate', points: histogram(probabilities.legitimate) },
      { name: 'fraud', points: histogram(probabilities.fraud) },
    ],
  });

function typologies({ periods }: Evaluation): string {
  const rows = periods
    .filter(({ name }) => name === 'test' || name === 'unseen typology')
    .flatMap((period) => period.typologies);
  const ticks = rows.map(({ typology }, at): [number, string] => [at + 0.5, typology]);
  return drawChart({
    title: 'Frauds found per typology when 1 % of transactions are alerts',
    x: { label: '', from: 0, to: rows.length, ticks },
    y: share('recall'),
    series: CANDIDATES.map((name) => ({
      name,
      marks: 'bars',
      points: rows.map(({ recall }, at): [number, number] => [at + 0.5, recall[name]]),
    })),
  });
}
