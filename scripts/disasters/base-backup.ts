import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withClient } from '@florin/postgres';

/** Files of a running server that mean nothing in a copy. */
const NOT_COPIED = ['postmaster.pid', 'postmaster.opts'];

/**
 * Copies a running cluster, as pg_basebackup does: whatever changes meanwhile is in the WAL.
 * @param url the server, as superuser
 */
export async function takeBaseBackup(url: string, data: string, copy: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("SELECT pg_backup_start('rehearsal', true)");
    copyFolder(data, copy);
    const { rows } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(false)',
    );
    for (const file of NOT_COPIED) rmSync(join(copy, file), { force: true });
    writeOwned(copy, 'backup_label', rows[0]?.labelfile ?? '');
  });
}

/** With owners and modes: Postgres refuses a folder that others could read. */
export function copyFolder(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  try {
    execFileSync('cp', ['-a', from, to], { stdio: 'pipe' });
  } catch (error) {
    // A file that was there when the copy began may be gone: the WAL tells what became of it.
    if (!existsSync(join(to, 'global', 'pg_control'))) throw error;
  }
}

/** A file of the cluster's owner. */
export function writeOwned(data: string, name: string, text: string): void {
  const file = join(data, name);
  writeFileSync(file, text, { mode: 0o600 });
  const { uid, gid } = statSync(data);
  chownSync(file, uid, gid);
}

/** A folder that the server's user may write to. */
export function ownedFolder(path: string, like: string): string {
  mkdirSync(path, { mode: 0o700 });
  const { uid, gid } = statSync(like);
  chownSync(path, uid, gid);
  return path;
}
