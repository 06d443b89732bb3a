import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadNatsServer, PINNED_RELEASE } from './nats-release.ts';

export interface NatsBinary {
  path: string;
  /** As the server itself says it, e.g. "2.14.5". */
  version: string;
  /** Where it was found, for the progress line. */
  how: string;
}

type Environment = Record<string, string | undefined>;
type Progress = (line: string) => void;

interface Finder {
  how: string;
  find(env: Environment, progress: Progress): Promise<string | undefined> | string | undefined;
}

const cache = fileURLToPath(new URL('../../node_modules/.cache/florin/', import.meta.url));
const cached = join(cache, 'nats-server');
const { version: pinned } = PINNED_RELEASE;

/** In this order; the first whose server runs wins. Debian 12 brings 2.9.10, the oldest we know. */
const FINDERS: Finder[] = [
  { how: 'PATH', find: onPath },
  { how: 'cache', find: () => existing(cached) },
  { how: 'download', find: download },
  { how: 'go install', find: goInstall },
  { how: 'apt-get', find: aptInstall },
];

/** Finds a nats-server, or gets one. FLORIN_NATS_SERVER, the path of a binary, overrides all. */
export async function findNatsServer(
  env: Environment = process.env,
  progress: Progress = () => undefined,
): Promise<NatsBinary> {
  const given = env['FLORIN_NATS_SERVER'];
  const finders = given ? [{ how: 'FLORIN_NATS_SERVER', find: () => given }] : FINDERS;
  for (const { how, find } of finders) {
    const path = await find(env, progress);
    const version = path && versionOf(path);
    if (path && version) return { path, version, how };
  }
  throw new Error(
    `no nats-server found (${finders.map((finder) => finder.how).join(', ')}): install one from ` +
      'https://nats.io/download, or set FLORIN_NATS_SERVER to its path or NATS_URL to a server',
  );
}

const existing = (path: string): string | undefined => (existsSync(path) ? path : undefined);

/** Asks the binary itself: a name that is found but does not run is worth nothing. */
function versionOf(path: string): string | undefined {
  const asked = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  return /v(\d+\.\d+\.\d+)/.exec(asked.stdout ?? '')?.[1];
}

function onPath(env: Environment): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, 'nats-server')).find((path) => existsSync(path));
}

async function download(_env: Environment, progress: Progress): Promise<string | undefined> {
  progress(`downloading nats-server ${pinned} (once)`);
  return downloadNatsServer(cached);
}

/** The sources are verified by Go's checksum database, as the archive is by our checksum. */
function goInstall(env: Environment, progress: Progress): string | undefined {
  if (spawnSync('go', ['version'], { env }).status !== 0) return undefined;
  progress(`building nats-server ${pinned} (go install, once, about a minute)`);
  mkdirSync(cache, { recursive: true });
  const target = `github.com/nats-io/nats-server/v2@${pinned}`;
  const built = spawnSync('go', ['install', '-trimpath', target], {
    env: { ...env, GOBIN: cache, CGO_ENABLED: '0' },
    stdio: 'ignore',
    timeout: 600_000,
  });
  return built.status === 0 ? existing(cached) : undefined;
}

function aptInstall(env: Environment, progress: Progress): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return undefined;
  progress('installing the package nats-server (apt-get, once)');
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', ['-qq', '-y', ...args], {
      env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: 'ignore',
      timeout: 180_000,
    }).status === 0;
  const install = (): boolean => apt('install', '--no-install-recommends', 'nats-server');
  if (!install() && !(apt('update') && install())) return undefined;
  return existing('/usr/sbin/nats-server') ?? onPath(env);
}
