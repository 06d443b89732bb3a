import { RetryableError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

describe('passwords', () => {
  test('are hashed with argon2id and the parameters of OWASP, each with its own salt', async () => {
    const passwords = await createPasswordHasher();
    const [one, two] = await Promise.all([passwords.hash('same'), passwords.hash('same')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,(p=1,t=2|t=2,p=1)\$/);
    expect(one).not.toBe(two);
  });

  test('match only themselves, however their letters are encoded', async () => {
    const passwords = await createPasswordHasher();
    const composed = await passwords.hash('caf\u00e9 au lait');
    expect(await passwords.verify(composed, 'cafe\u0301 au lait')).toBe(true);
    expect(await passwords.verify(composed, 'cafe au lait')).toBe(false);
  });

  test('of nobody are never right', async () => {
    const passwords = await createPasswordHasher();
    expect(await passwords.verify(undefined, 'anything')).toBe(false);
  });

  test('that come faster than they can be hashed are turned away, not piled up', async () => {
    const passwords = await createPasswordHasher(1);
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => passwords.hash('wave')));
    // Two are worked on, one waits.
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
    ]);
    expect(results.at(-1)).toMatchObject({ reason: expect.any(RetryableError) as unknown });
    // The place is free again afterwards.
    await expect(passwords.hash('later')).resolves.toEqual(expect.any(String));
  });
});
