import { assert } from '@florin/kernel';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Layer, Layers } from './network.ts';

/** A network in the file format of TensorFlow.js layers models: model.json and its weights. */
export interface StoredNetwork {
  /** The text of model.json, which names `weightsFile`. */
  modelJson: string;
  weights: Uint8Array;
}

export const weightsFile = 'weights.bin';

/** Any TensorFlow.js can load the result. The same network gives the same bytes. */
export async function storeNetwork(layers: Layers): Promise<StoredNetwork> {
  const model = layersModelOf(layers);
  let stored: StoredNetwork | undefined;
  await model.save(
    tf.io.withSaveHandler(async (artifacts) => {
      stored = filesOf(artifacts);
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    }),
  );
  model.dispose();
  assert(stored !== undefined, 'the model was not handed to the save handler');
  return stored;
}

/**
 * Reads what `storeNetwork` wrote.
 * @throws Error when the files belong to another kind of model
 */
export async function readNetwork({ modelJson, weights }: StoredNetwork): Promise<Layer[]> {
  const { modelTopology, weightsManifest } = JSON.parse(modelJson) as tf.io.ModelJSON;
  const model = await tfl.loadLayersModel(
    tf.io.fromMemory({
      modelTopology,
      weightSpecs: weightsManifest.flatMap((group) => group.weights),
      weightData: weights.slice().buffer,
    }),
  );
  const layers = model.layers.map((layer, at) => readLayer(layer, at === model.layers.length - 1));
  model.dispose();
  return layers;
}

/** Names are fixed: the library would number them through, and the bytes would depend on that. */
function layersModelOf(layers: Layers): tfl.Sequential {
  const model = tfl.sequential({ name: 'network' });
  for (const [at, { inputs, units, weights, biases }] of layers.entries()) {
    const isLast = at === layers.length - 1;
    const dense = tfl.layers.dense({
      name: isLast ? 'logit' : `hidden-${at + 1}`,
      inputShape: [inputs],
      units,
      activation: isLast ? 'linear' : 'relu',
    });
    model.add(dense);
    const tensors = [tf.tensor2d(weights, [inputs, units]), tf.tensor1d(biases)];
    dense.setWeights(tensors);
    tf.dispose(tensors);
  }
  return model;
}

function filesOf(artifacts: tf.io.ModelArtifacts): StoredNetwork {
  const { modelTopology, weightSpecs, weightData, format, generatedBy } = artifacts;
  assert(weightData instanceof ArrayBuffer, 'the weights were not handed over in one piece');
  const json = {
    format,
    generatedBy,
    convertedBy: null,
    modelTopology,
    weightsManifest: [{ paths: [weightsFile], weights: weightSpecs }],
  };
  return {
    modelJson: `${JSON.stringify(json, undefined, 2)}\n`,
    weights: new Uint8Array(weightData),
  };
}

function readLayer(layer: tfl.layers.Layer, isLast: boolean): Layer {
  const { activation } = layer.getConfig();
  if (layer.getClassName() !== 'Dense' || activation !== (isLast ? 'linear' : 'relu')) {
    throw new Error(`layer ${layer.name} is not one of a network's dense layers`);
  }
  const [weights, biases] = layer.getWeights() as [tf.Tensor2D, tf.Tensor1D];
  const [inputs, units] = weights.shape;
  return {
    inputs,
    units,
    weights: weights.dataSync<'float32'>(),
    biases: biases.dataSync<'float32'>(),
  };
}
