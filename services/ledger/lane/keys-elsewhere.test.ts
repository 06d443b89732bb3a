import { RetryableError } from '@florin/kernel';
import { createLogger } from '@florin/runtime';
import { expect, test } from 'vitest';
import { createFindElsewhere } from './keys-elsewhere.ts';

const log = createLogger('test', 'silent');

/** Hunts lanes that stand still, or keep asking, because another shard does. */
test('a shard that is away is left alone for a while, and then asked again', async () => {
  let nowMs = 0;
  let isAway = true;
  const asked: number[] = [];
  const find = createFindElsewhere({
    others: () => [1, 2],
    nowMs: () => nowMs,
    log,
    async ask(shard, ids) {
      asked.push(shard);
      if (shard === 1 && isAway) throw new RetryableError('away');
      return ids.filter((id) => id === `known-in-${shard}`);
    },
  });
  const ids = ['known-in-1', 'known-in-2', 'new'];
  expect([...(await find(ids))]).toEqual(['known-in-2']);
  isAway = false;
  nowMs = 4_999;
  expect([...(await find(ids))]).toEqual(['known-in-2']);
  nowMs = 5_000;
  expect([...(await find(ids))]).toEqual(['known-in-1', 'known-in-2']);
  expect(asked).toEqual([1, 2, 2, 1, 2]);
});

/** Hunts questions that are too large to be asked, and answers to some of them only. */
test('many keys are asked for in parts, and none are not asked for', async () => {
  const sizes: number[] = [];
  const find = createFindElsewhere({
    others: () => [1],
    nowMs: () => 0,
    log,
    async ask(_, ids) {
      sizes.push(ids.length);
      return ids.slice(-1);
    },
  });
  expect((await find([])).size).toBe(0);
  const ids = Array.from({ length: 2_500 }, (_, n) => String(n));
  expect([...(await find(ids))]).toEqual(['999', '1999', '2499']);
  expect(sizes).toEqual([1000, 1000, 500]);
});
