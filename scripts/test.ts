import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTool } from './charts/install-tools.ts';
import { runChartChecks } from './charts/run-chart-checks.ts';
import { runChecks, type Counts } from './checks.ts';
import {
  failedAtFirst,
  failedFiles,
  failedTests,
  passedTests,
  skippedTests,
  withRepeated,
  type Report,
} from './reports.ts';
import { root, runCommand } from './run-command.ts';

interface Project {
  name: string;
  /** Files that fail are run once more, one after the other. */
  repeats: boolean;
}

/**
 * Those with platforms of a dozen processes have to be patient, and still a build server that does
 * other things meanwhile may try their patience. What passes when it is repeated is told by name.
 */
const PROJECTS: readonly Project[] = [
  { name: 'unit', repeats: false },
  { name: 'integration', repeats: false },
  { name: 'journeys', repeats: true },
  { name: 'faults', repeats: true },
  { name: 'e2e', repeats: true },
];

/** What failed, but not when it was repeated. */
const unsteady: string[] = [];

/** Undefined where it ended badly and no file says why. */
async function runTests(project: string, more: string[] = []): Promise<Report | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'florin-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const ok = await runCommand('vitest', ['run', '--project', project, ...reporters, ...more]);
  try {
    const report = JSON.parse(readFileSync(file, 'utf8')) as Report;
    return ok || failedFiles(report, root).length > 0 ? report : undefined;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function runProject({ name, repeats }: Project): Promise<Counts> {
  const first = await runTests(name);
  if (!first) {
    const failures = [`${name}: ended badly without a failed test, or without a report`];
    return { passed: 0, failed: 1, skipped: 0, failures };
  }
  const files = repeats ? failedFiles(first, root) : [];
  const again = files.length > 0 && (await runTests(name, ['--no-file-parallelism', ...files]));
  const report = again ? withRepeated(first, again) : first;
  unsteady.push(...failedAtFirst(first, report, root));
  const failures = failedTests(report, root);
  return {
    passed: passedTests(report),
    failed: failures.length,
    skipped: skippedTests(report),
    failures,
  };
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
for (const project of PROJECTS) add(await runProject(project));

for (const failure of unsteady) console.log(`failed at first, not when repeated: ${failure}`);
for (const failure of sum.failures) console.log(`failed: ${failure}`);
if (sum.skipped > 0) console.log(`${sum.skipped} skipped: what this machine does not have`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 ? 0 : 1;
