import { describe, expect, it } from 'vitest';
import { endOf, isAfter, positionText, readPosition } from './position.ts';

describe('positions hunt clients that would skip or repeat an event', () => {
  it('reads back what it wrote', () => {
    expect(readPosition(positionText({ sequence: 12, index: 3 }))).toEqual({
      sequence: 12,
      index: 3,
    });
  });

  it('takes a message without an index as heard to its end', () => {
    const heard = readPosition('12') ?? endOf(0);
    expect(isAfter({ sequence: 12, index: 499 }, heard)).toBe(false);
    expect(isAfter({ sequence: 13, index: 0 }, heard)).toBe(true);
  });

  it.each(['', 'x', '-1', '1.', '1.2.3', '1e9', '12345678901234567', ' 1'])(
    'refuses %j',
    (text) => {
      expect(readPosition(text)).toBeUndefined();
    },
  );

  it.each([
    [{ sequence: 2, index: 0 }, { sequence: 1, index: 9 }, true],
    [{ sequence: 2, index: 1 }, { sequence: 2, index: 0 }, true],
    [{ sequence: 2, index: 1 }, { sequence: 2, index: 1 }, false],
    [{ sequence: 2, index: 0 }, { sequence: 2, index: 1 }, false],
  ])('orders %j behind %j: %j', (one, other, after) => {
    expect(isAfter(one, other)).toBe(after);
  });
});
