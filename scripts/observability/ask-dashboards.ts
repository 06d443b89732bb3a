// node scripts/observability/ask-dashboards.ts [--seconds 60]
//
// Brings up Florin and a real Prometheus, makes payments, and asks every query of every dashboard
// and every rule: which are answered, and which have figures. Needs no Grafana.
import { join } from 'node:path';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fundedWallet, newPerson } from '../journeys/person.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { queriesOf } from './dashboard.ts';
import { DASHBOARDS } from './dashboards.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });

interface Reply {
  status: string;
  error?: string;
  data?: { result: unknown[] };
}

async function ask({ url }: Prometheus, query: string): Promise<number | string> {
  const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { status, error = '', data } = (await answer.json()) as Reply;
  return status === 'success' ? (data?.result.length ?? 0) : error;
}

/** What people do, so that there is something to see. */
async function makePayments(gatewayUrl: string, untilMs: number): Promise<number> {
  const [ana, ben] = [await newPerson(gatewayUrl), await newPerson(gatewayUrl)];
  const from = await fundedWallet(ana);
  const to = await fundedWallet(ben);
  let made = 0;
  while (performance.now() < untilMs) {
    await ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '10' });
    await ben.pay('/v1/deposits', { walletId: to, amount: '100', bankAccount: 'slow' });
    // More than anybody has: refused, and shown as that.
    await ben.pay('/v1/transfers', { fromWalletId: to, toWalletId: from, amount: '900000000' });
    await ana.wallet(from);
    made += 3;
  }
  return made;
}

/** nats-server has an exporter in a cluster; all else did not happen here. */
const whyEmpty = (query: string): string =>
  /^[a-z ]*(by \([^)]*\) \()?(jetstream|gnatsd)_/.test(query)
    ? 'of the exporter of nats-server'
    : 'did not happen';

const sum = { filled: 0, queries: 0 };

await using platform = await startScratchPlatform();
const dir = mkdtempSync(join(tmpdir(), 'florin-prometheus-'));
const started = await startPrometheus({ dir, targets: () => platform.dev().metrics });
if (typeof started === 'string') throw new Error(started);
try {
  const made = await makePayments(
    platform.dev().gatewayUrl,
    performance.now() + Number(values.seconds) * 1000,
  );
  await wait(10_000);
  console.log(`${made} payments made`);
  for (const dashboard of DASHBOARDS) {
    const queries = queriesOf(dashboard);
    const answers = await Promise.all(queries.map((query) => ask(started, query)));
    const wrong = answers.filter((answer) => typeof answer === 'string');
    const empty = queries.filter((_, index) => answers[index] === 0);
    const filled = queries.length - wrong.length - empty.length;
    console.log(`${dashboard.name}: ${filled} of ${queries.length} queries have figures`);
    for (const query of empty) console.log(`    ${whyEmpty(query)}: ${query}`);
    sum.filled += filled;
    sum.queries += queries.length;
    for (const error of wrong) console.log(`    WRONG: ${error}`);
    if (wrong.length > 0) process.exitCode = 1;
  }
  const reply = await fetch(`${started.url}/api/v1/rules`);
  const { data } = (await reply.json()) as {
    data: { groups: { rules: { health: string; name: string; state?: string }[] }[] };
  };
  const rules = data.groups.flatMap((group) => group.rules);
  console.log(`${sum.filled} of ${sum.queries} queries of all dashboards have figures`);
  const broken = rules.filter(({ health }) => health === 'err').map(({ name }) => name);
  if (broken.length > 0) process.exitCode = 1;
  const firing = rules.filter(({ state }) => state === 'firing').map(({ name }) => name);
  console.log(
    `rules: ${rules.length - broken.length} of ${rules.length} evaluate` +
      `${broken.map((name) => `, not ${name}`).join('')}; firing: ${firing.join(', ') || 'none'}`,
  );
} finally {
  await started.stop();
  rmSync(dir, { recursive: true, force: true });
}
