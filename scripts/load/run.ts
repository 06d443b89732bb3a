// npm run load -- <scenario> [--seconds 30 --scale 1 --wallets 200 --fraud shadow --scratch]
//
// The money of all wallets is one client's, which a model takes for fraud: unless told otherwise it
// scores and does not decide while the load runs.
//
// Loads a running Florin (npm start), or with --scratch one of its own, by k6. The end of each run
// reconciles the money. The verdict is the exit code; a page and the figures go to .florin/load.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findTool } from '../charts/install-tools.ts';
import type { DevFile } from '../platform/dev-file.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { root } from '../run-command.ts';
import { RELEASED_INSTANCES, releaseFraud } from './release-fraud.ts';
import { runScenario } from './run-scenario.ts';

const folder = join(root, 'load-tests/scenarios');
const scenarios = readdirSync(folder).map((name) => name.replace(/\.ts$/, ''));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string', default: '30' },
    scale: { type: 'string', default: '1' },
    wallets: { type: 'string', default: '200' },
    fraud: { type: 'string', default: 'shadow' },
    dir: { type: 'string', default: join(root, '.florin') },
    scratch: { type: 'boolean', default: false },
  },
});

function wanted(): string[] {
  const unknown = positionals.filter((name) => !scenarios.includes(name));
  if (positionals.length > 0 && unknown.length === 0) return positionals;
  console.error(`npm run load -- <${scenarios.join('|')}> …`);
  process.exit(2);
}

function runningPlatform(): DevFile {
  const file = join(values.dir, 'dev.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DevFile;
  console.error('Florin does not run here: npm start, or add --scratch');
  process.exit(2);
}

/** While it replaces processes nobody else may: only a platform of our own can be released. */
const RELEASE = 'release';

async function load(k6: string, scenario: string, dev: DevFile): Promise<boolean> {
  const running = runScenario(k6, scenario, dev, { ...values, seconds: Number(values.seconds) });
  if (scenario === RELEASE && platform !== undefined) {
    await running.begun;
    await releaseFraud(platform);
  }
  return running.ended;
}

const names = wanted();
const k6 = findTool('k6');
if (!('path' in k6)) {
  console.error(`k6 can't be had: ${k6.missing}`);
  process.exit(2);
}
if (names.includes(RELEASE) && !values.scratch) {
  console.error(`${RELEASE} replaces processes: add --scratch`);
  process.exit(2);
}
const scale = names.includes(RELEASE) ? { fraud: RELEASED_INSTANCES } : {};
const platform = values.scratch ? await startScratchPlatform({ scale }) : undefined;
const dev = platform?.dev() ?? runningPlatform();
let failed = 0;
console.log(`the machine is as busy as ${loadavg()[0]?.toFixed(1)} processes make it\n`);
for (const name of names) if (!(await load(k6.path, name, dev))) failed++;
await platform?.stop();
console.log(`${names.length - failed} of ${names.length} scenarios kept every promise`);
process.exitCode = failed === 0 ? 0 : 1;
