import { describe, expect, test } from 'vitest';
import { createVault } from './vault.ts';

const bytes = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');
const indexKey = bytes(9);
const vault = createVault({ masterKeys: { m1: bytes(1) }, indexKey });
const ada = '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f';
const bob = '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990';

describe('hunts personal data that can be read, moved or changed without its key', () => {
  test('a text opens under its own user and field only', () => {
    const { key, wrapped } = vault.newUserKey(ada);
    const sealed = key.seal('email', 'ada@example.com');
    expect(vault.userKey(ada, wrapped).open('email', sealed)).toBe('ada@example.com');
    expect(() => key.open('name', sealed)).toThrow(/authenticate|too short|version/);
    expect(() => vault.newUserKey(ada).key.open('email', sealed)).toThrow(
      /authenticate|too short|version/,
    );
    expect(() => vault.userKey(bob, wrapped)).toThrow(/authenticate|too short|version/);
  });

  test('one bit changed anywhere is noticed', () => {
    const { key } = vault.newUserKey(ada);
    const sealed = key.seal('name', 'Ada Lovelace');
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => key.open('name', changed), `byte ${at}`).toThrow(
        /authenticate|too short|version/,
      );
    }
    expect(() => key.open('name', sealed.subarray(0, 20))).toThrow(
      /authenticate|too short|version/,
    );
  });

  test('the same text is sealed differently each time, so that equal names do not show', () => {
    const { key } = vault.newUserKey(ada);
    expect(key.seal('name', 'Ada')).not.toEqual(key.seal('name', 'Ada'));
    expect(vault.newUserKey(ada).wrapped).not.toEqual(vault.newUserKey(ada).wrapped);
  });

  test('an index is the same each time, and means nothing without its key or elsewhere', () => {
    const index = vault.blindIndex('email', 'ada@example.com');
    expect(vault.blindIndex('email', 'ada@example.com')).toEqual(index);
    expect(vault.blindIndex('device', 'ada@example.com')).not.toEqual(index);
    const other = createVault({ masterKeys: { m1: bytes(1) }, indexKey: bytes(8) });
    expect(other.blindIndex('email', 'ada@example.com')).not.toEqual(index);
  });
});

describe('hunts a rotation that loses keys or leaves old ones in use', () => {
  const both = createVault({ masterKeys: { m2: bytes(2), m1: bytes(1) }, indexKey });
  const onlyNew = createVault({ masterKeys: { m2: bytes(2) }, indexKey });

  test('what was wrapped before opens, and once rewrapped it opens without the old key', () => {
    const { key, wrapped } = vault.newUserKey(ada);
    const sealed = key.seal('email', 'ada@example.com');
    expect(both.userKey(ada, wrapped).open('email', sealed)).toBe('ada@example.com');
    expect(() => onlyNew.userKey(ada, wrapped)).toThrow('master key m1');
    const rewrapped = both.rewrap(`user-key:${ada}`, wrapped);
    expect(rewrapped).toBeDefined();
    if (rewrapped === undefined) return;
    expect(onlyNew.userKey(ada, rewrapped).open('email', sealed)).toBe('ada@example.com');
    expect(both.rewrap(`user-key:${ada}`, rewrapped)).toBeUndefined();
  });

  test('a key that is too short is refused at the start', () => {
    const short = Buffer.alloc(16).toString('base64url');
    expect(() => createVault({ masterKeys: { m1: short }, indexKey })).toThrow('32 bytes');
    expect(() => createVault({ masterKeys: {}, indexKey }).newUserKey(ada)).toThrow('master key');
  });
});
