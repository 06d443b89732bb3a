import { randomBytes } from 'node:crypto';
import { loadArtefact, writeArtefact } from '@florin/ml/artefact';
import { startServingBackend } from '@florin/ml/model';

/** A version of fraud to release, and what shall become of it. */
export interface Release {
  name: string;
  /** What differs from the version that runs. */
  values: Record<string, unknown>;
  /** The figure that ends it; undefined: it is promoted. */
  endedBy: string | undefined;
  /** A figure that is not asked about, so that it does not end it first. */
  unasked?: string;
}

export const STABLE_TAG = '1';
export const SLOW_TAG = 'slow';
/** A ring of keys that lacks the gateway’s. */
export const OLD_KEYS = 'florin-signing-keys-of-yesterday';

/** Everybody looks this much more suspicious to it, in logits. */
const SUSPICION = 6;

/** Writes a model like the one that comes along, but for how it calibrates what it finds. */
export async function writeSuspiciousModel(folder: string): Promise<void> {
  await startServingBackend();
  const loaded = await loadArtefact();
  if (!loaded.ok) throw new Error(loaded.error);
  const { manifest, policy, layers } = loaded.value;
  const { format: _, modelVersion: _v, featureHash: _h, files: _f, ...draft } = manifest;
  const { slope, offset } = draft.calibration;
  const calibration = { slope, offset: offset + SUSPICION };
  await writeArtefact(folder, { draft: { ...draft, calibration }, policy, layers });
}

/** The keys that fraud gets, with another one for the gateway: what it signs now can't be read. */
export const yesterdaysKeys = (
  keys: Record<string, Record<string, string>>,
): Record<string, Record<string, string>> => ({
  ...keys,
  gateway: {
    [Object.keys(keys['gateway'] ?? {})[0] ?? 'gateway-1']: randomBytes(32).toString('base64url'),
  },
});

export const releases = (suspiciousModel: string): Release[] => [
  { name: 'as good as before', values: { image: { tag: '2' } }, endedBy: undefined },
  { name: 'slower', values: { image: { tag: SLOW_TAG } }, endedBy: 'p99-to-stable' },
  {
    name: 'with keys of yesterday',
    values: { secretEnv: { SIGNING_KEYS: { secret: OLD_KEYS, key: 'fraud' } } },
    endedBy: 'refused',
  },
  {
    name: 'with other scores',
    values: { config: { MODEL: suspiciousModel } },
    endedBy: 'drift',
    // Who suspects everybody explains every decision, which takes time: that would show before.
    unasked: 'p99-to-stable',
  },
];
