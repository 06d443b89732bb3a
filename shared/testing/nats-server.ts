import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventually } from './eventually.ts';
import { onFreePort } from './free-port.ts';
import { endLeftover, pidIn } from './leftover-process.ts';
import { findNatsServer, type NatsBinary } from './nats-binary.ts';
import type { LocalServer } from './local-server.ts';
import { endProcess, spawnServer, type ServerProcess } from './server-process.ts';

export interface NatsOptions {
  /** The server's own folder: configuration, port, log and the JetStream store. */
  dir: string;
  /** Default: a free one, kept for later starts. */
  port?: number;
  /** Default: what `findNatsServer` finds. */
  binary?: NatsBinary;
  /** Users and their permissions, as configuration; everybody may do everything without. */
  authorization?: string;
  /** How long an acknowledged message may wait for its fsync; servers before 2.10 take 2 min. */
  syncInterval?: string;
  /** It keeps its streams together with others. */
  cluster?: ClusterMember;
  /** How many threads run it at a time. Default: as many as there are cores. */
  threads?: number;
}

/** A server among others. It answers as soon as it listens; its streams wait for a majority. */
export interface ClusterMember {
  name: string;
  /** Others connect to it here. */
  port: number;
  /** Addresses (host:port) of all others, as this one reaches them. */
  routes: string[];
}

type ConfigurationOptions = Pick<NatsOptions, 'syncInterval' | 'authorization' | 'cluster'>;
type LaunchOptions = ConfigurationOptions & Pick<NatsOptions, 'threads'>;

export interface NatsServer extends LocalServer {
  readonly version: string;
}

/** Starts a nats-server with JetStream on the loopback address. Resolves when it listens. */
export async function startNats(options: NatsOptions): Promise<NatsServer> {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const binary = options.binary ?? (await findNatsServer());
  const portFile = join(dir, 'port');
  const start = (port: number): Promise<ServerProcess> => launch(dir, binary, port, options);
  let port = 0;
  let server = await onFreePort(options.port, pidIn(portFile), (attempted) => {
    port = attempted;
    return start(attempted);
  });
  writeFileSync(portFile, String(port));
  const stop = async (): Promise<void> => {
    await endProcess(server, 'SIGTERM', 30_000);
  };
  return {
    url: `nats://127.0.0.1:${port}`,
    version: binary.version,
    get pid() {
      return server.pid;
    },
    get exited() {
      return server.exited;
    },
    stop,
    async kill9() {
      await endProcess(server, 'SIGKILL', 30_000);
    },
    async restart() {
      if (!server.exit()) await stop();
      server = await start(port);
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

/** Deletes a server's folder. A server left behind there is ended. */
export async function clearNats(dir: string): Promise<void> {
  await endLeftover(pidIn(pidFileIn(resolve(dir))), configFileIn(resolve(dir)), 'SIGTERM');
  rmSync(dir, { recursive: true, force: true });
}

const pidFileIn = (dir: string): string => join(dir, 'nats-server.pid');
const configFileIn = (dir: string): string => join(dir, 'nats-server.conf');

async function launch(
  dir: string,
  binary: NatsBinary,
  port: number,
  options: LaunchOptions,
): Promise<ServerProcess> {
  const logFile = join(dir, 'nats-server.log');
  const configFile = configFileIn(dir);
  await endLeftover(pidIn(pidFileIn(dir)), configFile, 'SIGTERM');
  for (const file of portsFiles(dir)) rmSync(file);
  writeFileSync(configFile, configuration(dir, binary.version, port, options), { mode: 0o600 });
  const logStart = existsSync(logFile) ? readFileSync(logFile).length : 0;
  const server = await spawnServer({
    path: binary.path,
    args: ['-c', configFile],
    cwd: dir,
    ...(options.threads !== undefined && { env: { GOMAXPROCS: String(options.threads) } }),
    logFile,
    orphanSignal: 'SIGTERM',
  });
  // The server writes this file once it listens, which is after JetStream has recovered its store.
  await eventually(() => server.exit() !== undefined || portsFiles(dir).length > 0, {
    timeoutMs: 120_000,
  });
  if (server.exit()) {
    const log = readFileSync(logFile).subarray(logStart).toString();
    throw new Error(`nats-server ${binary.version} did not start:\n${log.slice(-2000)}`);
  }
  return server;
}

const portsFiles = (dir: string): string[] =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.ports'))
    .map((name) => join(dir, name));

/** A setting that a version does not know stops it, hence by version. */
export function configuration(
  dir: string,
  version: string,
  port: number,
  { syncInterval, authorization = '', cluster }: ConfigurationOptions,
): string {
  const text = JSON.stringify;
  const sync =
    syncInterval && !isBefore(version, 2, 10) ? [`  sync_interval: ${text(syncInterval)}`] : [];
  return [
    'host: "127.0.0.1"',
    `port: ${port}`,
    'max_payload: 8MB',
    `pid_file: ${text(pidFileIn(dir))}`,
    `ports_file_dir: ${text(dir)}`,
    'jetstream {',
    `  store_dir: ${text(join(dir, 'store'))}`,
    ...sync,
    '}',
    ...(cluster ? clusterBlock(cluster) : []),
    authorization,
  ].join('\n');
}

/**
 * Servers tell each other where they can be reached, and would pass by the addresses that were
 * given to them: what they tell is where nobody listens.
 */
const clusterBlock = ({ name, port, routes }: ClusterMember): string[] => [
  `server_name: ${JSON.stringify(name)}`,
  'cluster {',
  '  name: florin',
  `  listen: "127.0.0.1:${port}"`,
  '  advertise: "127.0.0.1:1"',
  `  routes: ${JSON.stringify(routes.map((route) => `nats://${route}`))}`,
  '}',
];

function isBefore(version: string, major: number, minor: number): boolean {
  const [x = 0, y = 0] = version.split('.').map(Number);
  return x < major || (x === major && y < minor);
}
