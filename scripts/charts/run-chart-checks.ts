import type { Counts } from '../checks.ts';
import { BROKEN_COPIES } from './broken-copies.ts';
import { CHART_CHECKS, type CheckResult } from './chart-checks.ts';
import { copyCharts } from './chart-tree.ts';

const SHOWN = 4000;

function count(counts: Counts, name: string, result: CheckResult): void {
  if ('missing' in result) {
    counts.skipped++;
    console.log(`charts: ${name}: SKIPPED, ${result.missing}`);
    return;
  }
  const failed = result.problems.length > 0 ? Math.max(1, result.problems.length) : 0;
  counts.passed += result.passed;
  counts.failed += failed;
  for (const problem of result.problems) console.error(problem.slice(0, SHOWN));
  if (failed > 0) counts.failures.push(`charts: ${name}`);
  console.log(`charts: ${name}: ${result.passed} passed, ${failed} failed`);
}

/** A defect that its check does not notice is a failure of that check. */
function noticesDefects(): CheckResult {
  const problems: string[] = [];
  let passed = 0;
  for (const { check, defect, chart, change } of BROKEN_COPIES) {
    using tree = copyCharts(change);
    const charts = chart === undefined ? tree.charts : [chart];
    const result = CHART_CHECKS.find(({ name }) => name === check)?.run({ ...tree, charts });
    if (!result || 'missing' in result) continue;
    if (result.problems.length > 0) passed++;
    else problems.push(`${check} does not notice ${defect}`);
  }
  return { passed, problems };
}

/** Every check of the charts, and every check of those checks. */
export function runChartChecks(): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
  using tree = copyCharts();
  for (const { name, run } of CHART_CHECKS) count(counts, name, run(tree));
  count(counts, 'each check notices a broken copy', noticesDefects());
  return counts;
}
