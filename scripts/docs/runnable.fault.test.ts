import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { readCollection } from '../collection/read-collection.ts';
import { runCollection } from '../collection/run-collection.ts';
import { variablesOf, type RunningPlatform } from '../collection/variables-of.ts';
import { root } from '../run-command.ts';
import { readDocuments } from './read-documents.ts';

let platform: ScratchPlatform;

beforeAll(async () => {
  platform = await startScratchPlatform({ demo: true });
  // What the reader of a document has in front of him: a folder with a running Florin in it.
  const folder = join(platform.dir, 'reader');
  mkdirSync(folder);
  symlinkSync(platform.dir, join(folder, '.florin'));
  const npm = `#!/bin/sh
[ "$1 $2 $3" = "run florin --" ] || { echo "not here: npm $*" >&2; exit 1; }
shift 3
exec "${process.execPath}" "${join(root, 'scripts/florin.ts')}" --dir "$PWD/.florin" "$@"
`;
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin/npm'), npm);
  chmodSync(join(folder, 'bin/npm'), 0o755);
});
afterAll(() => platform.stop());

/** What a program printed. Fails with all of it where it ends with anything but 0. */
function run(command: string, args: string[], cwd: string): string {
  const PATH = `${join(platform.dir, 'reader/bin')}:${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH, NO_COLOR: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return stdout;
}

describe('hunts commands in documents that do not work as they are printed', () => {
  const runnable = readDocuments()
    .map(({ path, blocks }) => ({ path, code: blocks.filter((block) => block.runnable) }))
    .filter(({ code }) => code.length > 0);

  test('there are some', () => {
    expect(runnable.map(({ path }) => path)).toContain('README.md');
  });

  test.each(runnable)('$path', ({ code }) => {
    const script = code.map((block) => block.code).join('\n');
    const printed = run('bash', ['-euo', 'pipefail', '-c', script], join(platform.dir, 'reader'));
    // A problem is an answer, too, and curl ends with 0: none may be of our own making.
    expect(printed).not.toMatch(/"status":(400|401|403|404|5\d\d)/);
    console.log(`${code.length} blocks: ${printed.length} characters printed`);
  });
});

test('hunts a client that works in our tree only: as npm gets it, in a folder of its own', () => {
  run(process.execPath, [join(root, 'scripts/build-client.ts')], root);
  const folder = join(platform.dir, 'of-a-customer');
  const packages = join(folder, 'node_modules');
  mkdirSync(join(packages, '@florin'), { recursive: true });
  cpSync(join(root, 'shared/client/dist'), join(packages, '@florin/client'), { recursive: true });
  for (const name of ['eventsource-parser', 'standardwebhooks', '@stablelib', 'fast-sha256']) {
    symlinkSync(join(root, 'node_modules', name), join(packages, name));
  }
  copyFileSync(
    join(root, 'shared/client/examples/first-payment.ts'),
    join(folder, 'first-payment.mts'),
  );
  const printed = run(
    process.execPath,
    ['first-payment.mts', join(platform.dir, 'dev.json')],
    folder,
  );
  console.log(printed);
  expect(printed.trim().split('\n')).toEqual([
    'would be completed',
    'completed 1250 USD',
    'again the same payment',
    'refused insufficient-funds',
    expect.stringMatching(/^transfers of the wallet [1-9]\d*$/),
    'heard transaction-completed 5',
  ]);
});

test('hunts requests of the collection whose answers nobody described', async () => {
  const dev = JSON.parse(readFileSync(join(platform.dir, 'dev.json'), 'utf8')) as RunningPlatform;
  const collection = readCollection(join(root, 'docs/collection'));
  const { requests, assertions, failures } = await runCollection(collection, variablesOf(dev));
  console.log(`${requests} requests, ${assertions} assertions, ${failures.length} failed`);
  expect(failures).toEqual([]);
  expect(requests).toBeGreaterThan(150);
});
