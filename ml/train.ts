import { parseArgs } from 'node:util';
import { CURRENT_ARTEFACT, writeArtefact } from './artefact/mod.ts';
import { startBackend } from './model/mod.ts';
import { FULL_PLAN, trainWalletModel } from './training/train-wallet-model.ts';

// npm run ml:train [-- --out FOLDER]: makes the committed artefact again, bit for bit.

const { values } = parseArgs({ options: { out: { type: 'string', default: CURRENT_ARTEFACT } } });
const started = performance.now();
const log = (line: string): void => {
  const seconds = ((performance.now() - started) / 1000).toFixed(0).padStart(4);
  process.stdout.write(`${seconds} s  ${line}\n`);
};

await startBackend();
const trained = trainWalletModel({ ...FULL_PLAN, log });
const manifest = await writeArtefact(values.out, trained);
log(`policy: review from ${trained.policy.review}, block from ${trained.policy.block}`);
log(`${manifest.modelVersion} is in ${values.out}`);
