import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

interface Locked {
  version?: string;
  license?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
}

/** Every package as it would be installed, with what npm noted of it. */
const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Locked>;
};
const packages = Object.entries(lock.packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
  .map(([path, locked]) => ({ path, ...locked }));

/** Where a package comes from unless the lock says otherwise. */
const NPM = 'https://registry.npmjs.org/';

/**
 * Licences that ask no more of us than to name their owners, and the MPL, whose files we use as
 * they are. Fonts have their own.
 */
const TAKEN = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
  'MPL-2.0',
  'OFL-1.1',
]);

/** Said in their files, not in a way that npm notes: read there. */
const READ: Record<string, string> = {
  // Bitstream Vera and the public domain: free to use, embed and hand on, not to sell alone.
  'node_modules/dejavu-fonts-ttf': 'SEE LICENSE IN README.md AND LICENSE',
  'node_modules/png-js': 'MIT',
};

/** Whether an SPDX expression holds: all of `AND`, one of `OR`. */
const isTaken = (expression: string): boolean =>
  expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => TAKEN.has(licence.trim())));

describe('hunts packages that we may not give away, or that could be others tomorrow', () => {
  test('every licence is one that we have thought about', () => {
    const strange = packages.filter(
      ({ path, license = 'none' }) => !isTaken(license) && READ[path] === undefined,
    );
    expect(strange.map(({ path, license }) => `${path}: ${license ?? 'none'}`)).toEqual([]);
    expect(packages.length).toBeGreaterThan(200);
  });

  test('every package is fixed by the hash of its content, and comes from npm', () => {
    const loose = packages.filter(
      ({ resolved = NPM, integrity = '' }) =>
        !resolved.startsWith(NPM) || !integrity.startsWith('sha512-'),
    );
    expect(loose.map(({ path }) => path)).toEqual([]);
  });

  test.each([
    ['MIT', true],
    ['(MIT OR GPL-3.0)', true],
    ['MIT AND ISC', true],
    ['MIT AND GPL-3.0', false],
    ['AGPL-3.0-only', false],
    ['none', false],
  ])('%s: %s', (expression, expected) => {
    expect(isTaken(expression)).toBe(expected);
  });
});
