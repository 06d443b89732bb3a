import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { LIBRARY, UMBRELLA, type ChartTree } from './chart-tree.ts';
import { findTool } from './install-tools.ts';
import { FILE_TEMPLATE, kubernetesSchemas } from './kubernetes-schemas.ts';
import { findPodBreaches, type Manifest } from './pod-rules.ts';
import { root } from '../run-command.ts';
import { environmentProblems } from './service-environment.ts';

/** Passed and failed are counted by tests where a check consists of some. */
export type CheckResult =
  | { passed: number; problems: string[] }
  /** The tool is not to be had here. */
  | { missing: string };

export interface ChartCheck {
  name: string;
  run(tree: ChartTree): CheckResult;
}

interface Ran {
  status: number | null;
  text: string;
  stdout: string;
}

function run(command: string, args: string[], input?: string): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...(input === undefined ? {} : { input }),
  });
  return { status, stdout, text: `${stdout}${stderr}` };
}

const missing = (tool: string, why: string): CheckResult => ({ missing: `${tool}: ${why}` });

/** The oldest version that the charts allow, those in between, and one to come. */
const KUBERNETES = ['1.29.0', '1.31.0', '1.34.0', '1.36.0'];
const EXTENSIONS = ['monitoring.coreos.com/v1', 'argoproj.io/v1alpha1', 'keda.sh/v1alpha1'];

/** How the umbrella is installed: its sets of values, and switches that no set turns. */
const INSTALLATIONS: { name: string; args: string[] }[] = [
  { name: 'defaults', args: [] },
  ...['minikube', 'lite', 'production'].map((name) => ({
    name,
    args: ['-f', `values-${name}.yaml`],
  })),
  {
    name: 'Gateway API',
    args: [
      '--set=gateway.httpRoute.enabled=true',
      '--set=gateway.httpRoute.parentRefs[0].name=public',
    ],
  },
];

/** Charts that the umbrella does not hold, because they come before it. */
const ALONE: { chart: string; args: string[] }[] = [
  { chart: 'postgres', args: [] },
  {
    chart: 'postgres',
    args: [
      '--set=instances=3,synchronousReplicas=1,storage.walSize=2Gi,podMonitor=always',
      '--set=backup.enabled=true,backup.destinationPath=s3://b,backup.credentialsSecret=s',
    ],
  },
];

interface Rendering {
  name: string;
  status: number | null;
  text: string;
}

function template(helm: string, { folder }: ChartTree, chart: string, args: string[]): Rendering {
  const home = join(folder, chart);
  const full = args.map((arg) => (arg.startsWith('values-') ? join(home, arg) : arg));
  const { status, stdout, text } = run(helm, ['template', chart, home, ...full]);
  return { name: `${chart} ${args.join(' ')}`, status, text: status === 0 ? stdout : text };
}

const extensions = EXTENSIONS.flatMap((api) => ['--api-versions', api]);

function renderings(helm: string, tree: ChartTree, versions = KUBERNETES): Rendering[] {
  return versions.flatMap((version) => {
    const args = ['--kube-version', version, ...extensions];
    return [
      ...INSTALLATIONS.map((one) => template(helm, tree, UMBRELLA, [...one.args, ...args])),
      ...ALONE.map((one) => template(helm, tree, one.chart, [...one.args, ...args])),
    ];
  });
}

function withHelm(check: (helm: string) => CheckResult): CheckResult {
  const helm = findTool('helm');
  return 'path' in helm ? check(helm.path) : missing('helm', helm.missing);
}

const summed = (results: { name: string; problems: string[] }[]): CheckResult => ({
  passed: results.filter(({ problems }) => problems.length === 0).length,
  problems: results.flatMap(({ name, problems }) => problems.map((line) => `${name}: ${line}`)),
});

const lint: ChartCheck = {
  name: 'helm lint --strict',
  run: (tree) =>
    withHelm((helm) =>
      summed(
        [LIBRARY, ...tree.charts].map((name) => {
          const { status, text } = run(helm, ['lint', '--strict', join(tree.folder, name)]);
          return { name, problems: status === 0 ? [] : [text] };
        }),
      ),
    ),
};

