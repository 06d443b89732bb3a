import { describe, expect, test } from 'vitest';
import { createTokenKeeper } from './keep-token.ts';

/** Somebody who issues numbered tokens, when the test lets them. */
function keep(expiresIn = 60) {
  let nowMs = 0;
  let issued = 0;
  const keeper = createTokenKeeper(
    async () => ({ accessToken: `token-${++issued}`, expiresIn }),
    () => nowMs,
  );
  return { keeper, issued: () => issued, pass: (ms: number) => (nowMs += ms) };
}

describe('hunts tokens that are asked for too often, or used when they are over', () => {
  test('many that ask at once get one', async () => {
    const { keeper, issued } = keep();
    const tokens = await Promise.all(Array.from({ length: 10 }, () => keeper.token()));
    expect(new Set(tokens)).toEqual(new Set(['token-1']));
    expect(issued()).toBe(1);
  });

  test.each([
    ['a minute', 60, 29_000, 31_000],
    ['ten seconds: half of it', 10, 4000, 6000],
  ])('it is replaced before its end when it lasts %s', async (_long, seconds, good, over) => {
    const { keeper, pass } = keep(seconds);
    await keeper.token();
    pass(good);
    expect(await keeper.token()).toBe('token-1');
    pass(over - good);
    expect(await keeper.token()).toBe('token-2');
  });

  test('many that were refused with it get one other, and latecomers the same', async () => {
    const { keeper, issued } = keep();
    await keeper.token();
    const tokens = await Promise.all(Array.from({ length: 5 }, () => keeper.token('token-1')));
    expect(new Set(tokens)).toEqual(new Set(['token-2']));
    expect(await keeper.token('token-1')).toBe('token-2');
    expect(issued()).toBe(2);
  });

  test('one that came another way is used, and none that was given up', async () => {
    const { keeper, issued } = keep();
    keeper.keep({ accessToken: 'signed in', expiresIn: 60 });
    expect(await keeper.token()).toBe('signed in');
    keeper.keep(undefined);
    expect(await keeper.token()).toBe('token-1');
    expect(issued()).toBe(1);
  });

  test('a failure is told to all that wait, and not remembered', async () => {
    let broken = true;
    const keeper = createTokenKeeper(async () => {
      if (broken) throw new Error('away');
      return { accessToken: 'back', expiresIn: 60 };
    });
    const asked = await Promise.allSettled([keeper.token(), keeper.token()]);
    expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    expect(await keeper.token()).toBe('back');
  });
});
