import { assert, present } from '@florin/kernel';
import type { Layer, Layers } from './network.ts';

/** A network that looks at some columns of the inputs only, named in the order it takes them. */
export interface Part {
  layers: Layers;
  columns: readonly number[];
}

/**
 * One network over `inputs` columns whose logit is the sum of its parts' logits times `scale`. They
 * lie side by side: nothing connects them but the last sum. It is stored and scored like any other.
 */
export function layersSideBySide(parts: readonly Part[], inputs: number, scale = 1): Layer[] {
  const { layers } = present(parts[0], 'a network to lay beside others');
  assert(
    parts.every((part) => part.layers.length === layers.length),
    'only networks of the same depth can lie side by side',
  );
  const last = layers.length - 1;
  return layers.map((_, at) =>
    joinLayers(
      parts.map((part) => part.layers[at] as Layer),
      at === 0 ? { columns: parts.map(({ columns }) => columns), inputs } : undefined,
      at === last ? { scale } : undefined,
    ),
  );
}

/** `first` says where inputs come from, `last` that the units are one and the same. */
function joinLayers(
  parts: readonly Layer[],
  first: { columns: readonly (readonly number[])[]; inputs: number } | undefined,
  last: { scale: number } | undefined,
): Layer {
  const inputs = first?.inputs ?? sum(parts.map((part) => part.inputs));
  const units = last ? 1 : sum(parts.map((part) => part.units));
  const weights = new Float32Array(inputs * units);
  const biases = new Float32Array(units);
  const scale = last?.scale ?? 1;
  let top = 0;
  let left = 0;
  for (const [at, part] of parts.entries()) {
    const rowOf = (row: number): number => first?.columns[at]?.[row] ?? top + row;
    for (let row = 0; row < part.inputs; row++) {
      for (let unit = 0; unit < part.units; unit++) {
        const target = rowOf(row) * units + left + unit;
        weights[target] =
          (weights[target] as number) + scale * (part.weights[row * part.units + unit] as number);
      }
    }
    for (const [unit, bias] of part.biases.entries()) {
      biases[left + unit] = (biases[left + unit] as number) + scale * bias;
    }
    top += part.inputs;
    if (!last) left += part.units;
  }
  return { inputs, units, weights, biases };
}

const sum = (counts: readonly number[]): number =>
  counts.reduce((total, count) => total + count, 0);
