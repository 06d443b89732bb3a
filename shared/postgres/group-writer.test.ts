import { describe, expect, test } from 'vitest';
import { createGroupWriter } from './group-writer.ts';

describe('a group writer', () => {
  test('answers each item with its own answer, writing in bulk what came meanwhile', async () => {
    const groups: number[][] = [];
    const write = createGroupWriter(
      async (items: number[]) => {
        groups.push(items);
        await new Promise(setImmediate);
        return items.map((item) => item * 10);
      },
      { groupMax: 3 },
    );
    const answers = await Promise.all([1, 2, 3, 4, 5].map((item) => write(item)));
    expect(answers).toEqual([10, 20, 30, 40, 50]);
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  test('waits for company where it may', async () => {
    const groups: number[][] = [];
    const write = createGroupWriter(
      async (items: number[]) => {
        groups.push(items);
        return items;
      },
      { groupMax: 10, gatherMs: 20 },
    );
    const first = write(1);
    await new Promise(setImmediate);
    await Promise.all([first, write(2)]);
    expect(groups).toEqual([[1, 2]]);
  });

  test('goes on after a group that failed', async () => {
    const write = createGroupWriter(
      async (items: number[]) => {
        if (items.includes(1)) throw new Error('the database is away');
        return items;
      },
      { groupMax: 1 },
    );
    const [first, second] = await Promise.allSettled([write(1), write(2)]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
    expect(await write(3)).toBe(3);
  });
});
