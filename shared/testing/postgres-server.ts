import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { present } from '@florin/kernel';
import { eventually } from './eventually.ts';
import { onFreePort } from './free-port.ts';
import { commandOf, endLeftover, pidIn } from './leftover-process.ts';
import { acceptsSetting, openCluster, writeIdentity, type Cluster } from './postgres-cluster.ts';
import type { LocalServer } from './local-server.ts';
import { childrenOf, signalAll, whenGone } from './process-tree.ts';
import { endProcess, spawnServer, type ServerProcess } from './server-process.ts';

export interface PostgresOptions {
  /** The server's own folder. What it holds survives `stop`, and so do port and password. */
  dataDir: string;
  /** Default: a free one, kept for later starts. */
  port?: number;
  /** Added to (and stronger than) the settings for a durable local run. */
  settings?: Record<string, string>;
}

/** Its process is the postmaster, its url the maintenance database `postgres` as superuser. */
export interface PostgresServer extends LocalServer {
  readonly port: number;
}

/** Durable as production is; sizes for a laptop. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '512MB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  max_connections: '100',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/** Starts the Postgres that npm installed. Resolves when it accepts connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { dataDir } = options;
  const cluster = openCluster(dataDir);
  const settings: Record<string, string> = { ...SETTINGS, ...options.settings };
  settings['wal_compression'] ??= acceptsSetting(cluster, 'wal_compression=lz4') ? 'lz4' : 'off';
  let server = await onFreePort(options.port, cluster.port, (port) => {
    cluster.port = port;
    return launch(cluster, settings, dataDir);
  });
  writeIdentity(resolve(dataDir), cluster);
  const all = (): number[] => [server.pid, ...childrenOf(server.pid)];
  const stop = async (): Promise<void> => {
    await endProcess(server, 'SIGINT', 60_000);
  };
  return {
    get url() {
      return `postgres://postgres:${cluster.password}@127.0.0.1:${cluster.port}/postgres`;
    },
    get port() {
      return present(cluster.port, 'port');
    },
    get pid() {
      return server.pid;
    },
    get exited() {
      return server.exited;
    },
    stop,
    kill9: () => kill9(server),
    async restart() {
      if (!server.exit()) await stop();
      server = await launch(cluster, settings, dataDir);
    },
    pause: () => signalAll(all(), 'SIGSTOP'),
    resume: () => signalAll(all(), 'SIGCONT'),
    [Symbol.asyncDispose]: stop,
  };
}

async function launch(
  { data, port, user, binaries }: Cluster,
  settings: Record<string, string>,
  dataDir: string,
): Promise<ServerProcess> {
  const pidFile = join(data, 'postmaster.pid');
  await clearLeftover(pidFile, data);
  const logFile = join(resolve(dataDir), 'postgres.log');
  const logStart = existsSync(logFile) ? readFileSync(logFile).length : 0;
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = await spawnServer({
    path: binaries.postgres,
    args: ['-D', data, '-p', String(port), ...flags],
    cwd: '/',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    user,
    logFile,
    orphanSignal: 'SIGINT',
  });
  await eventually(() => server.exit() !== undefined || isReady(pidFile, server.pid), {
    timeoutMs: 120_000,
  });
  if (server.exit()) {
    const log = readFileSync(logFile).subarray(logStart).toString();
    throw new Error(`Postgres did not start:\n${log.slice(-2000)}`);
  }
  return server;
}

/** The eighth line of postmaster.pid is where pg_ctl, too, reads whether a server is ready. */
function isReady(pidFile: string, pid: number): boolean {
  if (!existsSync(pidFile)) return false;
  const lines = readFileSync(pidFile, 'utf8').split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

/**
 * Postgres refuses to start beside a pid file whose process lives. That is right when it is a
 * server of an earlier run (end it), and wrong when the number went to another program.
 */
async function clearLeftover(pidFile: string, data: string): Promise<void> {
  const pid = pidIn(pidFile);
  if (pid === undefined) return;
  await endLeftover(pid, data, 'SIGINT');
  if (commandOf(pid) !== '') rmSync(pidFile, { force: true });
}

/**
 * The postmaster is stopped first so that it forks no child that the list would miss. All are
 * gone when this resolves: a new postmaster refuses shared memory that an old child still uses.
 */
async function kill9(server: ServerProcess): Promise<void> {
  server.signal('SIGSTOP');
  const children = childrenOf(server.pid);
  server.signal('SIGKILL');
  for (const pid of children) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It noticed the death of the postmaster and ended by itself.
    }
  }
  await server.exited;
  await whenGone(children);
}
