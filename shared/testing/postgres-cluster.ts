import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { endLeftover, pidIn } from './leftover-process.ts';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.ts';
import { canReach, unprivilegedUser, type SystemUser } from './unprivileged-user.ts';

/** What a server needs to know of itself from one start to the next; `server.json`, mode 600. */
interface Identity {
  /** The one of the last start; undefined before the first. */
  port: number | undefined;
  password: string;
  /** Where the cluster lies; elsewhere when the user who runs Postgres cannot enter our folder. */
  home: string;
}

export interface Cluster extends Identity {
  binaries: PostgresBinaries;
  user: SystemUser | undefined;
  /** The folder that Postgres calls its data directory. */
  data: string;
}

/** Finds the cluster that belongs to `dataDir`, or makes it. */
export function openCluster(dataDir: string): Cluster {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true });
  const user = unprivilegedUser();
  const identity = readIdentity(folder) ?? newIdentity(folder, user);
  writeIdentity(folder, identity);
  const data = join(identity.home, 'cluster');
  const cluster = { ...identity, binaries: postgresBinaries(user), user, data };
  if (!existsSync(data)) initialise(cluster);
  return cluster;
}

/** Deletes a cluster with everything in it, wherever it lies. A server left behind is ended. */
export async function clearPostgres(dataDir: string): Promise<void> {
  const { home } = readFile(resolve(dataDir)) ?? { home: resolve(dataDir) };
  const data = join(home, 'cluster');
  await endLeftover(pidIn(join(data, 'postmaster.pid')), data, 'SIGINT');
  rmSync(home, { recursive: true, force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

const identityFile = (folder: string): string => join(folder, 'server.json');

function readFile(folder: string): Identity | undefined {
  const file = identityFile(folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Identity) : undefined;
}

function readIdentity(folder: string): Identity | undefined {
  const identity = readFile(folder);
  if (!identity) return undefined;
  // A folder that was moved or copied takes its cluster along; one lying elsewhere must be there.
  if (existsSync(join(folder, 'cluster'))) return { ...identity, home: folder };
  if (!existsSync(identity.home)) {
    throw new Error(`the data of ${folder} was in ${identity.home}, which is gone: start fresh`);
  }
  return identity;
}

function newIdentity(folder: string, user: SystemUser | undefined): Identity {
  const password = randomBytes(18).toString('base64url');
  return { port: undefined, password, home: reachableHome(folder, user) };
}

export function writeIdentity(folder: string, { port, password, home }: Identity): void {
  const draft = `${identityFile(folder)}.new`;
  writeFileSync(draft, JSON.stringify({ port, password, home }), { mode: 0o600 });
  renameSync(draft, identityFile(folder));
}

function reachableHome(folder: string, user: SystemUser | undefined): string {
  if (canReach(user, folder)) return folder;
  // This one outlives a reboot, which the usual folder for temporary files often does not.
  const parent = existsSync('/var/tmp') ? '/var/tmp' : tmpdir();
  const home = mkdtempSync(join(parent, 'florin-postgres-'));
  chmodSync(home, 0o711);
  return home;
}

/** Made under another name first: a run that is killed meanwhile leaves no half a cluster. */
function initialise({ home, data, password, user, binaries }: Cluster): void {
  const unfinished = join(home, 'cluster.new');
  const passwordFile = join(home, 'password.new');
  rmSync(unfinished, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user) for (const path of [unfinished, passwordFile]) chownSync(path, user.uid, user.gid);
  const made = spawnSync(
    binaries.initdb,
    // Locale and order of texts come with Postgres, so that they are the same on every machine.
    [
      `--pgdata=${unfinished}`,
      '--username=postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      '--no-sync',
    ],
    {
      cwd: '/',
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      ...(user && { uid: user.uid, gid: user.gid }),
    },
  );
  rmSync(passwordFile);
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`, { cause: made.error });
  renameSync(unfinished, data);
}

/** Whether this build of Postgres takes a setting, e.g. was built with lz4. */
export function acceptsSetting(cluster: Cluster, setting: string): boolean {
  const { binaries, data, user } = cluster;
  const asked = spawnSync(binaries.postgres, ['-D', data, '-c', setting, '-C', 'port'], {
    cwd: '/',
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  return asked.status === 0;
}
