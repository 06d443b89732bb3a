import { beforeAll, describe, expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from './backend.ts';
import { areaUnderRoc, crossEntropy } from './metrics.ts';
import { createSeededRandom } from './seeded-random.ts';
import { trainNetwork, type EpochReport, type Examples } from './train-network.ts';

/** Points in a square: those where both coordinates have the same sign are frauds. */
function checkerboard(rows: number, seed: number): Examples {
  const random = createSeededRandom(seed);
  const values = Float32Array.from({ length: 2 * rows }, () => 2 * random.next() - 1);
  const labels = Float32Array.from({ length: rows }, (_, row) =>
    (values[2 * row] as number) * (values[2 * row + 1] as number) > 0 ? 1 : 0,
  );
  return { inputs: { rows, columns: 2, values }, labels };
}

const training = checkerboard(2000, 1);
const unseen = checkerboard(1000, 2);
const options = { training, epochs: 20, batchSize: 64, learningRate: 0.01, seed: 7 };
const areaOnUnseen = (settings: Parameters<typeof trainNetwork>[0]): number =>
  areaUnderRoc(trainNetwork(settings).logits(unseen.inputs), unseen.labels);

beforeAll(() => startBackend());

describe('hunts a trainer that does not learn', () => {
  test('a pattern that no straight line can part is learned', () => {
    expect(areaOnUnseen({ ...options, hidden: [16, 8], averaging: 0.95 })).toBeGreaterThan(0.98);
  });

  test('without hidden layers it is a logistic regression, which cannot', () => {
    expect(areaOnUnseen({ ...options, hidden: [], epochs: 3 })).toBeLessThan(0.6);
  });

  test('dropout and weight decay are not in the way', () => {
    const settings = { ...options, hidden: [32, 16], dropout: 0.1, weightDecay: 0.01 };
    expect(areaOnUnseen(settings)).toBeGreaterThan(0.95);
  });
});

describe('hunts chance that was not asked for', () => {
  const short = { ...options, hidden: [8], epochs: 2, dropout: 0.1 };

  test('the same seed gives the same bits, another seed another network', () => {
    const first = trainNetwork(short).layers;
    expect(trainNetwork(short).layers).toEqual(first);
    expect(trainNetwork({ ...short, seed: 8 }).layers).not.toEqual(first);
  });
});

describe('hunts training past the best epoch', () => {
  test('it ends when patience does, with the network of the best epoch', () => {
    // Labels of noise: learning the training rows by heart makes the validation loss rise.
    const random = createSeededRandom(3);
    const noise = (examples: Examples): Examples => ({
      ...examples,
      labels: examples.labels.map(() => Math.round(random.next())),
    });
    const reports: EpochReport[] = [];
    const settings = {
      ...options,
      training: noise(checkerboard(200, 5)),
      validation: noise(checkerboard(200, 6)),
      hidden: [64],
      epochs: 50,
      patience: 3,
    };
    const network = trainNetwork({ ...settings, onEpoch: (report) => reports.push(report) });
    const losses = reports.map(({ validationLoss }) => validationLoss ?? NaN);
    const best = losses.indexOf(Math.min(...losses));
    expect(reports).toHaveLength(best + 1 + 3);
    const { inputs, labels } = settings.validation;
    expect(crossEntropy(network.logits(inputs), labels)).toBe(losses[best]);
  });

  test('no tensor is left behind but the resulting network', () => {
    const before = tf.memory().numTensors;
    const network = trainNetwork({ ...options, validation: unseen, hidden: [4], epochs: 2 });
    network[Symbol.dispose]();
    expect(tf.memory().numTensors).toBe(before);
  });
});
