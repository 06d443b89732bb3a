import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs an installed package's command in the root. Answers whether it ended with 0. */
export async function runCommand(name: string, args: string[]): Promise<boolean> {
  const command = fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url));
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
