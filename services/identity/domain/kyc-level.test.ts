import type { KycStatus } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { kycLevelOf, validUntil } from './kyc-level.ts';

const shown = (...documents: [string, KycStatus][]) =>
  documents.map(([kind, status]) => ({ kind, status }));

describe('hunts a level that documents do not speak for', () => {
  test.each([
    ['nothing', shown(), 0],
    ['a document that nobody has looked at', shown(['passport', 'pending']), 0],
    ['one that was rejected', shown(['passport', 'rejected']), 0],
    ['one that has expired', shown(['passport', 'expired']), 0],
    ['an address without a name', shown(['proof-of-address', 'approved']), 0],
    ['a document', shown(['passport', 'approved']), 1],
    ['two of a kind', shown(['passport', 'approved'], ['identity-card', 'approved']), 1],
    ['one and a pending address', shown(['id', 'approved'], ['proof-of-address', 'pending']), 1],
    ['both', shown(['passport', 'approved'], ['proof-of-address', 'approved']), 2],
    ['both, the document expired', shown(['id', 'expired'], ['proof-of-address', 'approved']), 0],
  ])('%s', (_, documents, level) => {
    expect(kycLevelOf(documents)).toBe(level);
  });
});

describe('hunts an approval that holds for ever', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  test.each([
    ['passport', '2027-03-01T00:00:00.000Z', '2027-03-01T00:00:00.000Z'],
    ['passport', '2099-01-01T00:00:00.000Z', '2030-12-31T00:00:00.000Z'],
    ['passport', undefined, '2030-12-31T00:00:00.000Z'],
    ['proof-of-address', '2099-01-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ])('%s, asked until %s, holds until %s', (kind, asked, expected) => {
    const until = validUntil(kind, asked === undefined ? undefined : new Date(asked), now);
    expect(until.toISOString()).toBe(expected);
  });
});
