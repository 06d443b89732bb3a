import { runCommand } from './run-command.ts';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, a line each. */
  failures: string[];
}

const CHECKS: { what: string; command: string; args: string[] }[] = [
  { what: 'types', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
  {
    what: 'types of the web app',
    command: 'tsc',
    args: ['--noEmit', '-p', 'services/web/app/tsconfig.json'],
  },
  { what: 'lint', command: 'oxlint', args: ['--deny-warnings'] },
  { what: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  {
    what: 'house rules',
    command: 'vitest',
    args: ['run', '--project', 'unit', '--reporter=dot', 'scripts/house-rules.test.ts'],
  },
  { what: 'generated files', command: 'node', args: ['scripts/generate.ts', '--check'] },
  {
    what: 'generated files of charts',
    command: 'node',
    args: ['scripts/charts/generate.ts', '--check'],
  },
];

/** What needs no server and no test: all of them run, so that one go shows every problem. */
export async function runChecks(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  for (const { what, command, args } of CHECKS) {
    const ok = await runCommand(command, args);
    counts[ok ? 'passed' : 'failed']++;
    if (!ok) counts.failures.push(`check ${what}`);
    console.log(`check ${what}: ${ok ? 'passed' : 'FAILED'}`);
  }
  return counts;
}
