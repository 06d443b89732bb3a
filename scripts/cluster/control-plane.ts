import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endProcess, eventually, freePort, spawnServer } from '@florin/testing';
import { parseAllDocuments, stringify } from 'yaml';
import { fetchModule, findTool } from '../charts/install-tools.ts';
import { SCHEMA_MODULES } from '../charts/tool-table.ts';
import { createApiClient, type ApiClient, type KubernetesObject } from './api-client.ts';

/** The deciding half of a cluster: an API server with what makes pods of workloads, and no node. */
export interface ControlPlane extends AsyncDisposable {
  api: ApiClient;
  /** A file by which helm and kubectl reach it. */
  kubeconfig: string;
  namespace: string;
}

const PROGRAMS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'rollouts-controller'];
const NAMESPACE = 'florin';
const READY_WITHIN_MS = 90_000;
const STOP_WITHIN_MS = 10_000;

/** Those that make pods and what they need. Others ask for nodes, or for a network. */
const CONTROLLERS = [
  'namespace-controller',
  'serviceaccount-controller',
  'deployment-controller',
  'replicaset-controller',
  'job-controller',
  'garbage-collector-controller',
  'disruption-controller',
];

type Programs = Record<string, string>;

function findPrograms(): Programs | string {
  const tools = PROGRAMS.map(findTool);
  for (const tool of tools) if ('missing' in tool) return `${tool.name}: ${tool.missing}`;
  return Object.fromEntries(tools.map((tool) => [tool.name, 'path' in tool ? tool.path : '']));
}

/** The kinds that Argo Rollouts adds, from the module that its controller is made from. */
function rolloutKinds(): KubernetesObject[] | string {
  const one = SCHEMA_MODULES.find(({ module }) => module.endsWith('/argo-rollouts'));
  const fetched = fetchModule(one?.module ?? '', one?.version ?? '');
  if ('missing' in fetched) return `argo-rollouts: ${fetched.missing}`;
  const folder = join(fetched.dir, one?.crds ?? '');
  return readdirSync(folder)
    .filter((name) => name.endsWith('-crd.yaml'))
    .flatMap((name) => parseAllDocuments(readFileSync(join(folder, name), 'utf8')))
    .map((document) => document.toJSON() as KubernetesObject | null)
    .filter((object) => object !== null);
}

const isHealthy = async (url: string): Promise<boolean> => (await fetch(url)).ok;

const patient = <T>(check: () => Promise<T>) =>
  eventually(check, { timeoutMs: READY_WITHIN_MS, everyMs: 250 });

/** Keys by which the API server and its controllers know accounts and each other. */
function writeKeys(dir: string): { token: string } {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(dir, 'accounts.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(dir, 'accounts.pub'), pair.publicKey.export({ type: 'spki', format: 'pem' }));
  const token = randomBytes(24).toString('base64url');
  writeFileSync(join(dir, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, {
    mode: 0o600,
  });
  return { token };
}

function writeKubeconfig(dir: string, access: { url: string; token: string }): string {
  const path = join(dir, 'kubeconfig');
  const context = { cluster: 'local', user: 'admin', namespace: NAMESPACE };
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'local',
        cluster: {
          server: access.url,
          'certificate-authority': join(dir, 'certificates/apiserver.crt'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token: access.token } }],
    contexts: [{ name: 'local', context }],
    'current-context': 'local',
  };
  writeFileSync(path, stringify(content), { mode: 0o600 });
  return path;
}

interface Started {
  dir: string;
  programs: Programs;
  stack: AsyncDisposableStack;
}

async function run({ dir, programs, stack }: Started, name: string, args: string[]): Promise<void> {
  const server = await spawnServer({
    path: programs[name] ?? '',
    args,
    cwd: dir,
    logFile: join(dir, `${name}.log`),
    orphanSignal: 'SIGTERM',
  });
  stack.defer(async () => {
    await endProcess(server, 'SIGTERM', STOP_WITHIN_MS);
  });
}

async function startEtcd(started: Started): Promise<string> {
  const client = `http://127.0.0.1:${await freePort()}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  await run(started, 'etcd', [
    `--data-dir=${join(started.dir, 'etcd')}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // Nothing here has to outlive the machine.
    '--unsafe-no-fsync',
  ]);
  await patient(() => isHealthy(`${client}/health`));
  return client;
}

async function startApiServer(started: Started, etcd: string): Promise<ApiClient> {
  const { dir } = started;
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  const { token } = writeKeys(dir);
  await run(started, 'kube-apiserver', [
    `--etcd-servers=${etcd}`,
    `--secure-port=${port}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--cert-dir=${join(dir, 'certificates')}`,
    `--service-account-key-file=${join(dir, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(dir, 'accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--token-auth-file=${join(dir, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.96.0.0/16',
  ]);
  const access = await patient(async () => {
    const ca = readFileSync(join(dir, 'certificates/apiserver.crt'), 'utf8');
    const client = createApiClient({ url, ca, token });
    await client.call('GET', '/readyz');
    return client;
  });
  writeKubeconfig(dir, { url, token });
  return access;
}

/** Waits for the account that every pod would use, too: pods are refused before. */
async function prepare(api: ApiClient, kinds: KubernetesObject[]): Promise<void> {
  for (const kind of kinds) {
    await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', kind);
  }
  await api.call('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  await patient(() => api.list(`/apis/argoproj.io/v1alpha1/namespaces/${NAMESPACE}/rollouts`));
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager and the controller of Argo Rollouts as
 * processes of this machine. Everything of theirs lies in `dir`.
 * @returns which program can't be had, and why
 */
export async function startControlPlane(dir: string): Promise<ControlPlane | string> {
  const programs = findPrograms();
  if (typeof programs === 'string') return programs;
  const kinds = rolloutKinds();
  if (typeof kinds === 'string') return kinds;
  mkdirSync(dir, { recursive: true });
  await using stack = new AsyncDisposableStack();
  const started = { dir, programs, stack };
  const api = await startApiServer(started, await startEtcd(started));
  stack.defer(async () => api.close());
  await prepare(api, kinds);
  const kubeconfig = join(dir, 'kubeconfig');
  await run(started, 'kube-controller-manager', [
    `--kubeconfig=${kubeconfig}`,
    `--controllers=${CONTROLLERS.join(',')}`,
    '--leader-elect=false',
    '--secure-port=0',
  ]);
  await run(started, 'rollouts-controller', [
    `--kubeconfig=${kubeconfig}`,
    `--namespace=${NAMESPACE}`,
    '--namespaced',
    '--leader-elect=false',
    `--metricsPort=${await freePort()}`,
    `--healthzPort=${await freePort()}`,
  ]);
  await patient(() => api.call('GET', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/default`));
  const owned = stack.move();
  return {
    api,
    kubeconfig,
    namespace: NAMESPACE,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
