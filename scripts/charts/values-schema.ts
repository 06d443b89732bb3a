/** A JSON Schema, as far as it is written here. */
export type Schema = Record<string, unknown>;

const text: Schema = { type: 'string' };
const name: Schema = { type: 'string', pattern: '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$' };
const nameOrNone: Schema = { type: 'string', pattern: '^([a-z0-9]([a-z0-9.-]*[a-z0-9])?)?$' };
const flag: Schema = { type: 'boolean' };
const port: Schema = { type: 'integer', minimum: 1, maximum: 65_535 };
const memory: Schema = { type: 'string', pattern: '^[1-9][0-9]*(Mi|Gi)$' };
const duration: Schema = { type: 'string', pattern: '^[0-9]+(ms|s|m|h)$' };
const texts: Schema = { type: 'array', items: text };
const paths: Schema = { type: 'array', items: { type: 'string', pattern: '^/' } };
const labels: Schema = { type: 'object', additionalProperties: text };
const objects: Schema = { type: 'array', items: { type: 'object' } };
const anything: Schema = { type: 'object' };
const atLeast = (minimum: number): Schema => ({ type: 'integer', minimum });
const oneOf = (...words: string[]): Schema => ({ type: 'string', enum: words });
const countOrShare: Schema = {
  anyOf: [atLeast(0), { type: 'string', pattern: '^[0-9]{1,3}%$' }],
};

/** An object that may hold these and nothing else: a misspelt value must not go unnoticed. */
export const strict = (properties: Record<string, Schema>, required: string[] = []): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...(required.length === 0 ? {} : { required }),
});

const mapOf = (names: string, value: Schema): Schema => ({
  type: 'object',
  additionalProperties: false,
  patternProperties: { [names]: value },
});

const ENVIRONMENT_NAME = '^[A-Z][A-Z0-9_]*$';
const config = mapOf(ENVIRONMENT_NAME, text);

const image = strict({
  registry: text,
  repository: text,
  tag: text,
  digest: { type: 'string', pattern: '^(sha256:[0-9a-f]{64})?$' },
  pullPolicy: oneOf('Always', 'IfNotPresent', 'Never'),
  pullSecrets: { type: 'array', items: name },
});

const nats = strict({ enabled: flag, existingSecret: name });

const postgres = strict({
  enabled: flag,
  host: text,
  port,
  database: { type: 'string', pattern: '^([a-z][a-z0-9_]{0,62})?$' },
  existingSecret: nameOrNone,
  ownerSecret: nameOrNone,
  serviceRole: { type: 'string', pattern: '^([a-z][a-z0-9_]{0,62})?$' },
  usernameKey: text,
  passwordKey: text,
  urlKey: text,
  // What both clients of the services understand.
  sslMode: oneOf('disable', 'no-verify', 'require'),
  caSecret: nameOrNone,
});

const podMonitor = strict({
  enabled: oneOf('auto', 'always', 'never'),
  interval: duration,
  labels,
});

const resources = strict(
  {
    requests: strict({ cpu: { type: 'string', pattern: '^[0-9.]+m?$' }, memory }),
    limits: strict({ cpu: text, memory }),
  },
  [],
);

const networkRule = strict({
  enabled: flag,
  namespace: name,
  pods: labels,
  cidr: text,
  except: texts,
  protocol: oneOf('TCP', 'UDP'),
  ports: { type: 'array', items: port, minItems: 1 },
});

const rollout = strict({
  enabled: flag,
  strategy: oneOf('canary', 'blueGreen'),
  canary: strict({ maxSurge: countOrShare, maxUnavailable: countOrShare, steps: objects }),
  blueGreen: strict({
    autoPromotionEnabled: flag,
    scaleDownDelaySeconds: atLeast(0),
    smokePath: { type: 'string', pattern: '^/' },
  }),
  analysis: strict({
    prometheusAddress: text,
    startingStep: atLeast(0),
    metrics: {
      type: 'array',
      items: strict(
        {
          name,
          initialDelay: duration,
          interval: duration,
          count: atLeast(1),
          failureLimit: atLeast(0),
          inconclusiveLimit: atLeast(0),
          consecutiveErrorLimit: atLeast(0),
          successCondition: text,
          failureCondition: text,
          query: text,
        },
        ['name', 'query', 'successCondition'],
      ),
    },
  }),
});

const probe = strict({
  initialDelaySeconds: atLeast(0),
  periodSeconds: atLeast(1),
  failureThreshold: atLeast(1),
  timeoutSeconds: atLeast(1),
});

