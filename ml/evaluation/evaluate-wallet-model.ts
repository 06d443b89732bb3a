import { createScorer, encodeInputs, type Artefact } from '../artefact/mod.ts';
import type { ScoredTransaction } from '../features/mod.ts';
import {
  precisionRecallCurve,
  reliability,
  selectRows,
  trainNetwork,
  type Matrix,
  type OperatingPoint,
  type ReliabilityBin,
} from '../model/mod.ts';
import { SIMULATION_START, type SimulationOptions, type Typology } from '../simulator/mod.ts';
import { collectDataset, type Dataset } from '../training/dataset.ts';
import { examplesOf, rowsOf, type Calendar } from '../training/periods.ts';
import {
  flagTop,
  measure,
  measurePolicy,
  recallByTypology,
  type Measures,
  type Period,
  type PolicyMeasures,
} from './measure.ts';
import { scoreByRules } from './rules-baseline.ts';

export interface EvaluationPlan {
  simulation: Pick<SimulationOptions, 'seed' | 'wallets'>;
  /** Another world, of whose wallets the model never saw one. */
  otherWorld: Pick<SimulationOptions, 'seed' | 'wallets'>;
  calendar: Calendar;
  /** From the day after the training to the end, and where the drift sets in between. */
  test: { from: number; to: number };
  drifted: { from: number; to: number };
  log: (line: string) => void;
}

export const CANDIDATES = ['network', 'logistic regression', 'rules only'] as const;
export type Candidate = (typeof CANDIDATES)[number];

export interface PeriodReport {
  name: string;
  transactions: number;
  frauds: number;
  lookAlikes: number;
  measures: Record<Candidate, Measures>;
  policy: PolicyMeasures;
  typologies: { typology: Typology; frauds: number; recall: Record<Candidate, number> }[];
}

export interface Evaluation {
  periods: PeriodReport[];
  /** Of the test period, for plots. */
  curves: Record<Candidate, OperatingPoint[]>;
  reliability: ReliabilityBin[];
  probabilities: { fraud: Float32Array; legitimate: Float32Array };
}

const UNSEEN: Typology = 'invoice-redirection';
const DAY_MS = 86_400_000;
const RELIABILITY_BINS = 200;

/**
 * Measures a model against both baselines on days, wallets and typologies that it was not trained
 * on. Truth is what the simulator did, not what was reported. Needs a started backend.
 */
export function evaluateWalletModel(artefact: Artefact, plan: EvaluationPlan): Evaluation {
  const { calendar, test, drifted } = plan;
  const options = { unseenFromDay: test.from, driftFromDay: drifted.from };
  const world = collectDataset(
    { ...plan.simulation, ...options, days: drifted.to },
    calendar.training.from,
  );
  plan.log(`${world.features.rows} transactions to look back on`);
  using scorer = createScorer(artefact);
  const regression = fitRegression(artefact, world, calendar);
  const scoreAll = (features: Matrix): Record<Candidate, Float32Array> => ({
    network: scorer.probabilities(features),
    'logistic regression': regression(features),
    'rules only': scoreByRules(features),
  });
  const report = (name: string, dataset: Dataset, rows: number[]): PeriodReport =>
    reportPeriod(name, dataset, rows, artefact, scoreAll);
  const testRows = withoutUnseen(world, rowsOf(world, test));
  const other = collectDataset({ ...plan.otherWorld, days: test.to }, test.from);
  plan.log(`${other.features.rows} transactions of wallets that were never seen`);
  return {
    periods: [
      report('test', world, testRows),
      report('unseen wallets', other, rowsOf(other, test)),
      report('unseen typology', world, onlyUnseen(world, rowsOf(world, test))),
      report('drifted month', world, withoutUnseen(world, rowsOf(world, drifted))),
    ],
    ...plotData(world, testRows, scoreAll),
  };
}

/** Legitimate transactions and frauds of known typologies. */
const withoutUnseen = ({ typologies }: Dataset, rows: number[]): number[] =>
  rows.filter((row) => typologies[row] !== UNSEEN);

/** Legitimate transactions and frauds of the unseen typology. */
const onlyUnseen = ({ typologies }: Dataset, rows: number[]): number[] =>
  rows.filter((row) => typologies[row] === undefined || typologies[row] === UNSEEN);

/** Logistic regression is a network without hidden layers, on the same inputs and labels. */
function fitRegression(artefact: Artefact, world: Dataset, calendar: Calendar) {
  const { encoder } = artefact.manifest;
  const presentMs = SIMULATION_START + calendar.present * DAY_MS;
  const { inputs, labels } = examplesOf(world, calendar.training, presentMs);
  const network = trainNetwork({
    training: { inputs: encodeInputs(encoder, inputs), labels },
    hidden: [],
    epochs: 5,
    batchSize: 512,
    learningRate: 0.004,
    averaging: 0.99,
    seed: 1,
  });
  return (features: Matrix): Float32Array => network.logits(encodeInputs(encoder, features));
}

const periodOf = (dataset: Dataset, rows: number[]): Period => ({
  features: selectRows(dataset.features, rows),
  types: rows.map((row) => dataset.types[row] as ScoredTransaction['type']),
  frauds: Float32Array.from(rows, (row) => dataset.frauds[row] as number),
  cents: Float64Array.from(rows, (row) => dataset.cents[row] as number),
  typologies: rows.map((row) => dataset.typologies[row]),
  hard: rows.map((row) => dataset.hard[row]),
});

function reportPeriod(
  name: string,
  dataset: Dataset,
  rows: number[],
  { policy }: Artefact,
  scoreAll: (features: Matrix) => Record<Candidate, Float32Array>,
): PeriodReport {
  const period = periodOf(dataset, rows);
  const scores = scoreAll(period.features);
  const recalls = forEach((candidate) => recallByTypology(period, flagTop(scores[candidate])));
  return {
    name,
    transactions: rows.length,
    frauds: period.frauds.reduce((sum, fraud) => sum + fraud, 0),
    lookAlikes: period.hard.filter((kind, row) => kind && !period.typologies[row]).length,
    measures: forEach((candidate) => measure(period, scores[candidate])),
    policy: measurePolicy(period, policy, scores.network),
    typologies: [...recalls.network.keys()].map((typology) => ({
      typology,
      frauds: period.typologies.filter((own) => own === typology).length,
      recall: forEach((candidate) => recalls[candidate].get(typology) ?? 0),
    })),
  };
}

const forEach = <T>(of: (candidate: Candidate) => T): Record<Candidate, T> => ({
  network: of('network'),
  'logistic regression': of('logistic regression'),
  'rules only': of('rules only'),
});

function plotData(
  dataset: Dataset,
  rows: number[],
  scoreAll: (features: Matrix) => Record<Candidate, Float32Array>,
): Omit<Evaluation, 'periods'> {
  const { features, frauds } = periodOf(dataset, rows);
  const scores = scoreAll(features);
  const probabilities = scores.network;
  return {
    curves: forEach((candidate) => precisionRecallCurve(scores[candidate], frauds)),
    reliability: reliability(probabilities, frauds, RELIABILITY_BINS),
    probabilities: {
      fraud: probabilities.filter((_, row) => frauds[row] === 1),
      legitimate: probabilities.filter((_, row) => frauds[row] === 0),
    },
  };
}
