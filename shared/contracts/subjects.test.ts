import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fnv1a32, isOrigin, laneSubject, partitionOf } from './mod.ts';

describe('the partition function is the published FNV-1a 32, for ever', () => {
  // Vectors of the FNV reference distribution, by Noll.
  test.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
    ['chongo was here!\n', 0xd49930d5],
  ])('%j hashes to %i', (text, hash) => expect(fnv1a32(text)).toBe(hash));

  test('a wallet’s lane does not move between releases', () => {
    expect(partitionOf('0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f', 16)).toBe(
      fnv1a32('0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f') % 16,
    );
  });

  test('wallets spread over the lanes: none gets twice its share', () => {
    const counts = Array.from({ length: 16 }, () => 0);
    fc.sample(fc.uuid(), { numRuns: 16_000, seed: 7 }).forEach((wallet) => {
      const lane = partitionOf(wallet, 16);
      counts[lane] = (counts[lane] ?? 0) + 1;
    });
    expect(Math.max(...counts)).toBeLessThan(2_000);
    expect(Math.min(...counts)).toBeGreaterThan(500);
  });
});

test('a lane’s subject is one token per part', () => {
  expect(laneSubject('ready', 7, 'w')).toBe('txn.ready.07.w');
});

test('an origin can’t smuggle a subject in', () => {
  for (const bad of ['', 'a.b', 'a>', '*', '>', 'A', 'a b', 'x'.repeat(49)]) {
    expect(isOrigin(bad), bad).toBe(false);
  }
  expect(isOrigin('gateway-1f')).toBe(true);
});
