import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import type { DevFile } from '../platform/dev-file.ts';
import { root } from '../run-command.ts';
import { watchMemory } from './watch-memory.ts';

export interface LoadOptions {
  seconds: number;
  /** Multiplies every rate. */
  scale: string;
  wallets: string;
  /** enforce, shadow or off while it runs. */
  fraud: string;
}

export interface RunningLoad {
  /** The wallets have their money, and payments begin; or it has ended before. */
  begun: Promise<void>;
  /** Whether every promise was kept. */
  ended: Promise<boolean>;
}

const BEGINS = 'load begins';

/** What a script has logged, without what k6 puts around it. */
function loggedText(line: string): string {
  const [, text] = /msg="((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
  return text === undefined ? line : text.replaceAll('\\"', '"');
}

/** Loads a running platform by k6, and prints what it found. A page and figures go to .florin. */
export function runScenario(
  k6: string,
  scenario: string,
  dev: DevFile,
  { seconds, scale, wallets, fraud }: LoadOptions,
): RunningLoad {
  const reports = join(root, '.florin/load');
  mkdirSync(reports, { recursive: true });
  const report = join(reports, scenario);
  const env: Record<string, string> = {
    SCENARIO: scenario,
    FLORIN_URL: dev.gatewayUrl,
    CLIENT_ID: dev.oauthClient.clientId,
    CLIENT_SECRET: dev.oauthClient.clientSecret,
    SECONDS: String(seconds),
    SCALE: scale,
    WALLETS: wallets,
    FRAUD: fraud,
    REPORT: report,
  };
  const pairs = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const script = join(root, 'load-tests/scenarios', `${scenario}.ts`);
  const memory = watchMemory(dev.pids, seconds);
  const args = ['run', '--quiet', '--no-usage-report', ...pairs, script];
  const child = spawn(k6, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  createInterface({ input: child.stderr }).on('line', (line) => {
    const text = loggedText(line);
    if (text === BEGINS) begin();
    else console.log(`${scenario}: ${text}`);
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once('close', (code) => {
      begin();
      console.log(`${scenario}: memory ${memory()}`);
      console.log(`${scenario}: ${relative(root, report)}.html\n`);
      resolve(code === 0);
    });
  });
  return { begun, ended };
}
