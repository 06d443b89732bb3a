import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { climb, leafOf, merklePath, merkleRoot } from './merkle-tree.ts';

const leaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, at) => leafOf(`evt-${at}`, at + 1, randomBytes(32)));

describe('hunts a path that does not lead from its leaf to the root', () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 16, 19])('of %i leaves', (count) => {
    const all = leaves(count);
    const root = merkleRoot(all);
    all.forEach((leaf, at) => {
      expect(climb(leaf, merklePath(all, at)).equals(root)).toBe(true);
      const other = leafOf('evt-0', 99, Buffer.alloc(32));
      expect(climb(other, merklePath(all, at)).equals(root)).toBe(false);
    });
  });
});

test('hunts trees that differ and have one root', () => {
  const all = leaves(5);
  const roots = [
    all,
    all.toReversed(),
    all.slice(1),
    [...all, all[4] as Buffer],
    all.with(2, leafOf('evt-2', 4, Buffer.alloc(32))),
    [],
  ].map((some) => merkleRoot(some).toString('hex'));
  expect(new Set(roots).size).toBe(roots.length);
});

test('hunts a chain name and a place that can be shifted into each other', () => {
  const head = Buffer.alloc(32, 7);
  expect(leafOf('evt-1', 12, head).equals(leafOf('evt-11', 2, head))).toBe(false);
});
