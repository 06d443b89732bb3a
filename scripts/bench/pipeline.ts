// npm run bench:pipeline [-- --seconds 10 --wallets 10000 --orders-per-message 50]
//
// Orders as the gateway publishes them → JetStream → ledger → Postgres → outcomes and events, over
// uniform wallets, over one hot wallet, and with a risk on each order; everything on this machine
// and durable. The books are verified at the end of every run. Last line: JSON.
import { parseArgs } from 'node:util';
import { printResult, probeCores, round, say } from './measure.ts';
import { checked, hot, measure, scored, uniform, withPipeline } from './pipeline-run.ts';
import { postingLimit } from './posting-limit.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    wallets: { type: 'string', default: '10000' },
    'orders-per-message': { type: 'string', default: '50' },
  },
});
const seconds = Number(values.seconds);
const ordersPerMessage = Number(values['orders-per-message']);
const how = { seconds, ordersPerMessage };

const cores = await probeCores();
say(`cores really there: ${cores}`);
const main = await withPipeline({ wallets: Number(values.wallets), entries: 0 }, (parts) =>
  checked(parts, async () => {
    const limit = await postingLimit(parts.pool, parts.wallets, {
      seconds: seconds / 2,
      batch: 1000,
    });
    say(`set-based SQL loop on the same tables: ${limit.perSecond} transactions/s`);
    await measure(parts, { ...uniform(parts.wallets), name: 'warm-up' }, how);
    const runs = [
      await measure(parts, uniform(parts.wallets), how),
      await measure(parts, hot(parts.wallets), how),
      await measure(parts, scored(parts.wallets), how),
    ] as const;
    return { limit: limit.perSecond, runs };
  }),
);
const [uniformRun, hotRun, scoredRun] = main.runs;

printResult({
  bench: 'pipeline',
  cores,
  coresAfter: await probeCores(),
  ordersPerMessage,
  wallets: Number(values.wallets),
  sqlLimitPerSecond: main.limit,
  ratioToSqlLimit: round(uniformRun.perSecond / main.limit),
  hotToUniform: round(hotRun.perSecond / uniformRun.perSecond),
  scoredToUniform: round(scoredRun.perSecond / uniformRun.perSecond),
  runs: main.runs,
});
