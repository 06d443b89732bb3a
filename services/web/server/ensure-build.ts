import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TerminalError } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { compressFiles } from './compress-files.ts';

interface BuildPlace {
  /** Of this service: what it serves is built from its `app`. */
  folder: string;
  distFolder: string;
  log: Logger;
}

/** What a build depends on; the versions of packages stand in one of them. */
const SOURCES = [
  'app/**/*',
  'index.html',
  'package.json',
  'vite.config.ts',
  '../../shared/{client,contracts,kernel}/*.ts',
];
const isTest = (path: string): boolean => path.endsWith('.test.ts');

/** Builds of other sources that may still be served by somebody are left alone for a day. */
const KEEP_MS = 24 * 3_600_000;

/** The same sources have the same name on every machine, whenever they were checked out. */
async function fingerprintOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const paths: string[] = [];
  for await (const path of glob(SOURCES, { cwd: folder })) paths.push(path);
  for (const path of paths.toSorted()) {
    const file = join(folder, path);
    if (isTest(path) || !(await stat(file)).isFile()) continue;
    hash.update(`${path}\0`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

/** In a process of its own: the bundler's memory goes with it. @throws with what it said */
async function runVite(folder: string, outDir: string): Promise<void> {
  const vite = createRequire(import.meta.url).resolve('vite/package.json');
  const args = [join(dirname(vite), 'bin/vite.js'), 'build', folder, '--outDir', outDir];
  const child = spawn(process.execPath, [...args, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new TerminalError(`the web app could not be built: ${said}`);
}

async function removeOldBuilds(distFolder: string, current: string): Promise<void> {
  for (const name of await readdir(distFolder)) {
    const path = join(distFolder, name);
    // Another process may have given it its name, or removed it, since we looked.
    const found = await stat(path).catch(() => undefined);
    if (name === current || !found || Date.now() - found.mtimeMs < KEEP_MS) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/**
 * The folder with the built app. Builds it when these very sources have not been built before: some
 * seconds, once. Several processes may do so at once; each serves a whole build.
 */
export async function ensureBuild({ folder, distFolder, log }: BuildPlace): Promise<string> {
  const name = await fingerprintOf(folder);
  const target = join(distFolder, name);
  if (existsSync(target)) return target;
  const startedAt = performance.now();
  const fresh = join(distFolder, `${name}.${process.pid}`);
  await mkdir(distFolder, { recursive: true });
  await runVite(folder, fresh);
  await compressFiles(fresh);
  try {
    await rename(fresh, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
    await rm(fresh, { recursive: true });
  }
  await removeOldBuilds(distFolder, name);
  log.info({ durationMs: Math.round(performance.now() - startedAt) }, 'web app built');
  return target;
}
