import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { clearNats, clearPostgres, commandOf } from '@florin/testing';

/** Where everything of an installation lies: `.florin/`. */
export interface StateFolder {
  readonly path: string;
  file(name: string): string;
  /** Reads a JSON file, or undefined when it is not there. */
  read<T>(name: string): T | undefined;
  /** Replaces a JSON file in one step, readable by its owner only. */
  write(name: string, content: unknown): void;
  /** Lets others use it again. */
  release(): void;
}

const LOCK = 'lock.json';
/** The folders of the two servers. */
export const POSTGRES = 'postgres';
export const NATS = 'nats';

interface Lock {
  pid: number;
  command: string;
}

/**
 * Takes the folder for this process.
 * @throws when another living process has it
 */
export function openStateFolder(path: string): StateFolder {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  const read = <T>(name: string): T | undefined =>
    existsSync(file(name)) ? (JSON.parse(readFileSync(file(name), 'utf8')) as T) : undefined;
  const write = (name: string, content: unknown): void => {
    const draft = file(`${name}.${randomBytes(4).toString('hex')}`);
    writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
    renameSync(draft, file(name));
  };
  takeLock(file(LOCK));
  return { path: folder, file, read, write, release: () => rmSync(file(LOCK), { force: true }) };
}

/** Deletes all that earlier runs stored; servers that a killed run left behind end first. */
export async function clearState(state: StateFolder): Promise<void> {
  await clearPostgres(state.file(POSTGRES));
  await clearNats(state.file(NATS));
  for (const name of readdirSync(state.path)) {
    if (name !== LOCK) rmSync(state.file(name), { recursive: true, force: true });
  }
}

/** A lock counts for nothing when its process is gone or its number is another program's by now. */
function takeLock(file: string): void {
  const mine: Lock = { pid: process.pid, command: commandOf(process.pid) };
  try {
    writeFileSync(file, JSON.stringify(mine), { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const holder = readLock(file);
    if (holder && commandOf(holder.pid) === holder.command) {
      throw new Error(
        `Florin already runs here, as process ${holder.pid}: ` +
          `stop it with Ctrl-C in its terminal, or with "kill ${holder.pid}"`,
        { cause: error },
      );
    }
    rmSync(file, { force: true });
    takeLock(file);
  }
}

function readLock(file: string): Lock | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}
