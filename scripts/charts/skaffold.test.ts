import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { root } from '../run-command.ts';
import { serviceSchema, type Schema } from './values-schema.ts';

interface Release {
  name: string;
  chartPath?: string;
  remoteChart?: string;
  repo?: string;
  valuesFiles?: string[];
  setValues?: Record<string, unknown>;
  setValueTemplates?: Record<string, string>;
}

interface Patch {
  op: 'replace' | 'remove';
  path: string;
  value?: unknown;
}

interface Config {
  apiVersion: string;
  metadata: { name: string };
  build?: { artifacts: { image: string; docker: { buildArgs: { SERVICE: string } } }[] };
  deploy: { helm: { releases: Release[] } };
  portForward?: { resourceName: string }[];
  profiles: { name: string; patches?: Patch[] }[];
}

const text = readFileSync(join(root, 'skaffold.yaml'), 'utf8');
const configs = (): Config[] =>
  parseAllDocuments(text).map((document) => structuredClone(document.toJSON() as Config));

const [services, infrastructure] = configs() as [Config, Config];
const runnable = readdirSync(join(root, 'services')).filter((name) =>
  existsSync(join(root, 'services', name, 'main.ts')),
);

/** As skaffold applies them: one after the other, to what the one before left. */
function withProfile(config: Config, name: string): Config {
  const changed = structuredClone(config);
  for (const { op, path, value } of config.profiles.find((one) => one.name === name)?.patches ??
    []) {
    const keys = path.split('/').slice(1);
    const last = keys.pop() ?? '';
    let place = changed as unknown as Record<string, unknown>;
    for (const key of keys) place = place[key] as Record<string, unknown>;
    if (!(last in place)) throw new Error(`${name}: there is no ${path}`);
    if (op === 'replace') place[last] = value;
    else if (Array.isArray(place)) place.splice(Number(last), 1);
    else delete place[last];
  }
  return changed;
}

const releasesOf = (config: Config): Release[] => config.deploy.helm.releases;

/** Whether the chart's schema knows a value by this path. */
function isValue(schema: Schema, path: string[]): boolean {
  const [key = '', ...rest] = path;
  if (key === '') return true;
  const properties = schema['properties'] as Record<string, Schema> | undefined;
  const patterns = Object.entries((schema['patternProperties'] ?? {}) as Record<string, Schema>);
  const next =
    properties?.[key] ?? patterns.find(([pattern]) => new RegExp(pattern).test(key))?.[1];
  if (next !== undefined) return isValue(next, rest);
  const others = schema['additionalProperties'];
  return typeof others === 'object' && isValue(others as Schema, rest);
}

describe('skaffold brings up everything that there is', () => {
  test.each(runnable)('%s is built and released', (service) => {
    const artifact = services.build?.artifacts.find(({ image }) => image === service);
    expect(artifact?.docker.buildArgs).toEqual({ SERVICE: service });
    const release = releasesOf(services).find(({ name }) => name === service);
    expect(release?.chartPath).toBe(`charts/${service}`);
    const variable = service.replaceAll('-', '_');
    expect(release?.setValueTemplates?.['image.tag']).toBe(`{{.IMAGE_TAG_${variable}}}`);
  });

  test('and names no service, chart or file that there is not', () => {
    for (const { image } of services.build?.artifacts ?? []) expect(runnable).toContain(image);
    for (const { chartPath, remoteChart, valuesFiles = [] } of [
      ...releasesOf(services),
      ...releasesOf(infrastructure),
    ]) {
      expect(remoteChart ?? existsSync(join(root, chartPath ?? '', 'Chart.yaml'))).toBeTruthy();
      for (const file of valuesFiles) expect(existsSync(join(root, file)), file).toBe(true);
    }
  });

  test('and sets only values that its charts have', () => {
    for (const { name, chartPath, setValues = {}, setValueTemplates = {} } of releasesOf(
      services,
    )) {
      const paths = [...Object.keys(setValues), ...Object.keys(setValueTemplates)];
      for (const path of chartPath === undefined ? [] : paths) {
        expect(isValue(serviceSchema(name), path.split('.')), `${name}: ${path}`).toBe(true);
      }
    }
    expect(isValue(serviceSchema('any'), ['ingress', 'enbaled'])).toBe(false);
  });
});

describe('profiles change what they mean to', () => {
  test.each(['lite', 'ci'])('%s needs NATS, Postgres and a door, and no more', (profile) => {
    expect(releasesOf(withProfile(infrastructure, profile)).map(({ name }) => name)).toEqual([
      'traefik',
      'cloudnative-pg',
      'argo-rollouts',
      'nats',
      'postgres',
    ]);
  });

  test('lite has no canary, no dashboards, and forwards no port of Grafana', () => {
    const lite = withProfile(services, 'lite');
    const fraud = releasesOf(lite).find(({ name }) => name === 'fraud');
    expect(fraud?.setValues?.['rollout.enabled']).toBe(false);
    expect(releasesOf(lite).map(({ name }) => name)).not.toContain('observability');
    expect(lite.portForward?.map(({ resourceName }) => resourceName)).toEqual(['gateway', 'web']);
  });

  test('ci has neither, and forwards nothing', () => {
    const ci = withProfile(services, 'ci');
    const fraud = releasesOf(ci).find(({ name }) => name === 'fraud');
    expect(fraud?.setValues?.['rollout.enabled']).toBe(false);
    expect(ci.portForward).toBeUndefined();
  });
});
