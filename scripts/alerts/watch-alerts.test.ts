import { expect, test } from 'vitest';
import { noteFiring, type Firing } from './watch-alerts.ts';

test('hunts an alert taken for that of an earlier fault, or for over while it fires', () => {
  const courses = new Map<string, Firing[]>();
  noteFiring(courses, new Set(['a', 'b']), 1);
  noteFiring(courses, new Set(['b']), 2);
  noteFiring(courses, new Set(['b']), 3);
  noteFiring(courses, new Set(['a', 'b']), 4);
  expect(courses.get('a')).toEqual([{ firedAtMs: 1, clearedAtMs: 2 }, { firedAtMs: 4 }]);
  expect(courses.get('b')).toEqual([{ firedAtMs: 1 }]);
});
