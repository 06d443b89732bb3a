// npm run rehearse:canary [-- --hurry 5 --rate 100 --tolerance 1 --only slower]
//
// Releases versions of fraud as a cluster would: the chart of fraud, installed by helm into a real
// API server, with the real controllers of Kubernetes and of Argo Rollouts. Every pod is a process
// of this machine that scores real orders of a scratch platform, and a real Prometheus answers the
// queries of the chart's analysis. A good version is promoted; a slower one, one that can't read
// what it gets, and one that scores otherwise end by themselves. Times of the chart are divided by
// --hurry, and a machine that is busy with other things may need --tolerance: the p99 of the new
// version may be so many times what the chart allows. Programs that can't be had are named, and
// nothing is rehearsed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { chartRelease } from '../cluster/chart-release.ts';
import { startControlPlane, type ControlPlane } from '../cluster/control-plane.ts';
import { startLocalKubelet, type LocalKubelet } from '../cluster/local-kubelet.ts';
import { root } from '../run-command.ts';
import { startPrometheus } from '../observability/prometheus.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { followRelease, waitUntilHealthy } from './follow-release.ts';
import { hurriedRelease, tolerant, type ReleaseTimes } from './hurry.ts';
import { offerSteadily } from './offer-steadily.ts';
import {
  OLD_KEYS,
  releases,
  SLOW_TAG,
  STABLE_TAG,
  writeSuspiciousModel,
  yesterdaysKeys,
  type Release,
} from './releases.ts';

const { values } = parseArgs({
  options: {
    hurry: { type: 'string', default: '5' },
    rate: { type: 'string', default: '100' },
    tolerance: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
  },
});

const NAME = 'fraud';
const HASH = 'rollouts-pod-template-hash';
const REPLICAS = 4;
const HEALTHY_WITHIN_MS = 180_000;
const FINAL_WITHIN_MS = 900_000;

const chart = parse(readFileSync(join(root, 'charts/fraud/values.yaml'), 'utf8')) as {
  rollout: ReleaseTimes;
};

/** What an image would hold: the same sources, but for the one that is slow. */
const startImage = (_service: string, tag: string): string[] =>
  tag === SLOW_TAG ? ['--import', './scripts/canary/slow-scoring.ts'] : [];

const addressesOf = (kubelet: LocalKubelet): Record<string, string> =>
  Object.fromEntries(
    kubelet
      .pods()
      .filter(({ labels }) => labels['app.kubernetes.io/component'] === 'server')
      .map(({ name, operationsUrl }) => [name, operationsUrl]),
  );

/** The label that a PodMonitor of the chart copies from a pod to its figures. */
function hashOf(kubelet: LocalKubelet, name: string): Record<string, string> {
  const pod = kubelet.pods().find((one) => one.name === name);
  return { [HASH.replaceAll('-', '_')]: pod?.labels[HASH] ?? '' };
}

async function createSecrets(
  { api, namespace }: ControlPlane,
  secrets: Record<string, Record<string, string>>,
): Promise<void> {
  for (const [name, stringData] of Object.entries(secrets)) {
    await api.call('POST', `/api/v1/namespaces/${namespace}/secrets`, {
      metadata: { name },
      stringData,
    });
  }
}

interface Stage {
  plane: ControlPlane;
  install(values: Record<string, unknown>): Promise<void>;
  /** All figures of the chart but this one. */
  analysisWithout(unasked: string | undefined): Record<string, unknown>;
}

/** @returns whether it ended as it should, and whether it is what runs now */
async function rehearse(
  { plane, install, analysisWithout }: Stage,
  release: Release,
): Promise<{ expected: boolean; promoted: boolean }> {
  console.log(`a version ${release.name}`);
  await install({
    ...release.values,
    rollout: { analysis: analysisWithout(release.unasked) },
  });
  const outcome = await followRelease(plane, NAME, FINAL_WITHIN_MS);
  const word = outcome.promoted ? 'promoted' : `ended by ${outcome.failed.join(', ')}`;
  const expected =
    release.endedBy === undefined
      ? outcome.promoted
      : !outcome.promoted && outcome.failed.includes(release.endedBy);
  const verdict = expected ? '' : `, WRONG: ${release.endedBy ?? 'promoted'} was to be`;
  console.log(`  ${word} after ${outcome.seconds.toFixed(0)} s${verdict}\n`);
  const { promoted } = outcome;
  if (promoted) return { expected, promoted };
  // What people do then: the values of before, which the pods that are left have already.
  await install({});
  await waitUntilHealthy(plane, NAME, HEALTHY_WITHIN_MS);
  return { expected, promoted };
}

