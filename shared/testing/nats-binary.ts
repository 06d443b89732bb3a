import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What production runs. What is found on the PATH may be older, down to Debian 12's 2.9.10. */
const PINNED = 'v2.14.5';

export interface NatsBinary {
  path: string;
  /** As the server itself says it, e.g. "2.14.5". */
  version: string;
  /** Where it was found, for the progress line. */
  how: string;
}

interface Finder {
  how: string;
  find(): string | undefined;
}

const executable = process.platform === 'win32' ? 'nats-server.exe' : 'nats-server';
const cache = fileURLToPath(new URL('../../node_modules/.cache/florin/', import.meta.url));

/**
 * Finds a nats-server, or gets one: FLORIN_NATS_SERVER (the path of a binary), the PATH, what an
 * earlier run built, `go install` of the pinned version (the Go checksum database verifies the
 * sources), the distribution's package as root. The first that runs wins.
 */
export function findNatsServer(
  env: Record<string, string | undefined> = process.env,
  progress: (line: string) => void = () => undefined,
): NatsBinary {
  const given = env['FLORIN_NATS_SERVER'];
  const finders: Finder[] = given
    ? [{ how: 'FLORIN_NATS_SERVER', find: () => given }]
    : [
        { how: 'PATH', find: () => onPath(env) },
        { how: 'cache', find: () => existing(join(cache, executable)) },
        { how: `go install ${PINNED}`, find: () => goInstall(env, progress) },
        { how: 'apt-get', find: () => aptInstall(env, progress) },
      ];
  for (const { how, find } of finders) {
    const path = find();
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

function onPath(env: Record<string, string | undefined>): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  // Debian puts servers where the PATH of an ordinary user does not look.
  const places = [...folders, '/usr/local/sbin', '/usr/sbin'];
  return places.map((folder) => join(folder, executable)).find((path) => existsSync(path));
}

function goInstall(
  env: Record<string, string | undefined>,
  progress: (line: string) => void,
): string | undefined {
  if (spawnSync('go', ['version'], { env }).status !== 0) return undefined;
  progress(`building nats-server ${PINNED} (go install, once, about a minute)`);
  mkdirSync(cache, { recursive: true });
  const target = `github.com/nats-io/nats-server/v2@${PINNED}`;
  const built = spawnSync('go', ['install', '-trimpath', target], {
    env: { ...env, GOBIN: cache, CGO_ENABLED: '0', GOFLAGS: '' },
    stdio: 'ignore',
    timeout: 300_000,
  });
  return built.status === 0 ? existing(join(cache, executable)) : undefined;
}

function aptInstall(
  env: Record<string, string | undefined>,
  progress: (line: string) => void,
): string | undefined {
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
  return onPath(env);
}
