import { assert } from '@florin/kernel';
import * as tf from '@tensorflow/tfjs-core';
import type { Matrix } from './matrix.ts';

/** Rows scored by one pass when the caller does not say: more per pass is no faster. */
const BATCH_SIZE = 4096;

/** One dense layer: `weights` has a row of `units` numbers for each of its `inputs`. */
export interface Layer {
  readonly inputs: number;
  readonly units: number;
  readonly weights: Float32Array;
  readonly biases: Float32Array;
}

/**
 * A feed-forward network as plain numbers: dense layers with ReLU between them. The last layer has
 * one unit, the logit. Sigmoid and calibration stay outside, so that logits of several networks can
 * be averaged and a reason's contribution is a difference of logits.
 */
export type Layers = readonly Layer[];

/** A network on the present backend, ready to score. */
export interface Network {
  readonly layers: Layers;
  readonly inputs: number;
  /** One logit per row. Takes `batchSize` rows at a time, which bounds the memory. */
  logits(inputs: Matrix, batchSize?: number): Float32Array;
  /** Frees the weights on the backend. */
  [Symbol.dispose](): void;
}

/** Puts a network on the backend that was started last. */
export function createNetwork(layers: Layers): Network {
  const inputs = checkLayers(layers);
  const tensors = layers.map(({ inputs: rows, units, weights, biases }) => ({
    weights: tf.tensor2d(weights, [rows, units]),
    biases: tf.tensor1d(biases),
  }));

  function logitsOfBatch(values: Float32Array, rows: number): Float32Array {
    const logits = tf.tidy(() =>
      tensors.reduce(
        (activations, { weights, biases }, at) =>
          tf.fused.matMul({
            a: activations,
            b: weights,
            bias: biases,
            activation: at < tensors.length - 1 ? 'relu' : 'linear',
          }) as tf.Tensor2D,
        tf.tensor2d(values, [rows, inputs]),
      ),
    );
    const result = logits.dataSync<'float32'>();
    logits.dispose();
    return result;
  }

  return {
    layers,
    inputs,
    logits: ({ rows, columns, values }, batchSize = BATCH_SIZE) => {
      assert(columns === inputs, `the network takes ${inputs} inputs, not ${columns}`);
      const logits = new Float32Array(rows);
      for (let from = 0; from < rows; from += batchSize) {
        const to = Math.min(from + batchSize, rows);
        logits.set(logitsOfBatch(values.subarray(from * inputs, to * inputs), to - from), from);
      }
      return logits;
    },
    [Symbol.dispose]: () => {
      for (const { weights, biases } of tensors) tf.dispose([weights, biases]);
    },
  };
}

/** States that the layers fit together, and returns how many inputs the first one takes. */
function checkLayers(layers: Layers): number {
  for (const [at, { inputs, units, weights, biases }] of layers.entries()) {
    assert(weights.length === inputs * units, `layer ${at}: wrong number of weights`);
    assert(biases.length === units, `layer ${at}: wrong number of biases`);
    const next = layers[at + 1]?.inputs ?? 1;
    assert(units === next, `layer ${at} has ${units} units, but ${next} are taken from it`);
  }
  const first = layers[0];
  assert(first !== undefined, 'a network needs a layer');
  return first.inputs;
}
