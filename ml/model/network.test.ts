import { beforeAll, describe, expect, test } from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import { startBackend } from './backend.ts';
import { averageLogits, mergeNetworks } from './ensemble.ts';
import { gradientOf } from './gradients.ts';
import type { Matrix } from './matrix.ts';
import { crossEntropy } from './metrics.ts';
import { createNetwork, type Layers } from './network.ts';
import { createSeededRandom } from './seeded-random.ts';
import { readNetwork, storeNetwork } from './storage.ts';

function randomNumbers(length: number, seed: number): Float32Array {
  const random = createSeededRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

function randomLayers(widths: number[], seed: number): Layers {
  return widths.slice(1).map((units, at) => {
    const inputs = widths[at] as number;
    return {
      inputs,
      units,
      weights: randomNumbers(inputs * units, seed + at),
      biases: randomNumbers(units, seed + 100 + at),
    };
  });
}

const rows: Matrix = { rows: 70, columns: 5, values: randomNumbers(350, 9) };

/** Dense layers as the definition says them, in doubles. */
function logitByHand(layers: Layers, row: number): number {
  let activations = [...rows.values.subarray(row * rows.columns, (row + 1) * rows.columns)];
  for (const [at, { units, weights, biases }] of layers.entries()) {
    activations = Array.from({ length: units }, (_, unit) => {
      const inputs = activations.map(
        (value, from) => value * (weights[from * units + unit] ?? NaN),
      );
      const sum = inputs.reduce((total, value) => total + value, biases[unit] ?? NaN);
      return at < layers.length - 1 ? Math.max(0, sum) : sum;
    });
  }
  return activations[0] ?? NaN;
}

const closeTo = (actual: Float32Array, expected: ArrayLike<number>, tolerance: number): void => {
  const gaps = actual.map((value, at) => Math.abs(value - (expected[at] ?? NaN)));
  expect(Math.max(...gaps)).toBeLessThan(tolerance);
};

beforeAll(() => startBackend());

describe('hunts a network that computes something else than its numbers say', () => {
  const layers = randomLayers([5, 8, 4, 1], 1);

  test('logits are those worked out by hand, whatever the batch size', () => {
    using network = createNetwork(layers);
    const byHand = Array.from({ length: rows.rows }, (_, row) => logitByHand(layers, row));
    closeTo(network.logits(rows), byHand, 1e-4);
    closeTo(network.logits(rows, 16), byHand, 1e-4);
  });

  test('the CPU backend agrees with WASM', async () => {
    using onWasm = createNetwork(layers);
    const expected = onWasm.logits(rows);
    await startBackend('cpu');
    using onCpu = createNetwork(layers);
    closeTo(onCpu.logits(rows), expected, 1e-4);
    await startBackend('wasm');
  });

  test('a freed network and its passes leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    const network = createNetwork(layers);
    network.logits(rows);
    network[Symbol.dispose]();
    expect(tf.memory().numTensors).toBe(before);
  });

  test('layers that do not fit together are refused', () => {
    const [first, , last] = layers as [Layers[0], Layers[0], Layers[0]];
    expect(() => createNetwork([first, last])).toThrow('8 units');
    expect(() => createNetwork([])).toThrow('needs a layer');
  });
});

describe('hunts a wrong slope', () => {
  test.each([{ widths: [5, 8, 4, 1] }, { widths: [5, 1] }])('$widths', ({ widths }) => {
    const layers = randomLayers(widths, 4);
    const labels = Float32Array.from({ length: rows.rows }, (_, row) => (row % 3 === 0 ? 1 : 0));
    const { loss, slopes } = gradientOf(layers, { inputs: rows, labels, masks: [] });
    const lossNow = (): number =>
      crossEntropy(
        Array.from(labels, (_, row) => logitByHand(layers, row)),
        labels,
      );
    expect(loss).toBeCloseTo(lossNow(), 4);
    const parameters = layers.flatMap(({ weights, biases }) => [weights, biases]);
    for (const [at, parameter] of parameters.entries()) {
      const before = parameter[0] as number;
      const step = 1e-3;
      parameter[0] = before + step;
      const above = lossNow();
      parameter[0] = before - step;
      const below = lossNow();
      parameter[0] = before;
      expect(slopes[at]?.[0]).toBeCloseTo((above - below) / (2 * step), 3);
    }
  });
});

describe('hunts a network that changes when it is stored or merged', () => {
  const layers = randomLayers([5, 8, 4, 1], 20);

  test('what is read back has the same bits, and the same network the same bytes', async () => {
    const stored = await storeNetwork(layers);
    expect(await readNetwork(stored)).toEqual(layers);
    expect(await storeNetwork(layers)).toEqual(stored);
  });

  test('another kind of model is refused', async () => {
    const stored = await storeNetwork(layers);
    const other = { ...stored, modelJson: stored.modelJson.replace('"relu"', '"tanh"') };
    await expect(readNetwork(other)).rejects.toThrow('hidden-1');
  });

  test.each([{ widths: [5, 8, 4, 1] }, { widths: [5, 1] }])(
    'merged networks of $widths give the average of their logits',
    ({ widths }) => {
      const members = [1, 2, 3].map((seed) => randomLayers(widths, 1000 * seed));
      const logits = members.map((member) => createNetwork(member).logits(rows));
      using merged = createNetwork(mergeNetworks(members));
      closeTo(merged.logits(rows), averageLogits(logits), 1e-4);
    },
  );

  test('networks of different shapes are not merged', () => {
    const other = randomLayers([5, 6, 4, 1], 1);
    expect(() => mergeNetworks([layers, other])).toThrow('same shape');
  });
});