const templates: ChartCheck = {
  name: 'helm template of every set for every version',
  run: (tree) =>
    withHelm((helm) =>
      summed(
        renderings(helm, tree).map(({ name, status, text }) => ({
          name,
          problems: status === 0 ? [] : [text],
        })),
      ),
    ),
};

const COUNTS = /Tests:\s+(?:(\d+) failed, )?(?:\d+ errored, )?(\d+) passed/;

/** Suites of the library run against every chart that is made from it. */
const unitTests: ChartCheck = {
  name: 'helm-unittest',
  run(tree) {
    const tool = findTool('helm-unittest');
    if (!('path' in tool)) return missing(tool.name, tool.missing);
    const problems: string[] = [];
    let passed = 0;
    for (const chart of tree.charts) {
      const suites = tree.services.includes(chart) ? [`../${LIBRARY}/tests/*_test.yaml`] : [];
      if (existsSync(join(tree.folder, chart, 'tests'))) suites.push('tests/*_test.yaml');
      const args = [...suites.flatMap((glob) => ['-f', glob]), join(tree.folder, chart)];
      const { status, text } = run(tool.path, args);
      passed += Number(COUNTS.exec(text)?.[2] ?? 0);
      if (status !== 0) problems.push(`${chart}: ${text}`);
    }
    return { passed, problems };
  },
};

/** Kinds whose schema no module that can be had carries. */
const UNKNOWN = ['ObjectStore'];

const schemas: ChartCheck = {
  name: 'kubeconform -strict',
  run: (tree) =>
    withHelm((helm) => {
      const tool = findTool('kubeconform');
      if (!('path' in tool)) return missing(tool.name, tool.missing);
      const known = kubernetesSchemas();
      if ('missing' in known) return missing('schemas of Kubernetes', known.missing);
      const location = join(known.folder, FILE_TEMPLATE);
      const args = [
        '-strict',
        '-summary',
        '-skip',
        UNKNOWN.join(','),
        '-schema-location',
        location,
      ];
      return summed(
        renderings(helm, tree, ['1.34.0']).map(({ name, text }) => {
          const { status, text: said } = run(tool.path, args, text);
          return { name, problems: status === 0 ? [] : [said] };
        }),
      );
    }),
};

const parseManifests = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJSON() as Manifest | null)
    .filter((manifest) => manifest !== null);

const pods: ChartCheck = {
  name: 'rules about every pod',
  run: (tree) =>
    withHelm((helm) =>
      summed(
        renderings(helm, tree, ['1.34.0']).map(({ name, text }) => ({
          name,
          problems: findPodBreaches(parseManifests(text)),
        })),
      ),
    ),
};

const kubeLinter: ChartCheck = {
  name: 'kube-linter',
  run: (tree) =>
    withHelm((helm) => {
      const tool = findTool('kube-linter');
      if (!('path' in tool)) return missing(tool.name, tool.missing);
      return summed(
        renderings(helm, tree, ['1.34.0']).map(({ name, text }) => {
          const { status, text: said } = run(tool.path, ['lint', '-'], text);
          return { name, problems: status === 0 ? [] : [said] };
        }),
      );
    }),
};

/** What builds, releases and deploys the charts. */
const workflows: ChartCheck = {
  name: 'actionlint',
  run() {
    const tool = findTool('actionlint');
    if (!('path' in tool)) return missing(tool.name, tool.missing);
    const folder = join(root, '.github/workflows');
    return summed(
      readdirSync(folder).map((name) => {
        const { status, text } = run(tool.path, ['-no-color', join(folder, name)]);
        return { name, problems: status === 0 ? [] : [text] };
      }),
    );
  },
};

const valuesOf = (tree: ChartTree, chart: string): string =>
  readFileSync(join(tree.folder, chart, 'values.yaml'), 'utf8');

function withPromtool(check: (promtool: string) => CheckResult): CheckResult {
  const tool = findTool('promtool');
  return 'path' in tool ? check(tool.path) : missing(tool.name, tool.missing);
}

const rulesIn = ({ folder }: ChartTree): string => join(folder, 'observability/rules/florin.yaml');

