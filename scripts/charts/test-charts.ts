// npm run test:charts: every check of the charts that needs no cluster.
import { runChartChecks } from './run-chart-checks.ts';

const { passed, failed, skipped } = runChartChecks();
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