const dir = mkdtempSync(join(tmpdir(), 'florin-rehearsal-'));
await using stack = new AsyncDisposableStack();
stack.defer(async () => rmSync(dir, { recursive: true, force: true }));

const plane = await startControlPlane(join(dir, 'cluster'));
if (typeof plane === 'string') {
  console.log(`releases: SKIPPED, ${plane}`);
  process.exit(0);
}
stack.use(plane);
console.log('kube-apiserver, its controllers and Argo Rollouts are ready');

// Everything that fraud needs but itself: its pods are the cluster's.
const platform = await startScratchPlatform({
  services: ['gateway', 'identity', 'ledger', NAME],
  scale: { gateway: 0, identity: 0, [NAME]: 0 },
  fraudScoring: 'shadow',
});
stack.use(platform);
const { natsUrl, postgresUrl } = platform.dev();
const { signingKeys, natsSeeds, databasePasswords } = platform.secrets();

const kubelet = startLocalKubelet({ plane, dir: join(dir, 'pods'), startImage });
stack.use(kubelet);
const prometheus = await startPrometheus({
  dir: join(dir, 'prometheus'),
  targets: () => addressesOf(kubelet),
  labels: (name) => hashOf(kubelet, name),
});
if (typeof prometheus === 'string') throw new Error(prometheus);
stack.defer(() => prometheus.stop());

const model = join(dir, 'suspicious-model');
mkdirSync(model);
await writeSuspiciousModel(model);
const login = (username: string) => ({ username, password: databasePasswords[username] ?? '' });
await createSecrets(plane, {
  'florin-nats': { [NAME]: natsSeeds[NAME] ?? '' },
  'florin-signing-keys': { [NAME]: JSON.stringify(signingKeys) },
  [OLD_KEYS]: { [NAME]: JSON.stringify(yesterdaysKeys(signingKeys)) },
  'postgres-fraud': login('florin_fraud'),
  'postgres-fraud-owner': login('florin_fraud_owner'),
});

const { hostname, port } = new URL(postgresUrl);
const { canary, analysis } = hurriedRelease(chart.rollout, Number(values.hurry));
const analysisWithout = (unasked: string | undefined) => ({
  prometheusAddress: prometheus.url,
  metrics: analysis.metrics
    .filter(({ name }) => name !== unasked)
    .map((metric) => tolerant(metric, 'p99-to-stable', Number(values.tolerance))),
});
const base = {
  replicas: REPLICAS,
  image: { registry: 'florin', tag: STABLE_TAG },
  config: { NATS_URL: natsUrl },
  postgres: {
    host: hostname,
    port: Number(port),
    sslMode: 'disable',
    caSecret: '',
    serviceRole: 'florin_fraud',
  },
  rollout: { enabled: true, canary, analysis: analysisWithout(undefined) },
};
using chartInstaller = chartRelease({ plane, dir, chart: NAME });
let stable: Record<string, unknown> = {};
const install = (changes: Record<string, unknown>): Promise<void> =>
  chartInstaller.install([base, stable, changes]);

await install({});
await waitUntilHealthy(plane, NAME, HEALTHY_WITHIN_MS);
console.log(`${REPLICAS} pods of fraud are ready\n`);

const load = await offerSteadily(platform, Number(values.rate));
let wrong = 0;
const chosen = releases(model).filter(({ name }) => name.includes(values.only));
for (const release of chosen) {
  const { expected, promoted } = await rehearse({ plane, install, analysisWithout }, release);
  if (!expected) wrong++;
  if (promoted) stable = release.values;
}
console.log(await load.stop());
console.log(`${chosen.length - wrong} of ${chosen.length} releases ended as they should`);
process.exitCode = wrong === 0 ? 0 : 1;
