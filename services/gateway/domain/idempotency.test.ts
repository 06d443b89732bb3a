import { asClientId, timeOfUuidv7, uuidv7 } from '@florin/kernel';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bulkItemIdOf,
  canonical,
  fingerprintOf,
  transactionIdOf,
  walletIdOf,
} from './idempotency.ts';

const ana = asClientId('ana');
const ben = asClientId('ben');

describe('hunts ids that two requests would share, or that change between tries', () => {
  test('one client and key stand for one id, for ever', () => {
    // The first 16 bytes of SHA-256 of "ana\nkey", with the version and variant of a UUIDv8.
    expect(transactionIdOf(ana, 'key')).toBe('edae7ca0-e853-8b61-a1d7-1121f26b89e4');
    expect(transactionIdOf(ana, 'key')).toBe(transactionIdOf(ana, 'key'));
  });

  test('clients, purposes and positions are told apart', () => {
    const ids = [
      transactionIdOf(ana, 'key'),
      transactionIdOf(ben, 'key'),
      transactionIdOf(ana, 'key2'),
      bulkItemIdOf(ana, 'key', 0),
      bulkItemIdOf(ana, 'key', 1),
      walletIdOf(ana, 'key'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('a time-ordered key lends its time to the id', () => {
    const nowMs = 1_790_000_000_000;
    const id = transactionIdOf(ana, uuidv7(nowMs));
    const asV7 = `${id.slice(0, 14)}7${id.slice(15)}`;
    expect(timeOfUuidv7(asV7)).toBe(nowMs);
  });
});

describe('hunts fingerprints that depend on how a request is written', () => {
  test.each([
    [
      { a: 1, b: { c: 'x', d: [1, 2] } },
      { b: { d: [1, 2], c: 'x' }, a: 1 },
    ],
    [{ amount: 2500n }, { amount: '2500' }],
    [{ a: 1, b: undefined }, { a: 1 }],
  ])('%o is the same as %o', (one, other) => {
    expect(fingerprintOf('POST', '/v1/x', one)).toBe(fingerprintOf('POST', '/v1/x', other));
  });

  test.each([
    [{ a: [1, 2] }, { a: [2, 1] }],
    [{ a: [12] }, { a: [1, 2] }],
    [{ a: { b: 1 } }, { 'a.b': 1 }],
    [{ a: '1,"b":2' }, { a: '1', b: 2 }],
    [{ a: null }, {}],
  ])('%o is another than %o', (one, other) => {
    expect(fingerprintOf('POST', '/v1/x', one)).not.toBe(fingerprintOf('POST', '/v1/x', other));
  });

  test('method and path belong to it, and it fits the order', () => {
    const fingerprint = fingerprintOf('POST', '/v1/x', {});
    expect(fingerprint).toHaveLength(22);
    expect(fingerprint).not.toBe(fingerprintOf('POST', '/v1/y', {}));
    expect(fingerprint).not.toBe(fingerprintOf('PUT', '/v1/x', {}));
  });

  test('values that JSON tells apart stay apart', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        // -0 and 0 are one number in JSON.
        const same = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        return same === (canonical(one) === canonical(other));
      }),
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // Named, because an object without members is no empty list.
  return { members: entries.map(([name, member]) => ({ name, member: sorted(member) })) };
}
