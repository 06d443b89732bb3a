import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createNetwork,
  runningBackend,
  startBackend,
  startServingBackend,
  type Backend,
  type Layers,
  type Matrix,
} from '../model/mod.ts';
import { loadNativeBackend } from '../model/native-backend.ts';
import { collectDataset } from '../training/dataset.ts';
import { loadArtefact } from './artefact.ts';
import { encodeInputs } from './input-encoding.ts';

const ROWS = 2000;
const TOLERANCE = 1e-5;

let layers: Layers;
let inputs: Matrix;
let expected: Float64Array;

beforeAll(async () => {
  await startBackend();
  const artefact = await loadArtefact();
  if (!artefact.ok) throw new Error(artefact.error);
  layers = artefact.value.layers;
  const { features } = collectDataset({ seed: 80, wallets: 600, days: 20 }, 8);
  const rows = Math.min(ROWS, features.rows);
  const values = features.values.slice(0, rows * features.columns);
  inputs = encodeInputs(artefact.value.manifest.encoder, { ...features, rows, values });
  expected = forwardPass();
});
afterAll(() => startBackend());

/** The network in doubles, with no library. */
function forwardPass(): Float64Array {
  return Float64Array.from({ length: inputs.rows }, (_, row) => {
    const from = row * inputs.columns;
    let activations = Array.from(inputs.values.subarray(from, from + inputs.columns));
    for (const [at, { units, weights, biases }] of layers.entries()) {
      activations = Array.from({ length: units }, (__, unit) => {
        let sum = biases[unit] as number;
        for (const [input, value] of activations.entries()) {
          sum += value * (weights[input * units + unit] as number);
        }
        return at === layers.length - 1 ? sum : Math.max(0, sum);
      });
    }
    return activations[0] as number;
  });
}

/** Relative to logits of more than 1, which single precision can't hold closer. */
async function largestDifference(backend: Backend): Promise<number> {
  await startBackend(backend);
  expect(runningBackend()).toBe(backend);
  using network = createNetwork(layers);
  return Math.max(
    ...network.logits(inputs).map((logit, row) => {
      const exact = expected[row] as number;
      return Math.abs(logit - exact) / Math.max(1, Math.abs(exact));
    }),
  );
}

describe('the committed model on every backend', () => {
  it.each(['wasm', 'cpu'] as const)(
    'hunts a logit that the %s backend computes otherwise than plain arithmetic',
    async (backend) => {
      expect(inputs.rows).toBeGreaterThan(1000);
      expect(await largestDifference(backend)).toBeLessThan(TOLERANCE);
    },
  );

  it('hunts a logit that the native backend computes otherwise', async ({ skip }) => {
    if (!(await loadNativeBackend())) skip('the native backend is not installed here');
    expect(await largestDifference('tensorflow')).toBeLessThan(TOLERANCE);
  });

  it('hunts a service that has no backend because the fastest is not there', async () => {
    const native = await loadNativeBackend();
    expect(await startServingBackend()).toBe(native ? 'tensorflow' : 'wasm');
    expect(runningBackend()).toBe(native ? 'tensorflow' : 'wasm');
  });

  it('hunts a backend that is asked for, is not there, and is taken for another', async () => {
    if (await loadNativeBackend()) return;
    await expect(startBackend('tensorflow')).rejects.toThrow('native');
  });
});
