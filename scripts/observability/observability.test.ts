import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { collectProcessMetrics, createMetrics } from '@florin/runtime';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../run-command.ts';
import { grafanaJson, queriesOf } from './dashboard.ts';
import { DASHBOARDS } from './dashboards.ts';
import { metricsIn, registeredIn, registeredName } from './metric-names.ts';

interface Rule {
  record?: string;
  alert?: string;
  expr: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

const { groups } = parse(read('charts/observability/rules/florin.yaml')) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const alerts = rules.filter(({ alert }) => alert !== undefined);

/** What others than our services measure: the exporter of nats-server. */
const OF_OTHERS = /^(jetstream|gnatsd)_/;

/** What prom-client measures of every process. */
function processMetrics(): string[] {
  const metrics = createMetrics('any');
  collectProcessMetrics(metrics);
  return metrics.registry.getMetricsAsArray().map(({ name }) => name);
}

const known = new Set([
  ...registeredIn([join(root, 'services'), join(root, 'shared')]),
  ...processMetrics(),
  ...rules.flatMap(({ record }) => record ?? []),
]);

const isKnown = (metric: string): boolean =>
  known.has(metric) || known.has(registeredName(metric)) || OF_OTHERS.test(metric);

const unknownIn = (queries: string[]): string[] =>
  [...new Set(queries.flatMap(metricsIn))].filter((metric) => !isKnown(metric));

describe('no query reads a metric that nobody writes', () => {
  test('of the rules', () => {
    expect(unknownIn(rules.map(({ expr }) => expr))).toEqual([]);
  });

  test.each(DASHBOARDS.map((one) => [one.name, one] as const))('of the dashboard %s', (_, one) => {
    expect(unknownIn(queriesOf(one))).toEqual([]);
  });

  test.each(['gateway', 'fraud', 'ledger'])('of the chart of %s', (chart) => {
    const values = parse(read(`charts/${chart}/values.yaml`)) as {
      rollout?: { analysis?: { metrics: { query: string }[] } };
      autoscaling?: { prometheus?: { query: string } };
    };
    const analysed = values.rollout?.analysis?.metrics.map(({ query }) => query) ?? [];
    const scaled = values.autoscaling?.prometheus?.query;
    expect(unknownIn([...analysed, ...(scaled === undefined ? [] : [scaled])])).toEqual([]);
  });

  test('and one that reads such a metric is noticed', () => {
    expect(unknownIn(['sum(rate(no_such_metric_total{a="b"}[5m])) by (x)'])).toEqual([
      'no_such_metric_total',
    ]);
  });
});

describe('the names in a query are found, and nothing else', () => {
  test.each([
    ['sum by (le) (rate(a_bucket{b="c_d"}[5m]))', ['a_bucket']],
    ['a / on (x) group_left () b:c > 1.5 and on () vector(0)', ['a', 'b:c']],
    ['histogram_quantile(0.99, a) or b unless c', ['a', 'b', 'c']],
    ['a unless b_total offset 15m', ['a', 'b_total']],
  ])('%s', (query, names) => {
    expect(metricsIn(query)).toEqual(names);
  });
});

describe('every alert tells a person what to do', () => {
  test.each(alerts.map((rule) => [rule.alert ?? '', rule] as const))('%s', (alert, rule) => {
    const page = (rule.annotations?.['runbook_url'] ?? '').replace('RUNBOOKS/', '');
    const path = join(root, 'docs/runbooks', page);
    expect(existsSync(path)).toBe(true);
    const text = readFileSync(path, 'utf8');
    expect(text.startsWith(`# ${alert}\n`)).toBe(true);
    expect(text).toContain('\n## Look\n');
    expect(text).toContain('\n## Do\n');
    expect(read('docs/runbooks/README.md')).toContain(`[${alert}](${page})`);
    expect(rule.labels?.['severity']).toMatch(/^(page|ticket)$/);
  });

  test('and is tested to fire', () => {
    const folder = 'charts/observability/rule-tests';
    const files = readdirSync(join(root, folder)).map((name) => read(`${folder}/${name}`));
    for (const { alert = '' } of alerts) {
      const fires = new RegExp(`alertname: ${alert}\\n\\s+exp_alerts:\\n`);
      expect(
        files.some((tests) => fires.test(tests)),
        alert,
      ).toBe(true);
    }
  });
});

describe('no label names a person, a wallet or a payment', () => {
  const PERSONAL = /\b(wallet|user|owner|transaction|account|email)(_?id)?\b/i;

  test('in queries', () => {
    const queries = [...rules.map(({ expr }) => expr), ...DASHBOARDS.flatMap(queriesOf)];
    const grouped = queries.flatMap((query) =>
      [...query.matchAll(/\bby\s*\(([^)]*)\)/g)].flatMap(([, labels = '']) => labels.split(',')),
    );
    expect(grouped.filter((label) => PERSONAL.test(label.trim()))).toEqual([]);
  });
});

describe('dashboards are what Grafana expects', () => {
  test.each(DASHBOARDS.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { panels, uid } = grafanaJson(one) as {
      uid: string;
      panels: { id: number; gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    expect(uid.length).toBeLessThanOrEqual(40);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    // Side by side: no two lie upon each other, and none beyond the page.
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_cell, at) => `${x + (at % w)}:${y + Math.floor(at / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos }) => gridPos.x + gridPos.w <= 24)).toBe(true);
  });
});
