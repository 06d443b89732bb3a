import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CURRENT_ARTEFACT, loadArtefact } from './artefact/mod.ts';
import { evaluateWalletModel } from './evaluation/evaluate-wallet-model.ts';
import { drawPlots } from './evaluation/plots.ts';
import { writeReport } from './evaluation/report.ts';
import { startBackend } from './model/mod.ts';
import { FULL_PLAN } from './training/train-wallet-model.ts';

// npm run ml:evaluate [-- --model FOLDER --out FOLDER]: writes the report about a model.

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: CURRENT_ARTEFACT },
    out: { type: 'string', default: join(import.meta.dirname, '../docs/model') },
  },
});
const log = (line: string): void => void process.stdout.write(`${line}\n`);

await startBackend();
const artefact = await loadArtefact(values.model);
if (!artefact.ok) throw new Error(`the model in ${values.model} is refused: ${artefact.error}`);
const evaluation = evaluateWalletModel(artefact.value, {
  ...FULL_PLAN,
  otherWorld: { seed: 2, wallets: 8000 },
  test: { from: FULL_PLAN.calendar.present, to: 120 },
  drifted: { from: 120, to: 150 },
  log,
});
await mkdir(values.out, { recursive: true });
const files = { 'report.md': writeReport(artefact.value, evaluation), ...drawPlots(evaluation) };
for (const [name, text] of Object.entries(files)) await writeFile(join(values.out, name), text);
for (const { name, measures } of evaluation.periods) {
  const { averagePrecision, recall } = measures.network;
  log(`${name}: AP ${averagePrecision.toFixed(3)}, recall ${recall.toFixed(3)}`);
}
log(`the report is in ${values.out}`);
