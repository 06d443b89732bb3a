import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
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
