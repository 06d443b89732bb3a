import { FEATURE_COUNT, FEATURES, type ScoredTransaction } from '../features/mod.ts';
import { encodeInputs, fitInputs, type Draft, type Policy } from '../artefact/mod.ts';
import {
  areaUnderRoc,
  averagePrecision,
  calibrate,
  createNetwork,
  fitCalibration,
  mergeNetworks,
  trainNetwork,
  type Examples,
  type Layers,
  type Matrix,
} from '../model/mod.ts';
import { SIMULATION_START, type SimulationOptions } from '../simulator/mod.ts';
import { collectDataset } from './dataset.ts';
import { examplesOf, hashExamples, rowsOf, type Calendar } from './periods.ts';
import { choosePolicy, policyShares } from './policy.ts';

export interface TrainingPlan {
  simulation: Pick<SimulationOptions, 'seed' | 'wallets'>;
  calendar: Calendar;
  hidden: readonly number[];
  epochs: number;
  batchSize: number;
  seeds: readonly number[];
  log: (line: string) => void;
}

/** What `npm run ml:train` makes the committed artefact of. */
export const FULL_PLAN: Omit<TrainingPlan, 'log'> = {
  simulation: { seed: 1, wallets: 20_000 },
  calendar: { training: { from: 30, to: 75 }, validation: { from: 75, to: 90 }, present: 97 },
  hidden: [48, 24],
  epochs: 7,
  batchSize: 512,
  seeds: [1, 2, 3],
};

const DAY_MS = 86_400_000;

export interface TrainedModel {
  draft: Draft;
  policy: Policy;
  layers: Layers;
}

/**
 * Simulates, trains one network per seed, averages their logits and calibrates them. The same plan
 * gives the same bits. Needs a started backend.
 */
export function trainWalletModel(plan: TrainingPlan): TrainedModel {
  const { training, validation, cents, types } = prepareExamples(plan);
  plan.log(`${training.inputs.rows} training rows, ${fraudsOf(training)} known frauds`);
  const encoder = fitInputs(training.inputs);
  const encoded = [training, validation].map(({ inputs, labels }) => ({
    inputs: encodeInputs(encoder, inputs),
    labels,
  })) as [Examples, Examples];
  const layers = trainEnsemble(plan, ...encoded);
  const [trainingLogits, logits] = encoded.map(({ inputs }) => logitsOf(layers, inputs)) as [
    Float32Array,
    Float32Array,
  ];
  const calibration = fitCalibration(logits, validation.labels);
  const outcomes = { probabilities: calibrate(calibration, logits), ...validation, cents, types };
  const policy = choosePolicy(outcomes);
  return {
    layers,
    policy,
    draft: {
      encoder,
      calibration,
      medianLegitimate: medianLegitimate(training),
      deciles: {
        probability: decilesOf(calibrate(calibration, trainingLogits)),
        features: featureDeciles(training.inputs),
      },
      training: describeTraining(plan, training, validation),
      metrics: {
        averagePrecision: averagePrecision(logits, validation.labels),
        areaUnderRoc: areaUnderRoc(logits, validation.labels),
        ...policyShares(policy, outcomes),
      },
    },
  };
}

/** Training and validation examples with the labels that were known on the day of the training. */
function prepareExamples({ simulation, calendar }: TrainingPlan) {
  const days = calendar.validation.to;
  const dataset = collectDataset({ ...simulation, days }, calendar.training.from);
  const validationRows = rowsOf(dataset, calendar.validation);
  const presentMs = SIMULATION_START + calendar.present * DAY_MS;
  return {
    training: examplesOf(dataset, calendar.training, presentMs),
    validation: examplesOf(dataset, calendar.validation, presentMs),
    cents: Float64Array.from(validationRows, (row) => dataset.cents[row] as number),
    types: validationRows.map((row) => dataset.types[row] as ScoredTransaction['type']),
  };
}

const describeTraining = (
  { simulation, seeds }: TrainingPlan,
  training: Examples,
  validation: Examples,
): Draft['training'] => ({
  dataHash: hashExamples([training, validation]),
  rows: training.inputs.rows,
  frauds: fraudsOf(training),
  seeds: [...seeds],
  wallets: simulation.wallets,
  simulationSeed: simulation.seed,
});

const fraudsOf = ({ labels }: Examples): number => labels.reduce((sum, label) => sum + label, 0);

function trainEnsemble(plan: TrainingPlan, training: Examples, validation: Examples): Layers {
  const networks = plan.seeds.map((seed) => {
    using network = trainNetwork({
      training,
      validation,
      hidden: plan.hidden,
      epochs: plan.epochs,
      batchSize: plan.batchSize,
      learningRate: 0.004,
      weightDecay: 0.01,
      dropout: 0.1,
      averaging: 0.99,
      patience: 2,
      seed,
      onEpoch: ({ epoch, trainingLoss, validationLoss }) => {
        const losses = `${trainingLoss.toFixed(5)} ${validationLoss?.toFixed(5)}`;
        plan.log(`seed ${seed} epoch ${epoch + 1}: ${losses}`);
      },
    });
    return network.layers;
  });
  return mergeNetworks(networks);
}

function logitsOf(layers: Layers, inputs: Matrix): Float32Array {
  using network = createNetwork(layers);
  return network.logits(inputs);
}

/** Feature by feature: what explanations compare a transaction with. */
function medianLegitimate({ inputs, labels }: Examples): number[] {
  return FEATURES.map((_, feature) => {
    const sorted = columnOf(inputs, feature)
      .filter((__, row) => labels[row] === 0)
      .toSorted();
    return sorted[Math.floor(sorted.length / 2)] as number;
  });
}

const featureDeciles = (inputs: Matrix): Record<string, number[]> =>
  Object.fromEntries(FEATURES.map(({ name }, at) => [name, decilesOf(columnOf(inputs, at))]));

function decilesOf(values: Float32Array): number[] {
  const sorted = values.toSorted();
  return Array.from(
    { length: 9 },
    (_, i) => sorted[Math.floor((sorted.length * (i + 1)) / 10)] ?? 0,
  );
}

const columnOf = ({ rows, values }: Matrix, feature: number): Float32Array =>
  Float32Array.from({ length: rows }, (_, row) => values[row * FEATURE_COUNT + feature] as number);
