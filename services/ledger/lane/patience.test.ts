import { expect, test } from 'vitest';
import { createPatience } from './patience.ts';

test('hunts payments that each wait the whole deadline for a scorer that is dead', () => {
  const patience = createPatience(1000);
  expect(patience.onUnscored(1, 0)).toBe(true);
  expect(patience.onUnscored(3, 10)).toBe(false);
  expect(patience.deadlineMs()).toBe(1000);
  patience.onUnscored(1, 20);
  expect(patience.deadlineMs()).toBe(100);
  expect(patience.onScored()).toBe(true);
  expect(patience.deadlineMs()).toBe(1000);
  expect(patience.onScored()).toBe(false);
});

test('hunts a scorer that is slow but alive and never heard of again', () => {
  const patience = createPatience(1000);
  patience.onUnscored(5, 1000);
  patience.onUnscored(5, 30_999);
  expect(patience.deadlineMs()).toBe(100);
  patience.onUnscored(5, 31_000);
  expect(patience.deadlineMs()).toBe(1000);
  patience.onUnscored(1, 32_000);
  expect(patience.deadlineMs()).toBe(100);
});

test('a deadline that is short already is not made longer', () => {
  const patience = createPatience(20);
  patience.onUnscored(9, 0);
  expect(patience.deadlineMs()).toBe(20);
});
