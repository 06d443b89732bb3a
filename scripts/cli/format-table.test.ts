import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('hunts columns that run into each other', () => {
  const text = formatTable(
    ['id', 'decision', 'score'],
    [
      ['a', 'approve', 0.01],
      ['a-long-id', undefined, null],
    ],
  );
  expect(text.split('\n')).toEqual([
    'id          decision   score',
    'a           approve    0.01',
    'a-long-id',
  ]);
});

test('hunts tables that break without rows', () => {
  expect(formatTable(['a', 'b'], [])).toBe('a   b');
});
