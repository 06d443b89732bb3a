import { assert } from '@florin/kernel';
import { createAdam } from './adam.ts';
import { gradientOf } from './gradients.ts';
import { copyRows, createMatrix, type Matrix } from './matrix.ts';
import { crossEntropy } from './metrics.ts';
import { createNetwork, type Layer, type Layers, type Network } from './network.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

export interface Examples {
  inputs: Matrix;
  /** One per row: 1 for fraud, 0 for none. */
  labels: Float32Array;
}

export interface TrainingOptions {
  training: Examples;
  /** Examples that end the training; without them it runs for all epochs. */
  validation?: Examples;
  /** Units of the hidden layers. */
  hidden: readonly number[];
  epochs: number;
  batchSize: number;
  /** The rate of the first step; it falls to zero over all epochs along half a cosine. */
  learningRate: number;
  /** The share of each weight that a step at rate 1 takes away. */
  weightDecay?: number;
  /** The share of hidden activations that each step switches off. */
  dropout?: number;
  /**
   * The network that results is the moving average over the steps. This is the share that an older
   * average keeps at each step; 0 takes the last step alone.
   */
  averaging?: number;
  /** Epochs without a lower validation loss after which the training ends. */
  patience?: number;
  seed: number;
  onEpoch?: (report: EpochReport) => void;
}

export interface EpochReport {
  epoch: number;
  trainingLoss: number;
  validationLoss: number | undefined;
}

/**
 * Trains on the backend that was started last. The same options give the same bits. With
 * `validation` the result is the network of the epoch whose validation loss was lowest.
 */
export function trainNetwork(options: TrainingOptions): Network {
  const { validation, epochs, patience = epochs, onEpoch } = options;
  const run = createRun(options);
  let best: { loss: number; epoch: number; layers: Layers } | undefined;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const trainingLoss = run.epoch();
    const validationLoss = validation && lossOf(run.averaged(), validation);
    onEpoch?.({ epoch, trainingLoss, validationLoss });
    if (validationLoss === undefined) continue;
    if (!best || validationLoss < best.loss) {
      best = { loss: validationLoss, epoch, layers: structuredClone(run.averaged()) };
    }
    if (epoch - best.epoch >= patience) break;
  }
  return createNetwork(best?.layers ?? run.averaged());
}

interface Run {
  /** Goes through all examples once, in random order, and returns the mean loss on the way. */
  epoch(): number;
  averaged(): Layers;
}

function createRun(options: TrainingOptions): Run {
  const { training, hidden, learningRate, weightDecay = 0, dropout = 0, averaging = 0 } = options;
  const { inputs, labels } = training;
  assert(labels.length === inputs.rows, 'every row needs a label');
  const batchSize = Math.min(options.batchSize, inputs.rows);
  // Rows that fill no whole batch wait for the next epoch, which draws another order.
  const stepsPerEpoch = Math.floor(inputs.rows / batchSize);
  const stepsInAll = stepsPerEpoch * options.epochs;
  const random = createSeededRandom(options.seed);
  const layers = initialLayers([inputs.columns, ...hidden, 1], random);
  const parameters = parametersOf(layers);
  const average = structuredClone(layers);
  const adam = createAdam(
    parameters.map(({ length }) => length),
    weightDecay,
  );
  const order = Uint32Array.from({ length: inputs.rows }, (_, row) => row);
  const batch = createMatrix(batchSize, inputs.columns);
  let step = 0;

  function takeStep(rows: Uint32Array): number {
    copyRows(inputs, rows, batch.values);
    const { loss, slopes } = gradientOf(layers, {
      inputs: batch,
      labels: Float32Array.from(rows, (row) => labels[row] as number),
      masks: dropout > 0 ? hidden.map((units) => mask(batchSize * units, dropout, random)) : [],
    });
    const rate = (learningRate * (1 + Math.cos((Math.PI * step) / stepsInAll))) / 2;
    adam.step(parameters, slopes, rate);
    step++;
    // A young average leans on the latest steps: the random beginning would otherwise stay in it.
    follow(parametersOf(average), parameters, Math.min(averaging, step / (step + 10)));
    return loss;
  }

  return {
    epoch: () => {
      random.shuffle(order);
      let sum = 0;
      for (let at = 0; at < stepsPerEpoch; at++) {
        sum += takeStep(order.subarray(at * batchSize, (at + 1) * batchSize));
      }
      return sum / stepsPerEpoch;
    },
    averaged: () => average,
  };
}

/** Weights as He, Zhang, Ren and Sun (2015) draw them for ReLU; biases begin at zero. */
function initialLayers(widths: readonly number[], random: SeededRandom): Layer[] {
  return widths.slice(1).map((units, at) => {
    const inputs = widths[at] as number;
    const scale = Math.sqrt(2 / inputs);
    const weights = Float32Array.from({ length: inputs * units }, () => scale * random.normal());
    return { inputs, units, weights, biases: new Float32Array(units) };
  });
}

/** Weights and biases of each layer in turn: the arrays themselves, to be changed in place. */
function parametersOf(layers: Layers): Float32Array[] {
  return layers.flatMap(({ weights, biases }) => [weights, biases]);
}

/** What stays switched on is scaled up, so that the sum a unit sees stays the same on average. */
function mask(length: number, dropout: number, random: SeededRandom): Float32Array {
  const scale = 1 / (1 - dropout);
  return Float32Array.from({ length }, () => (random.next() < dropout ? 0 : scale));
}

function follow(averages: Float32Array[], parameters: Float32Array[], kept: number): void {
  for (const [at, average] of averages.entries()) {
    const parameter = parameters[at] as Float32Array;
    for (let i = 0; i < average.length; i++) {
      average[i] = kept * (average[i] as number) + (1 - kept) * (parameter[i] as number);
    }
  }
}

function lossOf(layers: Layers, { inputs, labels }: Examples): number {
  using network = createNetwork(layers);
  return crossEntropy(network.logits(inputs), labels);
}
