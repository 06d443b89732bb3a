/** What is written about a container, as far as the rules look at it. */
interface Container {
  name: string;
  image?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  securityContext?: Record<string, unknown>;
  startupProbe?: unknown;
  livenessProbe?: unknown;
  readinessProbe?: unknown;
  env?: { name: string; value?: string }[];
  volumeMounts?: { name: string; mountPath: string }[];
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  automountServiceAccountToken?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  serviceAccountName?: string;
  securityContext?: Record<string, unknown>;
  volumes?: Record<string, unknown>[];
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec?: PodSpec;
}

/** A rendered object of Kubernetes. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string>; annotations?: object };
  spec?: {
    replicas?: number;
    template?: PodTemplate;
    /** Of a CronJob. */
    jobTemplate?: { spec: { template?: PodTemplate } };
  } & PodSpec;
  data?: Record<string, string>;
}

const SERVERS = ['Deployment', 'Rollout', 'StatefulSet'];
const JOBS = ['Job', 'CronJob'];

export const podSpecOf = ({ kind, spec }: Manifest): PodSpec | undefined =>
  kind === 'Pod' ? spec : (spec?.jobTemplate?.spec ?? spec)?.template?.spec;

const isServer = ({ kind }: Manifest): boolean => SERVERS.includes(kind);

const POD_RULES: [string, (spec: PodSpec) => boolean][] = [
  [
    'its pod must run as a number above 0',
    (spec) => Number(spec.securityContext?.['runAsUser']) > 0,
  ],
  ['its pod must not run as root', (spec) => spec.securityContext?.['runAsNonRoot'] === true],
  [
    'its pod needs the default seccomp profile',
    (spec) =>
      JSON.stringify(spec.securityContext?.['seccompProfile']) === '{"type":"RuntimeDefault"}',
  ],
  ['its pod gets a token of the API', (spec) => spec.automountServiceAccountToken === false],
  [
    'its pod uses the default account',
    (spec) => (spec.serviceAccountName ?? 'default') !== 'default',
  ],
  ['its pod shares the host', (spec) => !(spec.hostNetwork || spec.hostPID || spec.hostIPC)],
  ['its pod has init containers', (spec) => (spec.initContainers ?? []).length === 0],
  [
    'its pod mounts a folder of the host',
    (spec) => !(spec.volumes ?? []).some((volume) => 'hostPath' in volume),
  ],
];

const CONTAINER_RULES: [string, (container: Container) => boolean][] = [
  [
    'may write to its root',
    ({ securityContext }) => securityContext?.['readOnlyRootFilesystem'] === true,
  ],
  [
    'may gain privileges',
    ({ securityContext }) => securityContext?.['allowPrivilegeEscalation'] === false,
  ],
  ['is privileged', ({ securityContext }) => securityContext?.['privileged'] === false],
  [
    'keeps capabilities',
    ({ securityContext }) =>
      JSON.stringify(securityContext?.['capabilities']) === '{"drop":["ALL"]}',
  ],
  ['requests no cpu', ({ resources }) => resources?.requests?.['cpu'] !== undefined],
  ['requests no memory', ({ resources }) => resources?.requests?.['memory'] !== undefined],
  ['has no limit of memory', ({ resources }) => resources?.limits?.['memory'] !== undefined],
  [
    'has no /tmp',
    ({ volumeMounts }) => (volumeMounts ?? []).some((one) => one.mountPath === '/tmp'),
  ],
  [
    'names no version of its image',
    ({ image }) => /(:[^/]*[0-9][^/]*|@sha256:.+)$/.test(image ?? ''),
  ],
  [
    'has a password in the open',
    ({ env }) =>
      !(env ?? []).some(({ name, value }) => /PASSWORD|SECRET|KEYS?$/.test(name) && value),
  ],
];

const SERVER_RULES: [string, (container: Container) => boolean][] = [
  ['is not asked whether it started', ({ startupProbe }) => startupProbe !== undefined],
  ['is not asked whether it lives', ({ livenessProbe }) => livenessProbe !== undefined],
  ['is not asked whether it is ready', ({ readinessProbe }) => readinessProbe !== undefined],
];

function breachesOf(manifest: Manifest): string[] {
  const spec = podSpecOf(manifest);
  if (!spec) return [];
  const rules = isServer(manifest) ? [...CONTAINER_RULES, ...SERVER_RULES] : CONTAINER_RULES;
  const containers = [...(spec.containers ?? []), ...(spec.initContainers ?? [])];
  return [
    ...POD_RULES.filter(([, holds]) => !holds(spec)).map(([breach]) => breach),
    ...containers.flatMap((container) =>
      rules
        .filter(([, holds]) => !holds(container))
        .map(([breach]) => `its container ${container.name} ${breach}`),
    ),
  ];
}

/** Something else scales it, and would fight with whoever applies `replicas`. */
function fightsOverReplicas(manifest: Manifest, all: Manifest[]): boolean {
  if (!isServer(manifest) || manifest.spec?.replicas === undefined) return false;
  return all.some(
    ({ kind, metadata }) =>
      ['HorizontalPodAutoscaler', 'ScaledObject'].includes(kind) &&
      metadata.name === manifest.metadata.name,
  );
}

const hasPolicy = ({ metadata }: Manifest, all: Manifest[]): boolean =>
  all.some(({ kind, metadata: other }) => kind === 'NetworkPolicy' && other.name === metadata.name);

const hasBudget = ({ metadata }: Manifest, all: Manifest[]): boolean =>
  all.some(
    ({ kind, metadata: other }) => kind === 'PodDisruptionBudget' && other.name === metadata.name,
  );

/** What Florin promises of every pod, looked for in whatever the charts rendered. */
export function findPodBreaches(manifests: Manifest[]): string[] {
  return manifests.flatMap((manifest) => {
    const breaches = breachesOf(manifest);
    if (fightsOverReplicas(manifest, manifests)) breaches.push('it has replicas and is scaled');
    const runs = isServer(manifest) || JOBS.includes(manifest.kind);
    if (runs && !hasPolicy(manifest, manifests)) breaches.push('no NetworkPolicy is about it');
    const several = isServer(manifest) && (manifest.spec?.replicas ?? 2) > 1;
    if (several && !hasBudget(manifest, manifests)) breaches.push('it has no disruption budget');
    return breaches.map((breach) => `${manifest.kind} ${manifest.metadata.name}: ${breach}`);
  });
}
