import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { root } from '../run-command.ts';
import { EXAMPLES } from './command-examples.ts';
import { leafCommands } from './leaf-commands.ts';
import { createProgram } from './program.ts';
import { SHELLS, writeCompletion } from './write-completion.ts';

const program = createProgram(() => undefined);
const leaves = leafCommands(program);

/** The words of a command line, as a shell would cut it. */
const wordsOf = (line: string): string[] =>
  [...line.replace(/ > .*/, '').matchAll(/"([^"]*)"|(\S+)/g)].map(
    ([, quoted, word]) => quoted ?? word ?? '',
  );

const optionsOf = (command: Command): string[] => command.options.map(({ long }) => long ?? '');

/** The command that a line leads to, and the options it names; undefined when it leads nowhere. */
function read(line: string): { path: string; unknown: string[] } | undefined {
  const words = wordsOf(line);
  const plain = words.filter((word, at) => {
    const before = words[at - 1] ?? '';
    return !word.startsWith('--') && !['--url', '--token', '--dir'].includes(before);
  });
  const found = leaves
    .filter(({ path }) => `${plain.join(' ')} `.startsWith(`${path} `))
    .toSorted((a, b) => b.path.length - a.path.length)[0];
  if (found === undefined) return undefined;
  const known = [...optionsOf(program), ...optionsOf(found.command)];
  const named = [...line.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option);
  return { path: found.path, unknown: named.filter((option) => !known.includes(option)) };
}

describe('hunts commands that nobody is told of, and help for commands that are not there', () => {
  test('every command says what it does, and has examples', () => {
    expect(leaves.length).toBeGreaterThan(12);
    for (const { path, command } of leaves) {
      expect(command.description(), path).not.toBe('');
      expect(EXAMPLES[path]?.length, `examples of ${path}`).toBeGreaterThan(0);
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain(`$ florin ${EXAMPLES[path]?.[0]}`);
    }
  });

  test.each(Object.entries(EXAMPLES))('examples of %s lead to it', (path, examples) => {
    for (const example of examples) expect(read(example)).toEqual({ path, unknown: [] });
  });

  test('docs/cli.md has each command once, with options that it takes', () => {
    const document = readFileSync(join(root, 'docs/cli.md'), 'utf8');
    const rows = [...document.matchAll(/^\| `([^`]+)`/gm)].map(([, line = '']) => line);
    const told = rows.map((line) => read(line.replaceAll(/[[\]]/g, ' ')) ?? { path: line });
    for (const one of told) expect(one).toEqual({ path: one.path, unknown: [] });
    const decline = 'reviews decline';
    const paths = leaves.map(({ path }) => path).filter((path) => path !== decline);
    expect(told.map(({ path }) => path).toSorted()).toEqual(paths.toSorted());
    expect(document).toContain('`decline` stops it');
  });
});

describe('hunts completions that a shell can not read, or that offer what is not there', () => {
  /** What bash offers after these words; the last one is not finished. */
  function offers(...words: string[]): string[] {
    const script = `${writeCompletion(program, 'bash')}
COMP_WORDS=(florin ${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length}
_florin
printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').filter(Boolean);
  }

  test.each<[string[], string[]]>([
    [['fl'], ['flags']],
    [
      ['flags', ''],
      ['list', 'set', '--help'],
    ],
    [['--json', 'reviews', 'ap'], ['approve']],
    [['reviews', 'list', '--status', 'o'], ['open']],
    [['reviews', 'list', '--s'], ['--status']],
    [['completion', 'z'], ['zsh']],
    [['nothing', 'like', 'tha'], []],
  ])('bash offers after %j', (words, expected) => {
    expect(offers(...words)).toEqual(expected);
  });

  test.each(SHELLS)('%s reads it, where it is there, and it has every command', (shell) => {
    const script = writeCompletion(program, shell);
    for (const { path } of leaves) expect(script).toContain(path.replace(' ', '.'));
    const file = join(mkdtempSync(join(tmpdir(), 'florin-completion-')), shell);
    writeFileSync(file, script);
    const { error, status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    rmSync(dirname(file), { recursive: true });
    if (error === undefined) expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('it is printed without a platform, for programs as JSON', async () => {
    const printed: string[] = [];
    const one = createProgram((text) => printed.push(text));
    await one.parseAsync(['--dir', '/nowhere', '--json', 'completion', 'fish'], { from: 'user' });
    expect(JSON.parse(printed.join('\n'))).toMatchObject({ shell: 'fish' });
  });
});
