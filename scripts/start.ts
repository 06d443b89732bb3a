import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startPrometheus, type Prometheus } from './observability/prometheus.ts';
import { startPlatform, type Platform } from './platform/platform.ts';
import { parseScale } from './platform/service-plan.ts';
import { readyTable } from './platform/ready-table.ts';

const USAGE = `npm start -- [options]

  --fresh             start from nothing: delete what earlier runs stored
  --scale ledger=2    several processes of a service (also FLORIN_SCALE)
  --ledger-shards 2   the books in several databases, each with a ledger of its own
  --port 8080         port of the REST API (also PORT); default: a free one, kept
  --dir path          where everything that lasts lies; default: .florin
  --observability     a Prometheus over all processes, with the rules and alerts of the charts
  --quiet             no warnings of services on the screen

POSTGRES_URL and NATS_URL name servers to use instead of starting them.
FLORIN_NATS_SERVER names a nats-server binary.`;

const { values } = parseArgs({
  options: {
    fresh: { type: 'boolean', default: false },
    scale: { type: 'string', default: process.env['FLORIN_SCALE'] ?? '' },
    'ledger-shards': { type: 'string', default: '1' },
    port: { type: 'string', default: process.env['PORT'] ?? '0' },
    dir: { type: 'string', default: fileURLToPath(new URL('../.florin', import.meta.url)) },
    observability: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

/** As a person in this folder would write the path. */
const shown = (path: string): string => {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
};

const startedAt = performance.now();
const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
const stopping = new AbortController();
let platform: Platform | undefined;
let prometheus: Prometheus | string | undefined;

/** One Ctrl-C may arrive more than once: from the terminal, and passed on by npm. */
const SAME_MS = 1000;
let stoppedAt: number | undefined;

/** The first signal stops everything in order. A later one ends us, and all that notice it. */
async function stop(signal: string): Promise<void> {
  const now = performance.now();
  if (stoppedAt !== undefined && now - stoppedAt > SAME_MS) process.exit(1);
  if (stoppedAt !== undefined) return;
  stoppedAt = now;
  console.log(`\nflorin: stopping (${signal}; once more to stop at once)`);
  stopping.abort(new Error('stopped before it was ready'));
  if (!platform) return;
  if (typeof prometheus === 'object') await prometheus.stop();
  await platform.stop();
  console.log('florin: stopped');
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void stop(signal));
}
process.once('disconnect', () => void stop('the command that started it is gone'));

try {
  platform = await startPlatform({
    dir: values.dir,
    fresh: values.fresh,
    scale: parseScale(values.scale),
    ledgerShards: Number(values['ledger-shards']) || 1,
    gatewayPort: Number(values.port) || undefined,
    postgresUrl: process.env['POSTGRES_URL'],
    natsUrl: process.env['NATS_URL'],
    signal: stopping.signal,
    report: (line) => console.log(`${seconds().padStart(7)}  ${line}`),
    warn: (line) => values.quiet || console.error(`         ${line}`),
  });
  console.log(readyTable(platform.dev(), shown(values.dir), seconds()));
  if (values.observability) {
    const running = platform;
    prometheus = await startPrometheus({
      dir: join(values.dir, 'prometheus'),
      targets: () => running.dev().metrics,
    });
    console.log(
      typeof prometheus === 'string' ? prometheus : `Prometheus: ${prometheus.url}/alerts`,
    );
  }
} catch (error) {
  console.error(`florin: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
