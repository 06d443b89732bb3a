import { assert, present } from '@florin/kernel';
import type { Layer, Layers } from './network.ts';

/** The mean logit of each row over several networks. */
export function averageLogits(logits: readonly Float32Array[]): Float32Array {
  const first = present(logits[0], 'the logits of a first network');
  return first.map(
    (_, row) => logits.reduce((sum, own) => sum + (own[row] as number), 0) / logits.length,
  );
}

/**
 * One network whose logit is the mean of the given ones' logits: they lie side by side, and nothing
 * connects them but the inputs and the last sum. It is saved, loaded and scored as a single one.
 */
export function mergeNetworks(networks: readonly Layers[]): Layer[] {
  const first = present(networks[0], 'a network to merge');
  assert(
    networks.every(
      (layers) =>
        layers.length === first.length &&
        layers.every(({ units }, at) => units === first[at]?.units),
    ),
    'only networks of the same shape can be merged',
  );
  return first.map((_, at) => {
    const parts = networks.map((layers) => layers[at] as Layer);
    const isFirst = at === 0;
    const isLast = at === first.length - 1;
    return mergeLayer(parts, { sharedInputs: isFirst, sharedOutput: isLast });
  });
}

function mergeLayer(
  parts: readonly Layer[],
  { sharedInputs, sharedOutput }: { sharedInputs: boolean; sharedOutput: boolean },
): Layer {
  const { inputs, units } = parts[0] as Layer;
  const rows = sharedInputs ? inputs : inputs * parts.length;
  const columns = sharedOutput ? units : units * parts.length;
  const scale = sharedOutput ? 1 / parts.length : 1;
  const weights = new Float32Array(rows * columns);
  const biases = new Float32Array(columns);
  for (const [at, part] of parts.entries()) {
    const top = sharedInputs ? 0 : at * inputs;
    const left = sharedOutput ? 0 : at * units;
    for (let row = 0; row < inputs; row++) {
      for (let column = 0; column < units; column++) {
        const target = (top + row) * columns + left + column;
        weights[target] =
          (weights[target] as number) + scale * (part.weights[row * units + column] as number);
      }
    }
    for (const [column, bias] of part.biases.entries()) {
      biases[left + column] = (biases[left + column] as number) + scale * bias;
    }
  }
  return { inputs: rows, units: columns, weights, biases };
}
