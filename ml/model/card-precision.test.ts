import { describe, expect, test } from 'vitest';
import { cardPrecisionAtTop, type ScoredCard } from './card-precision.ts';

const scored = (day: number, card: number, score: number, fraud = false): ScoredCard => ({
  day,
  card,
  score,
  fraud,
});

describe('hunts a card precision that counts transactions instead of cards', () => {
  test('a card counts once a day, by its highest score and any fraud of that day', () => {
    const day = [scored(0, 1, 9), scored(0, 1, 2, true), scored(0, 2, 8), scored(0, 3, 1, true)];
    expect(cardPrecisionAtTop(day, 2)).toBe(0.5);
  });

  test('a card found on one day is not checked on the next', () => {
    const first = [scored(0, 1, 9, true), scored(0, 2, 8)];
    const second = [scored(1, 1, 9, true), scored(1, 3, 8), scored(1, 2, 7, true)];
    expect(cardPrecisionAtTop([...second, ...first], 1)).toBe((1 + 0) / 2);
    expect(cardPrecisionAtTop([...second, ...first], 2)).toBe((1 / 2 + 1 / 2) / 2);
  });

  test('fewer cards than k do not raise the precision', () => {
    expect(cardPrecisionAtTop([scored(0, 1, 9, true)], 100)).toBe(0.01);
  });
});
