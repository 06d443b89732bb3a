import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { root } from '../run-command.ts';
import { librarySchema, type Schema } from './values-schema.ts';

interface Suite {
  set?: unknown;
  tests: { set?: unknown }[];
}

const folder = join(root, 'charts');

const suites = readdirSync(folder).flatMap((chart) => {
  const tests = join(folder, chart, 'tests');
  if (!existsSync(tests)) return [];
  const files = readdirSync(tests).filter((name) => name.endsWith('_test.yaml'));
  return files.map((name) => parse(readFileSync(join(tests, name), 'utf8')) as Suite);
});

/** "a.b" for every value, however deep; a map of names that people choose counts as one. */
function paths(schema: Schema, parents: string[] = []): string[] {
  const properties = (schema['properties'] ?? {}) as Record<string, Schema>;
  return Object.entries(properties).flatMap(([key, value]) => {
    const path = [...parents, key];
    return 'properties' in value ? paths(value, path) : [path.join('.')];
  });
}

function pathsSet(value: unknown, parents: string[] = []): string[] {
  const path = parents.join('.');
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path];
  const inner = Object.entries(value).flatMap(([key, one]) => pathsSet(one, [...parents, key]));
  return [path, ...inner];
}

test('hunts a value of services that no test has ever set', () => {
  const { global: _global, ...properties } = librarySchema()['properties'] as Record<
    string,
    Schema
  >;
  const known = paths({ properties });
  const set = new Set(
    suites.flatMap((suite) => [suite, ...suite.tests].flatMap((one) => pathsSet(one.set))),
  );
  expect(known.length).toBeGreaterThan(100);
  expect(known.filter((path) => !set.has(path))).toEqual([]);
});