/** Every value that a service may have: those of the library and of each chart that uses it. */
const serviceProperties: Record<string, Schema> = {
  image,
  args: texts,
  replicas: atLeast(0),
  resources,
  config,
  secretEnv: mapOf(
    ENVIRONMENT_NAME,
    strict({ secret: name, key: text, optional: flag }, ['secret', 'key']),
  ),
  nats,
  postgres,
  externalSecret: strict({
    enabled: flag,
    name: nameOrNone,
    refreshInterval: duration,
    storeRef: strict({ kind: oneOf('SecretStore', 'ClusterSecretStore'), name: text }),
    data: {
      type: 'object',
      additionalProperties: strict({ key: text, property: text }, ['key']),
    },
  }),
  ports: mapOf('^[a-z0-9][a-z0-9-]{0,14}$', port),
  opsPort: port,
  service: strict({
    type: oneOf('ClusterIP', 'NodePort', 'LoadBalancer'),
    annotations: labels,
  }),
  ingress: strict({
    enabled: flag,
    className: text,
    annotations: labels,
    host: text,
    paths,
    tlsSecret: nameOrNone,
  }),
  httpRoute: strict({ enabled: flag, parentRefs: objects, hostnames: texts, paths }),
  migrations: strict({ enabled: flag, activeDeadlineSeconds: atLeast(1) }),
  topology: strict({
    enabled: flag,
    replicas: { type: 'integer', enum: [1, 3, 5] },
    activeDeadlineSeconds: atLeast(1),
  }),
  minReadySeconds: atLeast(0),
  progressDeadlineSeconds: atLeast(1),
  strategy: strict({
    type: oneOf('RollingUpdate', 'Recreate'),
    rollingUpdate: strict({ maxSurge: countOrShare, maxUnavailable: countOrShare }),
  }),
  rollout,
  autoscaling: strict({
    enabled: flag,
    engine: oneOf('hpa', 'keda'),
    minReplicas: atLeast(1),
    maxReplicas: atLeast(1),
    targetCpuPercent: { type: 'integer', minimum: 1, maximum: 100 },
    prometheus: strict({ serverAddress: text, query: text, threshold: text }),
  }),
  podDisruptionBudget: strict({ enabled: flag, maxUnavailable: countOrShare }),
  networkPolicy: strict({
    enabled: flag,
    from: { type: 'object', additionalProperties: networkRule },
    to: { type: 'object', additionalProperties: networkRule },
  }),
  podMonitor,
  persistence: strict({
    enabled: flag,
    path: { type: 'string', pattern: '^/' },
    size: memory,
    storageClass: text,
  }),
  archive: strict({
    enabled: flag,
    schedule: { type: 'string', pattern: '^[0-9*/,-]+( [0-9*/,-]+){4}$' },
    // A month is archived 31 days after it has ended, at the earliest.
    keepMonths: atLeast(2),
    path: { type: 'string', pattern: '^/' },
    existingClaim: nameOrNone,
    size: memory,
    storageClass: text,
    activeDeadlineSeconds: atLeast(1),
  }),
  probes: strict({ startup: probe, liveness: probe, readiness: probe }),
  preStopSleepSeconds: atLeast(0),
  terminationGracePeriodSeconds: atLeast(1),
  test: strict({ enabled: flag, args: texts, env: config }),
  podAnnotations: labels,
  podLabels: labels,
  nodeSelector: labels,
  tolerations: objects,
  affinity: anything,
  priorityClassName: text,
};

/** What may stand in `global`, where all charts of an installation read it. */
export const globalSchema = strict({ image, config, nats, postgres, podMonitor });

const HEAD = { $schema: 'http://json-schema.org/draft-07/schema#' };

/** Of the library itself, whose values are the defaults of all services. */
export const librarySchema = (): Schema => ({
  ...HEAD,
  title: 'Values that every service of Florin has',
  ...strict({ ...serviceProperties, global: globalSchema }),
});

/** Of a chart of one service; `enabled` is a condition of the umbrella. */
export const serviceSchema = (chart: string): Schema => ({
  ...HEAD,
  title: `Values of ${chart}`,
  ...strict({
    ...serviceProperties,
    enabled: flag,
    global: globalSchema,
    'florin-service': anything,
  }),
});

/** Of the umbrella: a chart checks its own part. */
export const umbrellaSchema = (charts: string[]): Schema => ({
  ...HEAD,
  title: 'Values of Florin as a whole',
  ...strict({
    global: globalSchema,
    ...Object.fromEntries(charts.map((chart) => [chart, anything])),
  }),
});
