import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FEATURE_COUNT, FEATURE_GROUPS } from '../features/mod.ts';
import { rowOf, startBackend } from '../model/mod.ts';
import { collectDataset } from '../training/dataset.ts';
import { CURRENT_ARTEFACT, loadArtefact, type Artefact } from './artefact.ts';
import { createCoalitionLogits, GROUP_OF } from './coalition-logits.ts';
import { createScorer } from './scorer.ts';

const BYTES_MAX = 300_000;

async function current(): Promise<Artefact> {
  const loaded = await loadArtefact();
  if (!loaded.ok) throw new Error(loaded.error);
  return loaded.value;
}

let copy: string;
beforeAll(() => startBackend());
beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), 'florin-artefact-'));
  await cp(CURRENT_ARTEFACT, copy, { recursive: true });
});
afterEach(() => rm(copy, { recursive: true }));

describe('the committed model', () => {
  it('hunts a model that was trained on other features than this version computes', async () => {
    expect((await loadArtefact()).ok).toBe(true);
  });

  it('hunts an artefact that outgrows the repository', async () => {
    const names = await readdir(CURRENT_ARTEFACT);
    const sizes = await Promise.all(names.map((name) => stat(join(CURRENT_ARTEFACT, name))));
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(BYTES_MAX);
  });

  it('hunts a policy that breaks its own limits once the rules have had their say', async () => {
    const { manifest, policy } = await current();
    const { legitimateBlocked, alerts } = manifest.metrics;
    expect(legitimateBlocked).toBeLessThanOrEqual(policy.limits.legitimateBlocked);
    expect(alerts).toBeLessThanOrEqual(policy.limits.alerts);
  });

  it('hunts scorers on one backend that disturb each other, or the one that stays', async () => {
    const artefact = await current();
    const [hidden, ...rest] = artefact.layers;
    const weights = hidden?.weights.map((weight) => weight / 2) ?? new Float32Array();
    const other = { ...artefact, layers: [{ ...hidden, weights }, ...rest] } as Artefact;
    const { features } = collectDataset({ seed: 79, wallets: 300, days: 18 }, 15);
    using champion = createScorer(artefact);
    const alone = champion.logits(features);
    const challenger = createScorer(other);
    const challenged = challenger.logits(features);
    expect(champion.logits(features)).toEqual(alone);
    expect(challenger.logits(features)).toEqual(challenged);
    expect(challenged).not.toEqual(alone);
    challenger[Symbol.dispose]();
    expect(champion.logits(features)).toEqual(alone);
  });

  it('hunts scores that say nothing: frauds of an unknown world must stand out', async () => {
    using scorer = createScorer(await current());
    const { features, frauds } = collectDataset({ seed: 77, wallets: 800, days: 40 }, 15);
    const probabilities = scorer.probabilities(features);
    const meanOf = (kind: number): number => {
      const own = probabilities.filter((_, row) => frauds[row] === kind);
      return own.reduce((sum, probability) => sum + probability, 0) / own.length;
    };
    expect(meanOf(1)).toBeGreaterThan(30 * meanOf(0));
  });

  it('hunts explanations that do not add up to the difference of logits', async () => {
    const artefact = await current();
    using scorer = createScorer(artefact);
    const { features, frauds } = collectDataset({ seed: 78, wallets: 500, days: 25 }, 15);
    const median = Float32Array.from(artefact.manifest.medianLegitimate);
    const logitOf = (values: Float32Array): number =>
      scorer.logits({ rows: 1, columns: FEATURE_COUNT, values })[0] as number;
    const suspicious = [...frauds.keys()].filter((row) => frauds[row] === 1);
    const rows = [0, 1, 2, ...suspicious.slice(0, 5)];
    for (const row of rows) {
      const values = features.values.slice(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT);
      const sum = scorer.explain(values).reduce((total, { logit }) => total + logit, 0);
      expect(Math.abs(sum - (logitOf(values) - logitOf(median)))).toBeLessThan(1e-4);
    }
  });
});

describe('mixtures of a transaction and the median', () => {
  it('hunts one whose logit differs from that of its features', async () => {
    const { manifest, layers } = await current();
    using scorer = createScorer(await current());
    const { features } = collectDataset({ seed: 81, wallets: 200, days: 18 }, 16);
    const median = Float32Array.from(manifest.medianLegitimate);
    using coalitions = createCoalitionLogits(layers, manifest.encoder, median);
    const values = rowOf(features, features.rows - 1);
    const all = 2 ** FEATURE_GROUPS.length;
    const mixtures = new Float32Array(all * FEATURE_COUNT);
    for (let coalition = 0; coalition < all; coalition++) {
      for (const [feature, group] of GROUP_OF.entries()) {
        const from = (coalition >> group) & 1 ? values : median;
        mixtures[coalition * FEATURE_COUNT + feature] = from[feature] as number;
      }
    }
    const expected = scorer.logits({ rows: all, columns: FEATURE_COUNT, values: mixtures });
    const found = coalitions.of(values);
    const differences = found.map((logit, at) => Math.abs(logit - (expected[at] as number)));
    expect(Math.max(...differences)).toBeLessThan(5e-5);
  });
});

describe('loading a model', () => {
  it('hunts weights, a policy or a network that changed after the training', async () => {
    for (const name of ['weights.bin', 'policy.json', 'model.json']) {
      const path = join(copy, name);
      const original = await readFile(path);
      await writeFile(path, Buffer.concat([original, Buffer.from(' ')]));
      expect(await loadArtefact(copy)).toEqual({ ok: false, error: 'changed-file' });
      await writeFile(path, original);
    }
  });

  it('hunts a model of other features that is used nevertheless', async () => {
    const path = join(copy, 'manifest.json');
    const manifest: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, featureHash: '0'.repeat(64) }));
    expect(await loadArtefact(copy)).toEqual({ ok: false, error: 'other-features' });
  });
});
