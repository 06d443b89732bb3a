import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { registeredIn, registeredName } from '../observability/metric-names.ts';
import { root } from '../run-command.ts';
import { proseOf, readDocuments, type Document } from './read-documents.ts';

const documents = readDocuments().filter(({ path }) => !path.startsWith('docs/events/'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** All that some pattern finds in some documents and `isThere` does not know, by document. */
function missing(
  found: (document: Document) => string[],
  isThere: (name: string, document: Document) => boolean,
): string[] {
  return documents.flatMap((document) =>
    [...new Set(found(document))]
      .filter((name) => !isThere(name, document))
      .map((name) => `${document.path}: ${name}`),
  );
}

/** What stands in backquotes. */
const namedIn = (document: Document): string[] =>
  [...proseOf(document).matchAll(/`([^`\n]+)`/g)].map(([, name = '']) => name);

/** As GitHub makes them from headings. */
const anchorsOf = (text: string): Set<string> =>
  new Set(
    [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe('hunts documents that speak of what is not there', () => {
  test('links lead to files and headings', () => {
    const targets = (document: Document): string[] =>
      [...proseOf(document).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(
        ([, target = '']) => target,
      );
    const isThere = (target: string, { path, text }: Document): boolean => {
      const [file = '', anchor] = target.split('#');
      const full = file === '' ? path : normalize(join(dirname(path), file));
      if (!existsSync(join(root, full))) return false;
      if (anchor === undefined) return true;
      return anchorsOf(file === '' ? text : read(full)).has(anchor);
    };
    expect(missing(targets, isThere)).toEqual([]);
  });

  test('paths exist', () => {
    const paths = (document: Document): string[] =>
      namedIn(document).filter((name) =>
        /^(services|shared|charts|ml|load-tests|docs|scripts)\/[\w./-]+$/.test(name),
      );
    const isThere = (path: string): boolean => existsSync(join(root, path));
    expect(missing(paths, isThere)).toEqual([]);
  });

  test('npm scripts exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const runs = ({ text }: Document): string[] =>
      [...text.matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, script = '']) => script);
    expect(missing(runs, (script) => script in scripts)).toEqual([]);
  });

  test('operations are of the API', () => {
    const { paths } = JSON.parse(read('docs/openapi.json')) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const shape = (path: string): string => path.replaceAll(/\{[^}]*\}|…/g, '{}');
    const known = new Set(
      Object.entries(paths).flatMap(([path, methods]) =>
        Object.keys(methods).map((method) => `${method.toUpperCase()} ${shape(path)}`),
      ),
    );
    const operations = (document: Document): string[] =>
      namedIn(document).filter((name) => /^(GET|POST|PUT|PATCH|DELETE) \/(v1|oauth)\//.test(name));
    const isThere = (name: string): boolean => {
      const [method, path = ''] = name.split(/[ ?]/);
      return path.includes('*') || path.endsWith('…') || known.has(`${method} ${shape(path)}`);
    };
    expect(missing(operations, isThere)).toEqual([]);
  });

  test('metrics are written by somebody', () => {
    const { groups } = parse(read('charts/observability/rules/florin.yaml')) as {
      groups: { rules: { record?: string }[] }[];
    };
    const known = new Set([
      ...registeredIn([join(root, 'services'), join(root, 'shared')]),
      ...groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])),
    ]);
    const metrics = (document: Document): string[] =>
      namedIn(document)
        .map((name) => name.replace(/\{.*$/, ''))
        .filter((name) => /^[a-z]+(_[a-z]+)+_(total|seconds|bytes|units|state)$/.test(name));
    expect(missing(metrics, (name) => known.has(name) || known.has(registeredName(name)))).toEqual(
      [],
    );
  });

  test('alerts have rules, and every runbook is of an alert or says what it is of', () => {
    const rules = read('charts/observability/rules/florin.yaml');
    const links = [...rules.matchAll(/runbooks\/([\w-]+)\.md/g)].map(([, name = '']) => name);
    const runbooks = readdirSync(join(root, 'docs/runbooks'));
    const pages = runbooks.map((file) => file.replace(/\.md$/, ''));
    expect(links.filter((name) => !pages.includes(name))).toEqual([]);
  });

  test('settings and constants are names in the code', () => {
    const words = ['grep', '-hoEw', '[A-Z]+(_[A-Z0-9]+)+', '--', '*.ts', '*.mjs', 'Dockerfile'];
    const found = execFileSync('git', words, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
    const known = new Set(found.split('\n'));
    const settings = (document: Document): string[] =>
      namedIn(document).filter((name) => /^[A-Z]+(_[A-Z0-9]+)+$/.test(name));
    // Every setting of a service may come from a file instead.
    const isThere = (name: string): boolean =>
      known.has(name) || known.has(name.replace(/_FILE$/, ''));
    expect(missing(settings, isThere)).toEqual([]);
  });
});
