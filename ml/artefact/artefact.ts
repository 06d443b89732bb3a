import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok, refuse, type Result } from '@florin/kernel';
import { FEATURE_HASH } from '../features/mod.ts';
import { readNetwork, storeNetwork, type Layers } from '../model/mod.ts';
import { manifestSchema, policySchema, type Manifest, type Policy } from './manifest.ts';

/** A trained model with all that scoring needs. */
export interface Artefact {
  manifest: Manifest;
  policy: Policy;
  layers: Layers;
}

/** The model that this version of Florin scores wallets with. */
export const CURRENT_ARTEFACT = join(import.meta.dirname, 'wallets');

const FILES = { model: 'model.json', weights: 'weights.bin', policy: 'policy.json' } as const;
const MANIFEST = 'manifest.json';
const VERSION_DIGITS = 12;

const sha256 = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');
const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** A manifest before it knows its files. */
export type Draft = Omit<Manifest, 'format' | 'modelVersion' | 'featureHash' | 'files'>;

/** Writes a model to a folder. The same model gives the same bytes. */
export async function writeArtefact(
  folder: string,
  { draft, policy, layers }: { draft: Draft; policy: Policy; layers: Layers },
): Promise<Manifest> {
  const { modelJson, weights } = await storeNetwork(layers);
  const contents: Record<string, string | Uint8Array> = {
    [FILES.model]: modelJson,
    [FILES.weights]: weights,
    [FILES.policy]: jsonText(policy),
  };
  const scoring = [sha256(weights), FEATURE_HASH, draft.encoder, draft.calibration];
  const manifest: Manifest = {
    format: 1,
    modelVersion: `wallets-${sha256(JSON.stringify(scoring)).slice(0, VERSION_DIGITS)}`,
    featureHash: FEATURE_HASH,
    files: Object.fromEntries(
      Object.entries(contents).map(([name, content]) => [name, sha256(content)]),
    ),
    ...draft,
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries({ ...contents, [MANIFEST]: jsonText(manifest) })) {
    await writeFile(join(folder, name), content);
  }
  return manifest;
}

export type ArtefactRefusal = 'other-features' | 'changed-file';

/**
 * Reads a model. Refuses one that was trained on other features than ours, and one whose files are
 * not those that the manifest names.
 * @throws Error when a file is missing or can't be understood
 */
export async function loadArtefact(
  folder: string = CURRENT_ARTEFACT,
): Promise<Result<Artefact, ArtefactRefusal>> {
  const manifest = manifestSchema.parse(JSON.parse(await text(folder, MANIFEST)));
  if (manifest.featureHash !== FEATURE_HASH) return refuse('other-features');
  for (const [name, hash] of Object.entries(manifest.files)) {
    if (sha256(await readFile(join(folder, name))) !== hash) return refuse('changed-file');
  }
  const modelJson = await text(folder, FILES.model);
  const weights = new Uint8Array(await readFile(join(folder, FILES.weights)));
  const policy = policySchema.parse(JSON.parse(await text(folder, FILES.policy)));
  return ok({ manifest, policy, layers: await readNetwork({ modelJson, weights }) });
}

const text = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, name), 'utf8');
