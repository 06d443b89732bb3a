import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './charts/install-tools.ts';
import { runChartChecks } from './charts/run-chart-checks.ts';
import { runChecks, type Counts } from './checks.ts';
import { runCommand } from './run-command.ts';

/** The parts of vitest's JSON report that are counted. */
interface Report {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
}

/** A run that broke without a failing test (a file that does not load) is a failure, too. */
async function runProject(project: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = await runCommand('vitest', ['run', '--project', project, ...reporters]);
  const { passed, failed, skipped } = countsIn(file);
  rmSync(folder, { recursive: true });
  return { passed, failed: ok ? failed : Math.max(failed, 1), skipped };
}

function countsIn(file: string): Counts {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const skipped = report.numPendingTests + report.numTodoTests;
    return { passed: report.numPassedTests, failed: report.numFailedTests, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
const add = ({ passed, failed, skipped }: Counts): void => {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
};

// Where it can be had, it checks what the tests of banking ask of Stripe.
const stripeMock = findTool('stripe-mock');
if ('path' in stripeMock) process.env['STRIPE_MOCK'] = stripeMock.path;

add(await runChecks());
add(runChartChecks());
const PROJECTS = ['unit', 'integration', 'journeys', 'faults', 'e2e'];
for (const project of PROJECTS) add(await runProject(project));

if (sum.skipped > 0) console.log(`${sum.skipped} skipped: what this machine does not have`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
