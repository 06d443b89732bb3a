// npm run bench:growth [-- --entries 20000000 --wallets 10000 --seconds 10]
//
// The pipeline of bench:pipeline over books that are new, over books with millions of entries in
// the months behind, and over new ones again: what this machine gives moves by more than what is
// measured, so both sides of the ratio are taken in one run. Last line: JSON.
import { parseArgs } from 'node:util';
import { printResult, probeCores, round, say } from './measure.ts';
import { measure, uniform, withPipeline, type Scene } from './pipeline-run.ts';

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '20000000' },
    wallets: { type: 'string', default: '10000' },
    seconds: { type: 'string', default: '10' },
    'orders-per-message': { type: 'string', default: '50' },
    'many-wallets': { type: 'string', default: '1000000' },
  },
});
const wallets = Number(values.wallets);
const entries = Number(values.entries);
const how = {
  seconds: Number(values.seconds),
  ordersPerMessage: Number(values['orders-per-message']),
};

async function measured(scene: Scene) {
  const startedMs = performance.now();
  const run = await withPipeline(scene, async (parts) => {
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    say(`${scene.wallets} wallets and ${parts.entries} entries, ready after ${seconds} s`);
    await measure(parts, { ...uniform(parts.wallets), name: 'warm-up' }, how);
    return measure(parts, uniform(parts.wallets), how);
  });
  return { ...scene, perSecond: run.perSecond, cpuMicros: run.cpuMicros.postgres };
}

const cores = await probeCores();
say(`cores really there: ${cores}`);
const before = await measured({ wallets, entries: 0 });
const full = await measured({ wallets, entries });
const after = await measured({ wallets, entries: 0 });
const few = await measured({ wallets: 1_000, entries: 0 });
const many = await measured({ wallets: Number(values['many-wallets']), entries: 0 });

printResult({
  bench: 'growth',
  cores,
  coresAfter: await probeCores(),
  scenes: [before, full, after, few, many],
  fullToEmptyLedger: round((2 * full.perSecond) / (before.perSecond + after.perSecond)),
  manyToFewWallets: round(many.perSecond / few.perSecond),
});
