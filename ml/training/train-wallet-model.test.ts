import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeArtefact } from '../artefact/mod.ts';
import { startBackend } from '../model/mod.ts';
import { collectDataset } from './dataset.ts';
import { rowsOf } from './periods.ts';
import { trainWalletModel, type TrainingPlan } from './train-wallet-model.ts';

const PLAN: TrainingPlan = {
  simulation: { seed: 9, wallets: 500 },
  calendar: { training: { from: 10, to: 30 }, validation: { from: 30, to: 40 }, present: 45 },
  hidden: [8, 4],
  epochs: 2,
  batchSize: 256,
  seeds: [1, 2],
  log: () => undefined,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'florin-model-'));
  await startBackend();
});
afterAll(() => rm(folder, { recursive: true }));

async function filesAfterTraining(name: string): Promise<Map<string, Buffer>> {
  const target = join(folder, name);
  await writeArtefact(target, trainWalletModel(PLAN));
  const names = (await readdir(target)).toSorted();
  const contents = await Promise.all(names.map((one) => readFile(join(target, one))));
  return new Map(names.map((one, at) => [one, contents[at] as Buffer]));
}

describe('training', () => {
  it('hunts a second run of the same plan that differs by one bit', async () => {
    const [first, second] = [await filesAfterTraining('a'), await filesAfterTraining('b')];
    expect([...first.keys()]).toEqual([
      'manifest.json',
      'model.json',
      'policy.json',
      'weights.bin',
    ]);
    expect(second).toEqual(first);
  });

  it('hunts training days that overlap with those that judge the model', () => {
    const dataset = collectDataset({ ...PLAN.simulation, days: 40 }, 10);
    const training = rowsOf(dataset, PLAN.calendar.training);
    const validation = rowsOf(dataset, PLAN.calendar.validation);
    expect(training.at(-1)).toBe((validation[0] ?? 0) - 1);
    expect(training.length + validation.length).toBe(dataset.features.rows);
  });
});
