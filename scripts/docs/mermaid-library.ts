import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { toolCache } from '../charts/install-tools.ts';

const VERSION = '11.17.2';

/**
 * The one file that draws diagrams in a browser, from its package, kept with the other tools: as a
 * dependency it would bring a hundred packages into every installation.
 * @throws when it is not there and can't be fetched
 */
export function mermaidLibrary(): string {
  const file = join(toolCache(), `mermaid-${VERSION}.min.js`);
  if (existsSync(file)) return file;
  mkdirSync(toolCache(), { recursive: true });
  const folder = mkdtempSync(join(toolCache(), 'mermaid-'));
  const run = (command: string, args: string[]): void => {
    const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`mermaid can't be fetched: ${stderr}`);
  };
  try {
    run('npm', ['pack', '--silent', `mermaid@${VERSION}`]);
    run('tar', ['-xzf', `mermaid-${VERSION}.tgz`, 'package/dist/mermaid.min.js']);
    renameSync(join(folder, 'package/dist/mermaid.min.js'), file);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return file;
}
