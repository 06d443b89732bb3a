import { describe, expect, test } from 'vitest';
import { isUuid, timeOfUuidv7, uuidFromDigest, uuidv7 } from './mod.ts';

describe('ids keep their time order and their format', () => {
  test('a UUIDv7 carries its millisecond and sorts by it', () => {
    const early = uuidv7(1_700_000_000_000);
    const late = uuidv7(1_700_000_000_001);
    expect(timeOfUuidv7(early)).toBe(1_700_000_000_000);
    expect(early < late).toBe(true);
    expect(isUuid(early)).toBe(true);
  });

  test('the same digest is always the same id, with and without a time in front', () => {
    const digest = new Uint8Array(32).fill(0xab);
    expect(uuidFromDigest(digest)).toBe('abababab-abab-8bab-abab-abababababab');
    expect(uuidFromDigest(digest, 0x0123456789ab)).toBe('01234567-89ab-8bab-abab-abababababab');
  });

  test.each([
    '',
    'x',
    '00000000-0000-0000-0000-000000000000',
    'ABABABAB-ABAB-8BAB-ABAB-ABABABABABAB',
  ])('%j is no id of ours', (text) => expect(isUuid(text)).toBe(false));
});
