import { expect, test } from 'vitest';
import { decideRefresh, type StoredRefreshToken } from './refresh-decision.ts';

const NOW = Date.UTC(2025, 0, 15);
const before = new Date(NOW - 1);
const after = new Date(NOW + 1);
const alive: StoredRefreshToken = { usedAt: null, expiresAt: after, revokedAt: null };

test.each([
  ['unknown', null, 'unauthenticated'],
  ['alive', alive, 'rotate'],
  ['used before', { ...alive, usedAt: before }, 'token-reused'],
  ['of a revoked session', { ...alive, revokedAt: before }, 'unauthenticated'],
  [
    'used before, of a revoked session',
    { ...alive, usedAt: before, revokedAt: before },
    'token-reused',
  ],
  ['of a session that ends now', { ...alive, expiresAt: new Date(NOW) }, 'unauthenticated'],
  [
    'used before, of a session past its end',
    { ...alive, usedAt: before, expiresAt: before },
    'unauthenticated',
  ],
] as const)('only the living token of a living session renews it: %s', (_, token, expected) => {
  expect(decideRefresh(token, NOW)).toBe(expected);
});
