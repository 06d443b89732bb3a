// Runs a TypeScript script, or a package's command (`--bin vitest run`), on the Node 24 that the
// project installs for itself. The machine's own Node may be older: this file is the only one that
// it ever runs, so it stays plain JavaScript and needs no package.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const installed = join(root, 'node_modules', '.package-lock.json');
const windows = process.platform === 'win32';

/** True when nothing is installed yet, or the lock file changed after the last installation. */
function installationIsStale() {
  if (!existsSync(installed)) return true;
  return statSync(join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs;
}

/** Runs npm in the root. Answers whether it succeeded. */
function npm(...args) {
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  const stdio = ['ignore', 'ignore', 'pipe'];
  const run = spawnSync('npm', [...args, ...flags], { cwd: root, stdio, shell: windows });
  if (run.status !== 0) process.stderr.write(`${String(run.stderr).slice(0, 2000)}\n`);
  return run.status === 0;
}

if (installationIsStale()) {
  console.error('florin: installing packages (once, about a minute)');
  // `npm ci` refuses a lock file without entries for optional packages of other platforms, which
  // npm leaves out when a registry does not offer them. `npm install` takes it, pins included.
  if (!npm('ci')) {
    console.error('florin: npm ci refused the lock file, trying npm install without saving');
    if (!npm('install', '--no-save')) process.exit(1);
  }
}

const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const [first, ...rest] = process.argv.slice(2);
const target =
  first === '--bin'
    ? [join(root, 'node_modules', '.bin', rest[0]), ...rest.slice(1)]
    : [join(root, first), ...rest];

// PATH first names the project's Node, so that whatever the script starts runs on it too.
const path = `${dirname(node)}${windows ? ';' : ':'}${process.env.PATH}`;
// What is compiled once need not be compiled again: it halves the start of each process, and saves
// it the memory of the type stripper. Node knows which entries are of other versions of a file.
const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'florin', 'compiled');
// The IPC channel carries nothing: what runs there notices by its end that we were killed.
const child = spawn(node, target, {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: { NODE_COMPILE_CACHE, ...process.env, PATH: path },
});
// The terminal sends Ctrl-C to the whole group; a signal for this process alone is passed on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
