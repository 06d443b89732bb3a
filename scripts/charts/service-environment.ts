import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../run-command.ts';
import type { Manifest } from './pod-rules.ts';

type Environment = Record<string, string>;

interface EnvironmentEntry {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string; optional?: boolean } };
}

/** What the kubelet would put there: `$(NAME)` is a variable that was named before. */
const expand = (text: string, known: Environment): string =>
  text.replaceAll(/\$\(([A-Z_]+)\)/g, (whole, name: string) => known[name] ?? whole);

const decoded = (text: string): string => Buffer.from(text, 'base64').toString();

/** Secrets of one set of values; passwords of database roles are made by another chart. */
function secretsIn(manifests: Manifest[]): Map<string, Environment> {
  const secrets = manifests.filter(({ kind }) => kind === 'Secret');
  return new Map(
    secrets.map(({ metadata, data = {} }) => [
      metadata.name,
      Object.fromEntries(Object.entries(data).map(([key, text]) => [key, decoded(text)])),
    ]),
  );
}

/** The environment that a service gets, or which Secret it waits for in vain. */
export function environmentIn(manifests: Manifest[], service: string): Environment | string {
  const secrets = secretsIn(manifests);
  const isOf = ({ kind, metadata }: Manifest, kinds: string[]): boolean =>
    kinds.includes(kind) && metadata.name === service;
  const workload = manifests.find((one) => isOf(one, ['Deployment', 'Rollout']));
  const config = manifests.find((one) => isOf(one, ['ConfigMap']));
  const environment: Environment = { ...config?.data };
  const [container] = workload?.spec?.template?.spec?.containers ?? [];
  for (const { name, value, valueFrom } of (container?.env ?? []) as EnvironmentEntry[]) {
    if (value !== undefined) environment[name] = expand(value, environment);
    if (valueFrom === undefined) continue;
    const { name: secret, key, optional } = valueFrom.secretKeyRef;
    const found = secret.startsWith('postgres-') ? 'word' : secrets.get(secret)?.[key];
    if (found !== undefined) environment[name] = found;
    else if (optional !== true) return `${name}: no Secret ${secret} with the key ${key}`;
  }
  return environment;
}

/** Reads the configuration as the service does, in a process with no other environment. */
const READ = `
const module = await import(process.argv[1]);
const [, read] = Object.entries(module).find(([name]) => /^(read\\w*Config|config)$/.test(name));
try { read(); } catch (error) { console.error(error.message); process.exit(1); }
`;

/** Everything that keeps services from starting with the environment that the charts give them. */
export function environmentProblems(manifests: Manifest[], services: string[]): string[] {
  return services.flatMap((service) => {
    const path = join(root, 'services', service, 'config.ts');
    if (!existsSync(path)) return [];
    const env = environmentIn(manifests, service);
    if (typeof env === 'string') return [`${service}: ${env}`];
    const args = ['--input-type=module', '-e', READ, pathToFileURL(path).href];
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return status === 0 ? [] : [`${service}: ${stderr}`];
  });
}
