import { describe, expect, test } from 'vitest';
import { findPodBreaches, type Manifest } from './pod-rules.ts';

const container = {
  name: 'ledger',
  image: 'registry.example/ledger:1.2.3',
  resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
  securityContext: {
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: false,
    privileged: false,
    capabilities: { drop: ['ALL'] },
  },
  startupProbe: {},
  livenessProbe: {},
  readinessProbe: {},
  env: [{ name: 'LOG_LEVEL', value: 'info' }],
  volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
};

const pod = {
  containers: [container],
  automountServiceAccountToken: false,
  serviceAccountName: 'ledger',
  securityContext: {
    runAsUser: 65_532,
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

const policy: Manifest = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'ledger' },
};

const deployment = (spec: object = {}, replicas = 1): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ledger' },
  spec: { replicas, template: { spec: { ...pod, ...spec } } },
});

const withContainer = (changes: object): Manifest =>
  deployment({ containers: [{ ...container, ...changes }] });

const security = (changes: object) => ({
  securityContext: { ...container.securityContext, ...changes },
});

describe('the rules about pods find each breach, and none where there is none', () => {
  test('a pod that keeps them all is left alone', () => {
    expect(findPodBreaches([deployment(), policy])).toEqual([]);
  });

  test.each([
    ['root', deployment({ securityContext: { ...pod.securityContext, runAsUser: 0 } })],
    ['no seccomp', deployment({ securityContext: { runAsUser: 1, runAsNonRoot: true } })],
    ['a token', deployment({ automountServiceAccountToken: true })],
    ['a token by default', deployment({ automountServiceAccountToken: undefined })],
    ['the default account', deployment({ serviceAccountName: undefined })],
    ['the network of the host', deployment({ hostNetwork: true })],
    ['a folder of the host', deployment({ volumes: [{ name: 'x', hostPath: { path: '/' } }] })],
    ['an init container', deployment({ initContainers: [container] })],
    ['a root that can be written', withContainer(security({ readOnlyRootFilesystem: false }))],
    ['more privileges', withContainer(security({ allowPrivilegeEscalation: true }))],
    ['all privileges', withContainer(security({ privileged: true }))],
    ['a capability', withContainer(security({ capabilities: { drop: [] } }))],
    ['no limit', withContainer({ resources: { requests: container.resources.requests } })],
    ['no /tmp', withContainer({ volumeMounts: [] })],
    ['the newest image', withContainer({ image: 'registry.example/ledger:latest' })],
    ['an image without a tag', withContainer({ image: 'registry.example:5000/ledger' })],
    ['a password', withContainer({ env: [{ name: 'POSTGRES_PASSWORD', value: 'hush' }] })],
    ['no probe', withContainer({ readinessProbe: undefined })],
  ])('finds %s', (_what, manifest) => {
    expect(findPodBreaches([manifest, policy])).toHaveLength(1);
  });

  test('looks into the pods of jobs and tests, too', () => {
    const naked = { containers: [{ name: 'job' }] };
    const job: Manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'ledger' },
      spec: { template: { spec: naked } },
    };
    const alone: Manifest = { ...job, kind: 'Pod', spec: naked };
    const spec = { jobTemplate: { spec: { template: { spec: naked } } } };
    const nightly: Manifest = { ...job, kind: 'CronJob', spec };
    expect(findPodBreaches([job, policy]).length).toBeGreaterThan(5);
    expect(findPodBreaches([alone]).length).toBeGreaterThan(5);
    expect(findPodBreaches([nightly, policy])).toHaveLength(findPodBreaches([job, policy]).length);
    expect(findPodBreaches([nightly])).toContain('CronJob ledger: no NetworkPolicy is about it');
  });

  test('finds what looks only like a breach beside others', () => {
    const scaler: Manifest = { ...policy, kind: 'ScaledObject' };
    expect(findPodBreaches([deployment()])).toEqual([
      'Deployment ledger: no NetworkPolicy is about it',
    ]);
    expect(findPodBreaches([deployment(), policy, scaler])).toEqual([
      'Deployment ledger: it has replicas and is scaled',
    ]);
    expect(findPodBreaches([deployment({}, 2), policy])).toEqual([
      'Deployment ledger: it has no disruption budget',
    ]);
  });
});
