import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { fetchModule, toolCache } from './install-tools.ts';
import { SCHEMA_MODULES } from './tool-table.ts';
import type { Schema } from './values-schema.ts';

interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

interface Swagger {
  definitions: Record<string, Schema & { [GVK]?: GroupVersionKind[] }>;
}

interface Crd {
  kind?: string;
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; schema?: { openAPIV3Schema: Schema } }[];
  };
}

const GVK = 'x-kubernetes-group-version-kind';

/** As kubeconform names the file of a kind: deployment-apps-v1.json, pod-v1.json. */
export function schemaFile({ group, version, kind }: GroupVersionKind): string {
  const [first = ''] = group.split('.');
  return `${[kind, first, version].filter(Boolean).join('-').toLowerCase()}.json`;
}

export const FILE_TEMPLATE = '{{ .ResourceKind }}{{ .KindSuffix }}.json';

const isObject = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Forbids fields that are not named: the API server would drop them, and nobody would know. */
export function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  if (schema['format'] === 'int-or-string' || schema['x-kubernetes-int-or-string'] === true) {
    return { anyOf: [{ type: 'integer' }, { type: 'string' }] };
  }
  const { 'x-kubernetes-validations': _rules, ...kept } = schema;
  const result = Object.fromEntries(Object.entries(kept).map(([key, part]) => [key, closed(part)]));
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true;
  const listed = isObject(schema['properties']) && !('additionalProperties' in schema);
  return listed && !open ? { ...result, additionalProperties: false } : result;
}

/** The names that a schema refers to, directly or through others. */
function reachable(
  name: string,
  all: Swagger['definitions'],
  seen = new Set<string>(),
): Set<string> {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = JSON.stringify(all[name] ?? {});
  for (const [, next = ''] of text.matchAll(/"#\/definitions\/([^"]+)"/g))
    reachable(next, all, seen);
  return seen;
}

function* schemasOfSwagger({ definitions }: Swagger): Generator<[string, unknown]> {
  for (const [name, definition] of Object.entries(definitions)) {
    const [kind, ...others] = definition[GVK] ?? [];
    if (!kind || others.length > 0) continue;
    const used = [...reachable(name, definitions)].map((one) => [one, closed(definitions[one])]);
    yield [
      schemaFile(kind),
      { $ref: `#/definitions/${name}`, definitions: Object.fromEntries(used) as Schema },
    ];
  }
}

function* schemasOfCrds(folder: string): Generator<[string, unknown]> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  for (const file of files) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const crd = document.toJSON() as Crd | null;
      if (crd?.kind !== 'CustomResourceDefinition') continue;
      yield* schemasOfCrd(crd);
    }
  }
}

function* schemasOfCrd({ spec }: Crd): Generator<[string, unknown]> {
  for (const { name: version, schema } of spec.versions) {
    if (!schema) continue;
    const file = schemaFile({ group: spec.group, version, kind: spec.names.kind });
    const body = closed(schema.openAPIV3Schema) as { properties?: Schema };
    // CRDs leave metadata to the API server.
    const properties = { ...body.properties, metadata: { type: 'object' } };
    yield [file, { ...body, properties }];
  }
}

function writeModule(one: (typeof SCHEMA_MODULES)[number], target: string): string | undefined {
  const fetched = fetchModule(one.module, one.version);
  if ('missing' in fetched) return `${one.module}: ${fetched.missing}`;
  const schemas =
    one.swagger === undefined
      ? schemasOfCrds(join(fetched.dir, one.crds ?? ''))
      : schemasOfSwagger(
          JSON.parse(readFileSync(join(fetched.dir, one.swagger), 'utf8')) as Swagger,
        );
  for (const [name, schema] of schemas) writeFileSync(join(target, name), JSON.stringify(schema));
  return undefined;
}

/**
 * A folder with the schema of every kind that the charts may write, made once from the modules that
 * define them, or why there is none.
 */
export function kubernetesSchemas(): { folder: string } | { missing: string } {
  const versions = SCHEMA_MODULES.map(({ version }) => version).join('_');
  const folder = join(toolCache(), `schemas-${versions}`);
  if (existsSync(folder)) return { folder };
  console.log('making schemas of Kubernetes (once)');
  const unfinished = `${folder}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  for (const one of SCHEMA_MODULES) {
    const why = writeModule(one, unfinished);
    if (why !== undefined) return { missing: why };
  }
  renameSync(unfinished, folder);
  return { folder };
}