const rules: ChartCheck = {
  name: 'promtool check rules',
  run: (tree) =>
    withPromtool((promtool) => {
      const { status, text } = run(promtool, ['check', 'rules', '--lint=all', rulesIn(tree)]);
      const found = Number(/SUCCESS: (\d+) rules/.exec(text)?.[1] ?? 0);
      return { passed: found, problems: status === 0 ? [] : [text] };
    }),
};

/** Cases are counted as their names are: promtool says only how each file ended. */
const alertTests: ChartCheck = {
  name: 'promtool test rules',
  run: (tree) =>
    withPromtool((promtool) => {
      const folder = join(tree.folder, 'observability/rule-tests');
      const results = readdirSync(folder).map((name) => {
        const cases = readFileSync(join(folder, name), 'utf8').match(/^ {2}- name:/gm)?.length ?? 0;
        const { status, text } = run(promtool, ['test', 'rules', join(folder, name)]);
        return status === 0 ? { passed: cases, problems: [] } : { passed: 0, problems: [text] };
      });
      return {
        passed: results.reduce((sum, { passed }) => sum + passed, 0),
        problems: results.flatMap(({ problems }) => problems),
      };
    }),
};

interface DashboardFile {
  panels: { title: string; targets?: { expr: string }[] }[];
}

/** What a person or Argo Rollouts would have put there. */
const filledIn = (query: string): string =>
  query
    .replaceAll('$__rate_interval', '5m')
    .replaceAll(/\{\{args\.[a-z-]+\}\}/g, 'a1b2c3')
    .replaceAll(/\$[a-z]+/g, '.*');

interface Analysed {
  rollout?: { analysis?: { metrics?: { query: string }[] } };
}

function queriesIn(tree: ChartTree): string[] {
  const folder = join(tree.folder, 'observability/dashboards');
  const drawn = readdirSync(folder).flatMap((name) => {
    const { panels } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as DashboardFile;
    return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  });
  const analysed = tree.services.flatMap((chart) => {
    const { rollout } = parse(valuesOf(tree, chart)) as Analysed;
    return rollout?.analysis?.metrics?.map(({ query }) => query) ?? [];
  });
  return [...drawn, ...analysed].map(filledIn);
}

/** As rules, which promtool can read from a file. */
const queries: ChartCheck = {
  name: 'queries of dashboards and releases',
  run: (tree) =>
    withPromtool((promtool) => {
      const all = queriesIn(tree);
      const asRules = all.map((expr, index) => ({ record: `query_${index}`, expr }));
      const file = join(tree.folder, 'queries.yaml');
      writeFileSync(file, stringify({ groups: [{ name: 'queries', rules: asRules }] }));
      const { status, text } = run(promtool, ['check', 'rules', file]);
      return { passed: status === 0 ? all.length : 0, problems: status === 0 ? [] : [text] };
    }),
};

function* imagesOf(manifest: Manifest): Generator<string> {
  for (const { image } of manifest.spec?.template?.spec?.containers ?? []) if (image) yield image;
}

/** Old and new must be told apart: by their tag, which is the chart's own version unless given. */
const versions: ChartCheck = {
  name: 'one version for all charts',
  run: (tree) =>
    withHelm((helm) => {
      const { text } = template(helm, tree, UMBRELLA, []);
      const images = parseManifests(text).flatMap((manifest) => [...imagesOf(manifest)]);
      const tags = new Set(images.map((image) => image.split(':').at(-1)));
      const problems = tags.size === 1 ? [] : [`tags of images: ${[...tags].join(', ')}`];
      return { passed: problems.length === 0 ? 1 : 0, problems };
    }),
};

/** Sets that bring Secrets of their own, so that nothing is missing. */
const COMPLETE = ['minikube', 'lite'];

const environments: ChartCheck = {
  name: 'services take their environment',
  run: (tree) =>
    withHelm((helm) =>
      summed(
        COMPLETE.map((name) => {
          const { text } = template(helm, tree, UMBRELLA, ['-f', `values-${name}.yaml`]);
          return { name, problems: environmentProblems(parseManifests(text), tree.services) };
        }),
      ),
    ),
};

export const CHART_CHECKS: ChartCheck[] = [
  lint,
  templates,
  unitTests,
  schemas,
  pods,
  versions,
  environments,
  rules,
  alertTests,
  queries,
  kubeLinter,
  workflows,
];
