import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Whether this user may give a server a disk of its own. */
export const maySplitDisks = (): boolean => process.getuid?.() === 0 && canMount();

const canMount = (): boolean =>
  spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** A small disk in memory, there until it is disposed of. */
export function mountDisk(path: string, size: string): Disposable {
  mkdirSync(path, { recursive: true });
  // Postgres runs as another user, who must get in.
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', path]);
  return { [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', path]) };
}

const PIECE = Buffer.alloc(64 * 1024);
const fillerIn = (path: string): string => join(path, 'filler');

/** Writes until nothing fits any more. */
export function fillDisk(path: string): void {
  const file = openSync(fillerIn(path), 'a');
  try {
    for (let size = PIECE.length; size >= 512;) {
      try {
        writeSync(file, PIECE, 0, size);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        size /= 2;
      }
    }
  } finally {
    closeSync(file);
  }
}

export const makeSpace = (path: string): void => rmSync(fillerIn(path), { force: true });
