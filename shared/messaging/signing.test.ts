import { describe, expect, test } from 'vitest';
import { createSigner, createVerifier } from './mod.ts';
import type { SignedFields } from './mod.ts';

/** The bytes 0 to 31. */
const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const otherKey = Buffer.alloc(32, 9).toString('base64url');

const fields: SignedFields = {
  messageId: '0199c6a0-5c00-8abc-8def-0123456789ab',
  type: 'florin.transaction-initiated.v1',
  wallet: '0199c6a0-5c00-7abc-8def-0123456789ab',
  partition: 11,
  body: '{"amount":"2500"}',
};
const small: SignedFields = { messageId: 'm', type: 't', wallet: 'w', partition: 0, body: '' };

const sign = createSigner({ kid: 'gateway-1', key, nowMs: () => 1_760_000_000_000 });
const verify = createVerifier({
  gateway: { 'gateway-1': key, 'gateway-2': otherKey },
  fraud: { 'fraud-1': Buffer.alloc(32, 3).toString('base64url') },
});

describe('the signature is the documented one: other languages compute the same', () => {
  // Computed with Python's hmac and hashlib.
  test.each<[SignedFields, number, string]>([
    [fields, 1_760_000_000_000, 'qqRuueNr9L8NIAkhv5TD38DOxJiccIWQRN2vgPGgESk'],
    [small, 0, 'pTIMKm8vYxHHpEnHuz028SqZ1gChROWViAVrlavdZNY'],
    [
      { ...small, partition: 3, body: Buffer.from('{"name":"Žofia 💶"}') },
      1_760_000_000_000,
      'l7KKr4FymzV8VJz44e1p5rEnYpuFB_dR-lGwoo3Eu84',
    ],
  ])('%j at %d', (vector, nowMs, digest) => {
    const signed = createSigner({ kid: 'gateway-1', key, nowMs: () => nowMs })(vector);
    expect(signed).toEqual({ signature: `v1,gateway-1,${digest}`, time: String(nowMs) });
    expect(verify(vector, signed)).toEqual({
      ok: true,
      value: { service: 'gateway', kid: 'gateway-1' },
    });
  });
});

describe('a message that was changed on its way is refused', () => {
  test.each<[string, Partial<SignedFields>]>([
    ['message id', { messageId: '0199c6a0-5c00-8abc-8def-0123456789ac' }],
    ['type', { type: 'florin.transaction-initiated.v2' }],
    ['wallet', { wallet: '0199c6a0-5c00-7abc-8def-0123456789ac' }],
    ['partition', { partition: 12 }],
    ['body', { body: '{"amount":"2501"}' }],
    ['body as bytes', { body: Buffer.from('{"amount":"2500"} ') }],
  ])('another %s', (_, change) => {
    expect(verify({ ...fields, ...change }, sign(fields))).toEqual({
      ok: false,
      error: 'mismatch',
    });
  });

  test('another time', () => {
    const { signature } = sign(fields);
    expect(verify(fields, { signature, time: '1760000000001' }).ok).toBe(false);
  });

  test('a field can not smuggle in a second one', () => {
    const sneaky = { ...fields, type: 't\nw', wallet: '' };
    expect(() => sign(sneaky)).toThrow('lines');
    expect(verify(sneaky, sign(fields))).toEqual({ ok: false, error: 'malformed' });
  });
});

describe('every unusable signature has its own refusal', () => {
  const { signature, time } = sign(fields);
  const digest = signature.split(',')[2] ?? '';
  test.each([
    ['missing', undefined, time],
    ['missing', '', time],
    ['missing', signature, undefined],
    ['malformed', 'v1', time],
    ['malformed', `v2,gateway-1,${digest}`, time],
    ['malformed', `v1,gateway-1,${digest}=`, time],
    ['malformed', `v1,gateway-1,${digest.slice(1)}`, time],
    ['malformed', `v1,,${digest}`, time],
    ['malformed', `v1,gate way,${digest}`, time],
    ['malformed', `${signature}\n`, time],
    ['malformed', signature, 'yesterday'],
    ['malformed', signature, '-1'],
    ['unknown-key', `v1,gateway-9,${digest}`, time],
    ['unknown-key', `v1,constructor,${digest}`, time],
    ['mismatch', `v1,gateway-2,${digest}`, time],
    ['mismatch', `v1,fraud-1,${digest}`, time],
    ['mismatch', `v1,gateway-1,${'A'.repeat(43)}`, time],
  ])('%s: %j at %j', (error, text, at) => {
    expect(verify(fields, { signature: text, time: at })).toEqual({ ok: false, error });
  });
});

describe('keys that would weaken every signature are not taken', () => {
  test('too short', () => {
    expect(() => createSigner({ kid: 'a', key: 'c2hvcnQ' })).toThrow('shorter than 32 bytes');
    expect(() => createVerifier({ a: { 'a-1': '' } })).toThrow('shorter than 32 bytes');
  });

  test('one id for two services: a signature would not say who signed', () => {
    expect(() => createVerifier({ a: { k: key }, b: { k: otherKey } })).toThrow('two signing keys');
  });

  test('an id that does not fit into the header', () => {
    expect(() => createSigner({ kid: 'a,b', key })).toThrow('malformed');
  });
});
