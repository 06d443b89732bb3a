import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { DEBIAN_TOOLS, GO_TOOLS, type DebianTool, type GoTool } from './tool-table.ts';

/** Programs of others that checks need. They are kept from run to run, for all checkouts. */
export const toolCache = (): string =>
  process.env['FLORIN_TOOLS'] ?? join(homedir(), '.cache', 'florin', 'tools');

const programIn = (folder: string, name: string): string | undefined => {
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
};

const onPath = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => programIn(folder, name))
    .find((path) => path !== undefined);

/** Where Go is installed when its own installer did it. */
const goCommand = (): string | undefined => onPath('go') ?? programIn('/usr/local/go/bin', 'go');

/** A machine that is used for other things, too, stays usable while tools are made. */
const politely = (command: string, args: string[]): [string, string[]] =>
  onPath('nice') ? ['nice', ['-n', '10', command, ...args]] : [command, args];

const versioned = ({ name, version }: GoTool): string => `${name}-${version}`;

/** Requires it in a go.mod of its own, which may hold what `go install` refuses: replacements. */
function buildGoTool(tool: GoTool, target: string): string | undefined {
  const go = goCommand();
  if (!go) return 'there is no go';
  const folder = mkdtempSync(join(tmpdir(), 'florin-tool-'));
  const lines = [
    `module florin.example/tools/${tool.name}`,
    'go 1.25',
    ...[`${tool.module} ${tool.version}`, ...(tool.require ?? [])].map((one) => `require ${one}`),
    ...(tool.replace ?? []).map((one) => `replace ${one}`),
  ];
  writeFileSync(join(folder, 'go.mod'), `${lines.join('\n\n')}\n`);
  const [command, args] = politely(go, ['build', '-o', target, tool.program]);
  const env = { ...process.env, GOFLAGS: '-mod=mod -buildvcs=false', GOTOOLCHAIN: 'local' };
  const { status, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const said = (stderr ?? '').split('\n').filter((line) => line && !line.includes('downloading'));
  return status === 0 ? undefined : (said.at(-1) ?? 'go build failed');
}

function unpackDebian(packageName: string, target: string): string | undefined {
  if (!onPath('apt-get') || !onPath('dpkg-deb')) return 'there is no apt-get';
  const folder = mkdtempSync(join(tmpdir(), 'florin-deb-'));
  const run = (command: string, ...args: string[]): boolean =>
    spawnSync(command, args, { cwd: folder, stdio: 'ignore' }).status === 0;
  const fetch = (): boolean => run('apt-get', 'download', packageName);
  // A new machine has no index of packages yet; only root may get one.
  const fetched = fetch() || (run('apt-get', 'update') && fetch());
  const [file] = readdirSync(folder).filter((name) => name.endsWith('.deb'));
  const done = fetched && file !== undefined && run('dpkg-deb', '-x', file, target);
  rmSync(folder, { recursive: true });
  return done ? undefined : `apt-get download ${packageName} failed (is its index there?)`;
}

export type Tool = { name: string } & ({ path: string } | { missing: string; for: string });

/** Why each tool was not to be had, so that one run does not ask twice. */
const refused = new Map<string, string>();

function goTool(tool: GoTool): Tool {
  const bin = join(toolCache(), 'bin');
  mkdirSync(bin, { recursive: true });
  const found = programIn(bin, versioned(tool));
  if (found) return { name: tool.name, path: found };
  if (!refused.has(tool.name)) console.log(`making ${versioned(tool)} (once)`);
  const path = join(bin, versioned(tool));
  const why = refused.get(tool.name) ?? buildGoTool(tool, path);
  if (why === undefined) return { name: tool.name, path };
  refused.set(tool.name, why);
  return { name: tool.name, missing: why, for: tool.for };
}

function debianTool(tool: DebianTool): Tool {
  const target = join(toolCache(), 'debian');
  const bin = join(target, tool.folder ?? 'usr/bin');
  const found = onPath(tool.name) ?? programIn(bin, tool.name);
  if (found) return { name: tool.name, path: found };
  mkdirSync(target, { recursive: true });
  const why = refused.get(tool.package) ?? unpackDebian(tool.package, target);
  if (why === undefined) return { name: tool.name, path: join(bin, tool.name) };
  refused.set(tool.package, why);
  return { name: tool.name, missing: why, for: tool.for };
}

/** The tool, made or fetched when it was not there yet, or why it can't be had. */
export function findTool(name: string): Tool {
  const fromGo = GO_TOOLS.find((tool) => tool.name === name);
  if (fromGo) return goTool(fromGo);
  const fromDebian = DEBIAN_TOOLS.find((tool) => tool.name === name);
  if (fromDebian) return debianTool(fromDebian);
  throw new Error(`no such tool: ${name}`);
}

/** Downloads a Go module and answers where its files are, or why it can't be had. */
export function fetchModule(
  module: string,
  version: string,
): { dir: string } | { missing: string } {
  const go = goCommand();
  if (!go) return { missing: 'there is no go' };
  const env = { ...process.env, GOFLAGS: '', GOTOOLCHAIN: 'local' };
  const args = ['mod', 'download', '-json', `${module}@${version}`];
  const { stdout } = spawnSync(go, args, { cwd: tmpdir(), env, encoding: 'utf8' });
  try {
    const { Dir: dir, Error: why } = JSON.parse(stdout) as { Dir?: string; Error?: string };
    return dir === undefined ? { missing: why ?? 'no answer' } : { dir };
  } catch {
    return { missing: 'go mod download failed' };
  }
}
