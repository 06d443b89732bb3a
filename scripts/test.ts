import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './charts/install-tools.ts';
import { runChartChecks } from './charts/run-chart-checks.ts';
import { runChecks, type Counts } from './checks.ts';
import { failedTests, skippedTests, type FailedReport } from './failed-tests.ts';
import { root, runCommand } from './run-command.ts';

/** The parts of vitest's JSON report that are counted. */
interface Report extends FailedReport {
  numPassedTests: number;
}

/** A run that ended badly is a failure even if no test and no file of it failed. */
async function runProject(project: string): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = await runCommand('vitest', ['run', '--project', project, ...reporters]);
  const counts = countsIn(file);
  rmSync(folder, { recursive: true });
  if (!ok && counts.failed === 0) {
    counts.failed = 1;
    counts.failures.push(`${project}: ended badly, though all of its tests passed`);
  }
  return counts;
}

function countsIn(file: string): Counts {
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    const failures = failedTests(report, root);
    return {
      passed: report.numPassedTests,
      failed: failures.length,
      skipped: skippedTests(report),
      failures,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, failures: ['a report of vitest cannot be read'] };
  }
}

const sum: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
const add = ({ passed, failed, skipped, failures }: Counts): void => {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped += skipped;
  sum.failures.push(...failures);
};

// Where it can be had, it checks what the tests of banking ask of Stripe.
const stripeMock = findTool('stripe-mock');
if ('path' in stripeMock) process.env['STRIPE_MOCK'] = stripeMock.path;

add(await runChecks());
add(runChartChecks());
const PROJECTS = ['unit', 'integration', 'journeys', 'faults', 'e2e'];
for (const project of PROJECTS) add(await runProject(project));

for (const failure of sum.failures) console.log(`failed: ${failure}`);
if (sum.skipped > 0) console.log(`${sum.skipped} skipped: what this machine does not have`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
