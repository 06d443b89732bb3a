/** A program made from its Go module, once, into a cache outside the repository. */
export interface GoTool {
  name: string;
  module: string;
  version: string;
  /** The main package. */
  program: string;
  /** Lines that its own go.mod has and that do not count when it is only required. */
  replace?: string;
  /** What can't be checked without it. */
  for: string;
}

export const GO_TOOLS: GoTool[] = [
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
    version: 'v1.1.0',
    program: 'github.com/helm-unittest/helm-unittest/cmd/helm-unittest',
    replace:
      'github.com/vmware-labs/yaml-jsonpath v0.3.2 => ' +
      'github.com/helm-unittest/yaml-jsonpath v0.4.0',
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
];

/** Programs of one Debian package, unpacked without installing it. */
export const DEBIAN_TOOLS = [
  { name: 'promtool', package: 'prometheus', for: 'rules, alerts and queries' },
  { name: 'prometheus', package: 'prometheus', for: 'figures of a local run' },
];

/** Modules that carry the schemas of what the charts write. */
export const SCHEMA_MODULES = [
  { module: 'k8s.io/kubernetes', version: 'v1.34.2', swagger: 'api/openapi-spec/swagger.json' },
  { module: 'github.com/argoproj/argo-rollouts', version: 'v1.8.3', crds: 'manifests/crds' },
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
