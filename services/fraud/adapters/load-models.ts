import { loadArtefact, type Artefact } from '@florin/ml/artefact';
import { TerminalError } from '@florin/kernel';

/**
 * Reads the model that decides, and those that look on.
 * @throws TerminalError for a model of other features, or one whose files were changed
 */
export async function loadModels(
  champion: string | undefined,
  challengers: readonly string[],
): Promise<{ champion: Artefact; challengers: Artefact[] }> {
  return {
    champion: await load(champion),
    challengers: await Promise.all(challengers.map(load)),
  };
}

async function load(folder: string | undefined): Promise<Artefact> {
  const loaded = await loadArtefact(folder);
  if (loaded.ok) return loaded.value;
  const which = folder ?? 'that comes along';
  throw new TerminalError(`the model ${which} can’t be used: ${loaded.error}`);
}
