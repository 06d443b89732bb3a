/** A program made from its Go module, once, into a cache outside the repository. */
export interface GoTool {
  name: string;
  module: string;
  version: string;
  /** The main package. */
  program: string;
  /** Lines that its own go.mod has and that do not count when it is only required. */
  replace?: string[];
  /** Versions that must not be older than these. */
  require?: string[];
  /** What can't be checked without it. */
  for: string;
}

const KUBERNETES = 'v1.34.2';
const ROLLOUTS = 'v1.9.0';

/** Modules that live in the repository of Kubernetes, and have a version there only. */
const STAGING = [
  'api apiextensions-apiserver apimachinery apiserver cli-runtime client-go cloud-provider',
  'cluster-bootstrap code-generator component-base component-helpers controller-manager cri-api',
  'cri-client csi-translation-lib dynamic-resource-allocation endpointslice externaljwt kms',
  'kube-aggregator kube-controller-manager kube-proxy kube-scheduler kubectl kubelet metrics',
  'mount-utils pod-security-admission sample-apiserver sample-cli-plugin sample-controller',
]
  .flatMap((line) => line.split(' '))
  .map((name) => `k8s.io/${name} => k8s.io/${name} ${KUBERNETES.replace('v1', 'v0')}`);

/** Parts of the control plane of a real cluster: each takes minutes to make, once. */
const kubernetesProgram = (name: string): GoTool => ({
  name,
  module: 'k8s.io/kubernetes',
  version: KUBERNETES,
  program: `k8s.io/kubernetes/cmd/${name}`,
  replace: STAGING,
  for: 'rehearsals of releases',
});

export const GO_TOOLS: GoTool[] = [
  kubernetesProgram('kube-apiserver'),
  kubernetesProgram('kube-controller-manager'),
  {
    name: 'rollouts-controller',
    module: 'github.com/argoproj/argo-rollouts',
    version: ROLLOUTS,
    program: 'github.com/argoproj/argo-rollouts/cmd/rollouts-controller',
    require: [`k8s.io/kubernetes ${KUBERNETES}`],
    replace: [
      ...STAGING,
      'github.com/go-check/check => github.com/go-check/check v0.0.0-20180628173108-788fd7840127',
      'github.com/go-telegram-bot-api/telegram-bot-api/v5 => ' +
        'github.com/OvyFlash/telegram-bot-api/v5 v5.0.0-20240108230938-63e5c59035bf',
      'k8s.io/legacy-cloud-providers => k8s.io/legacy-cloud-providers v0.30.14',
    ],
    for: 'rehearsals of releases',
  },
  {
    name: 'helm',
    module: 'helm.sh/helm/v4',
    version: 'v4.2.4',
    program: 'helm.sh/helm/v4/cmd/helm',
    for: 'lint, templates, everything that is rendered',
  },
  {
    name: 'helm-unittest',
    module: 'github.com/helm-unittest/helm-unittest',
    version: 'v1.1.2',
    program: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
    replace: [
      'github.com/vmware-labs/yaml-jsonpath v0.3.2 => ' +
        'github.com/helm-unittest/yaml-jsonpath v0.4.0',
    ],
    for: 'unit tests of the charts',
  },
  {
    name: 'kubeconform',
    module: 'github.com/yannh/kubeconform',
    version: 'v0.7.0',
    program: 'github.com/yannh/kubeconform/cmd/kubeconform',
    for: 'schemas of Kubernetes and of its extensions',
  },
  {
    name: 'kube-linter',
    module: 'golang.stackrox.io/kube-linter',
    version: 'v0.8.3',
    program: 'golang.stackrox.io/kube-linter/cmd/kube-linter',
    for: 'a second opinion on the pods',
  },
  {
    name: 'k6',
    module: 'go.k6.io/k6/v2',
    version: 'v2.2.0',
    program: 'go.k6.io/k6/v2',
    for: 'load tests',
  },
  {
    name: 'toxiproxy-server',
    module: 'github.com/Shopify/toxiproxy/v2',
    version: 'v2.12.0',
    program: 'github.com/Shopify/toxiproxy/v2/cmd/server',
    for: 'slow and cut connections',
  },
  {
    name: 'stripe-mock',
    module: 'github.com/stripe/stripe-mock',
    version: 'v0.203.0',
    program: 'github.com/stripe/stripe-mock',
    for: 'requests to Stripe',
  },
  {
    name: 'actionlint',
    module: 'github.com/rhysd/actionlint',
    version: 'v1.7.8',
    program: 'github.com/rhysd/actionlint/cmd/actionlint',
    for: 'workflows of GitHub',
  },
];

export interface DebianTool {
  name: string;
  package: string;
  /** Where the package has it, default usr/bin. */
  folder?: string;
  for: string;
}

/** Programs of one Debian package, unpacked without installing it. */
export const DEBIAN_TOOLS: readonly DebianTool[] = [
  { name: 'promtool', package: 'prometheus', for: 'rules, alerts and queries' },
  { name: 'prometheus', package: 'prometheus', for: 'figures of a local run' },
  { name: 'etcd', package: 'etcd-server', for: 'rehearsals of releases' },
  {
    name: 'libfaketime.so.1',
    package: 'libfaketime',
    folder: 'usr/lib/x86_64-linux-gnu/faketime',
    for: 'rehearsals of clocks that jump',
  },
];

/** Modules that carry the schemas of what the charts write. */
export const SCHEMA_MODULES = [
  { module: 'k8s.io/kubernetes', version: KUBERNETES, swagger: 'api/openapi-spec/swagger.json' },
  { module: 'github.com/argoproj/argo-rollouts', version: ROLLOUTS, crds: 'manifests/crds' },
  { module: 'sigs.k8s.io/gateway-api', version: 'v1.4.1', crds: 'config/crd/standard' },
  { module: 'github.com/kedacore/keda/v2', version: 'v2.20.2', crds: 'config/crd/bases' },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    crds: 'example/prometheus-operator-crd',
  },
  {
    module: 'github.com/external-secrets/external-secrets',
    version: 'v1.3.2',
    crds: 'config/crds/bases',
  },
  {
    module: 'github.com/cloudnative-pg/cloudnative-pg',
    version: 'v1.28.0',
    crds: 'config/crd/bases',
  },
];
