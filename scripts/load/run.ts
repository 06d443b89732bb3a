// npm run load -- <scenario> [--seconds 30 --scale 1 --wallets 200 --fraud shadow --scratch]
//
// The money of all wallets is one client's, which a model takes for fraud: unless told otherwise it
// scores and does not decide while the load runs.
//
// Loads a running Florin (npm start), or with --scratch one of its own, by k6. The end of each run
// reconciles the money. The verdict is the exit code; a page and the figures go to .florin/load.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { findTool } from '../charts/install-tools.ts';
import type { DevFile } from '../platform/dev-file.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { root } from '../run-command.ts';
import { watchMemory } from './watch-memory.ts';

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

async function load(k6: string, scenario: string, dev: DevFile): Promise<boolean> {
  const reports = join(root, '.florin/load');
  mkdirSync(reports, { recursive: true });
  const report = join(reports, scenario);
  const env: Record<string, string> = {
    SCENARIO: scenario,
    FLORIN_URL: dev.gatewayUrl,
    CLIENT_ID: dev.oauthClient.clientId,
    CLIENT_SECRET: dev.oauthClient.clientSecret,
    SECONDS: values.seconds,
    SCALE: values.scale,
    WALLETS: values.wallets,
    FRAUD: values.fraud,
    REPORT: report,
  };
  const pairs = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const memory = watchMemory(dev.pids, Number(values.seconds));
  const args = ['run', '--quiet', '--no-usage-report', ...pairs, join(folder, `${scenario}.ts`)];
  const child = spawn(k6, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  console.log(`${scenario}: memory ${memory()}`);
  console.log(`${scenario}: ${relative(root, report)}.html\n`);
  return code === 0;
}

const names = wanted();
const k6 = findTool('k6');
if (!('path' in k6)) {
  console.error(`k6 can't be had: ${k6.missing}`);
  process.exit(2);
}
const platform = values.scratch ? await startScratchPlatform() : undefined;
const dev = platform?.dev() ?? runningPlatform();
let failed = 0;
for (const name of names) if (!(await load(k6.path, name, dev))) failed++;
await platform?.stop();
console.log(`${names.length - failed} of ${names.length} scenarios kept every promise`);
process.exitCode = failed === 0 ? 0 : 1;
