import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A defect that a check must notice; `check` is its name. */
export interface BrokenCopy {
  check: string;
  defect: string;
  /** Enough to look at, where looking at all of them takes long. */
  chart?: string;
  change(folder: string): void;
}

function replace(file: string, search: string, by: string) {
  return (folder: string): void => {
    const path = join(folder, file);
    const text = readFileSync(path, 'utf8');
    if (!text.includes(search)) throw new Error(`${file} no longer holds ${search}`);
    writeFileSync(path, text.replaceAll(search, by));
  };
}

const LIBRARY = 'florin-service/templates';

/** One broken copy for each check, or several: a check that nothing fails checks nothing. */
export const BROKEN_COPIES: BrokenCopy[] = [
  {
    check: 'helm lint --strict',
    defect: 'a value that the schema forbids',
    change: replace('ledger/values.yaml', 'replicas: 2', 'replicas: two'),
  },
  {
    check: 'helm template of every set for every version',
    defect: 'a template that is not there',
    change: replace(`${LIBRARY}/_values.tpl`, '"podMonitor" "persist', '"podMonitors" "persist'),
  },
  {
    check: 'helm template of every set for every version',
    defect: 'a value that is misspelt in a set',
    change: replace('florin/values-production.yaml', 'maxReplicas: 12', 'maximumReplicas: 12'),
  },
  {
    check: 'helm-unittest',
    chart: 'ledger',
    defect: 'replicas in spite of an autoscaler',
    change: replace(`${LIBRARY}/_workload.tpl`, 'if not .Values.autoscaling.enabled', 'if true'),
  },
  {
    check: 'helm-unittest',
    chart: 'ledger',
    defect: 'a root that can be written',
    change: replace(`${LIBRARY}/_pod.tpl`, 'readOnlyRootFilesystem: true', ''),
  },
  {
    check: 'helm-unittest',
    chart: 'ledger',
    defect: 'a policy that is open in one direction',
    change: replace(`${LIBRARY}/_network.tpl`, '[Ingress, Egress]', '[Ingress]'),
  },
  {
    check: 'kubeconform -strict',
    defect: 'a field that Kubernetes has not got',
    change: replace(`${LIBRARY}/_pod.tpl`, 'enableServiceLinks:', 'serviceLinks:'),
  },
  {
    check: 'kubeconform -strict',
    defect: 'a field that Rollouts have not got',
    change: replace(`${LIBRARY}/_rollout.tpl`, 'startingStep:', 'firstStep:'),
  },
  {
    check: 'rules about every pod',
    defect: 'a capability that is kept',
    change: replace(`${LIBRARY}/_pod.tpl`, 'drop: [ALL]', 'drop: [NET_RAW]'),
  },
  {
    check: 'rules about every pod',
    defect: 'a job that no policy is about',
    change: replace(`${LIBRARY}/_jobs.tpl`, 'kind: NetworkPolicy', 'kind: NetworkPolicies'),
  },
  {
    check: 'services take their environment',
    defect: 'a key that a service does not get',
    change: replace('identity/values.yaml', 'BLIND_INDEX_KEY:', 'BLIND_KEY:'),
  },
  {
    check: 'services take their environment',
    defect: 'a ring without a key that is checked',
    change: replace(
      'dev-secrets/values.yaml',
      '[fraud, gateway, payments, ledger, identity]',
      '[fraud, gateway]',
    ),
  },
  {
    check: 'promtool check rules',
    defect: 'a rule that is no PromQL',
    change: replace('observability/rules/florin.yaml', 'sum(ledger_untold_events)', 'sum(ledger_'),
  },
  {
    check: 'promtool test rules',
    defect: 'an alert with another threshold',
    change: replace(
      'observability/rules/florin.yaml',
      'expr: sum(reviews_open) > 50',
      'expr: sum(reviews_open) > 80',
    ),
  },
  {
    check: 'queries of dashboards and releases',
    defect: 'a panel without its closing bracket',
    change: replace(
      'observability/dashboards/ledger.json',
      'max by (partition) (',
      'max by (partition) ((',
    ),
  },
  {
    check: 'queries of dashboards and releases',
    defect: 'a canary watched by a query that is none',
    change: replace(
      'fraud/values.yaml',
      '/ sum(rate(fraud_decisions_total',
      '/ sum((rate(fraud_decisions_total',
    ),
  },
  {
    check: 'one version for all charts',
    defect: 'a chart of another version',
    change: replace('ledger/Chart.yaml', 'appVersion: 0.1.0', 'appVersion: 0.2.0'),
  },
];
