import { present } from '@florin/kernel';
import type { Layer, Layers } from './network.ts';
import { layersSideBySide } from './side-by-side.ts';

/** The mean logit of each row over several networks. */
export function averageLogits(logits: readonly Float32Array[]): Float32Array {
  const first = present(logits[0], 'the logits of a first network');
  return first.map(
    (_, row) => logits.reduce((sum, own) => sum + (own[row] as number), 0) / logits.length,
  );
}

/** One network whose logit is the mean of the given ones' logits. */
export function mergeNetworks(networks: readonly Layers[]): Layer[] {
  const inputs = present(networks[0]?.[0], 'a network to merge').inputs;
  const columns = Array.from({ length: inputs }, (_, column) => column);
  const parts = networks.map((layers) => ({ layers, columns }));
  return layersSideBySide(parts, inputs, 1 / networks.length);
}
