import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { seal, SEALING_KEY_BYTES, unseal } from './sealing.ts';

describe('sealing: hunts secrets that open elsewhere, or after a change', () => {
  const key = randomBytes(SEALING_KEY_BYTES);
  const sealed = seal(key, 'webhook:1', Buffer.from('a secret'));

  it('opens what it sealed, and never seals twice alike', () => {
    expect(unseal(key, 'webhook:1', sealed).toString()).toBe('a secret');
    expect(seal(key, 'webhook:1', Buffer.from('a secret')).equals(sealed)).toBe(false);
  });

  it('opens nothing under another key or label', () => {
    expect(() => unseal(randomBytes(SEALING_KEY_BYTES), 'webhook:1', sealed)).toThrow('auth');
    expect(() => unseal(key, 'webhook:2', sealed)).toThrow('auth');
  });

  it.each(Array.from({ length: sealed.length }, (_, at) => at))(
    'notices a change of byte %i',
    (at) => {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      expect(() => unseal(key, 'webhook:1', changed)).toThrow(/auth|version/);
    },
  );

  it('refuses what is too short to be sealed', () => {
    expect(() => unseal(key, 'x', sealed.subarray(0, 20))).toThrow('too short');
  });
});
