import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { queriesOf } from '../observability/dashboard.ts';
import { DASHBOARDS } from '../observability/dashboards.ts';
import { metricsIn, registeredIn, registeredName } from '../observability/metric-names.ts';
import { root } from '../run-command.ts';

const read = <T>(path: string): T => parse(readFileSync(join(root, path), 'utf8')) as T;

const values = read<Record<string, { enabled?: boolean }>>('charts/florin/values.yaml');
const { dependencies } = read<{ dependencies: { name: string }[] }>('charts/florin/Chart.yaml');
const { postgres, signing, images } = {
  postgres: read<{ services: string[] }>('charts/postgres/values.yaml').services,
  signing: read<{ signing: Record<string, string[]> }>('charts/dev-secrets/values.yaml').signing,
  images: readFileSync(join(root, '.github/workflows/release.yaml'), 'utf8'),
};

const services = readdirSync(join(root, 'services')).filter((name) =>
  existsSync(join(root, 'services', name, 'main.ts')),
);
/** Comes with the sets for development. */
const DEVELOPMENT = ['bank-simulator'];

describe('hunts a service that would not be installed, or one whose image nobody made', () => {
  test.each(services)('%s has a chart, an image, and its place in the umbrella', (service) => {
    expect(existsSync(join(root, 'charts', service, 'Chart.yaml'))).toBe(true);
    expect(dependencies.map(({ name }) => name)).toContain(service);
    expect(values[service]?.enabled).toBe(!DEVELOPMENT.includes(service));
    expect(images).toMatch(new RegExp(`^ +- ${service}$`, 'm'));
  });

  test.each(services)('%s shows what it does on a dashboard', (service) => {
    const drawn = DASHBOARDS.flatMap(queriesOf).flatMap(metricsIn).map(registeredName);
    const own = registeredIn([join(root, 'services', service)]);
    expect(drawn.some((metric) => own.has(metric))).toBe(true);
  });

  test.each(services.filter((name) => !DEVELOPMENT.includes(name)))(
    'somebody is told when %s can’t do its work',
    (service) => {
      const { groups } = read<{ groups: { rules: { alert?: string; expr: string }[] }[] }>(
        'charts/observability/rules/florin.yaml',
      );
      const rules = groups.flatMap((group) => group.rules);
      const alerted = rules.flatMap(({ expr }) => metricsIn(expr)).map(registeredName);
      const own = registeredIn([join(root, 'services', service)]);
      expect(alerted.some((metric) => own.has(metric))).toBe(true);
    },
  );

  test('nothing is installed that there is not', () => {
    const OTHERS = ['observability', 'dev-secrets'];
    for (const [name, { enabled }] of Object.entries(values)) {
      if (enabled === true && !OTHERS.includes(name)) expect(services).toContain(name);
    }
  });

  test.each(services)('%s has a database where it has migrations', (service) => {
    const chart = read<{ postgres?: { enabled?: boolean }; migrations?: { enabled?: boolean } }>(
      `charts/${service}/values.yaml`,
    );
    const migrates = existsSync(join(root, 'services', service, 'migrations'));
    expect(chart.postgres?.enabled ?? false).toBe(migrates);
    expect(chart.migrations?.enabled ?? false).toBe(migrates);
    expect(postgres.includes(service)).toBe(migrates);
  });

  test('whoever checks signatures has the keys of services that there are', () => {
    for (const whose of Object.values(signing).flat()) {
      expect([...services, 'auditor']).toContain(whose);
    }
  });
});
