// npm run build:client
//
// Makes the package @florin/client as npm takes it: JavaScript with declarations, because Node does
// not strip types of what lies under node_modules.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runCommand } from './run-command.ts';

const folder = join(root, 'shared/client');
const dist = join(folder, 'dist');

rmSync(dist, { recursive: true, force: true });
if (!(await runCommand('tsc', ['-p', folder]))) process.exit(1);

const { private: _private, ...ours } = JSON.parse(
  readFileSync(join(folder, 'package.json'), 'utf8'),
) as Record<string, unknown>;
const published = {
  ...ours,
  exports: { '.': { types: './mod.d.ts', default: './mod.js' } },
  publishConfig: { access: 'public', provenance: true },
};
writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published, null, 2)}\n`);
for (const [from, to] of [
  [join(folder, 'README.md'), 'README.md'],
  [join(root, 'LICENSE'), 'LICENSE'],
] as const) {
  cpSync(from, join(dist, to));
}
