import { RetryableError } from '@florin/kernel';
import type { Bus, Publisher } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { halt, openLane, type LaneDependencies } from './lane.ts';

const ROWS: Record<string, object[]> = {
  'read-partition': [
    {
      position: 0n,
      position_message: null,
      stream_created_at: null,
      event_sequence: 1n,
      published_sequence: 0n,
      watched_position: 0n,
      halted_reason: null,
    },
  ],
  'unpublished-stored-events': [{ sequence: 1n, name: 'wallet-opened', json: '{}', wallet: 'w' }],
};

function dependencies(publish: Publisher['publish'], more: Partial<LaneDependencies> = {}) {
  const query = async ({ name }: { name: string }) => ({ rows: ROWS[name] ?? [] });
  const info = async () => ({ created: 'then', state: { first_seq: 1, last_seq: 1 } });
  return {
    pool: { query } as unknown as pg.Pool,
    bus: { jsm: { streams: { info } } } as unknown as Bus,
    events: { publish } as Publisher,
    log: createLogger('test', 'silent'),
    onHalt() {},
    onWork() {},
    answer() {},
    ...more,
  } as LaneDependencies;
}

/** It kept the whole process busy when it was to stop: nothing else came to its turn any more. */
test('hunts events of a lane that was given up while it was opened, told for ever', async () => {
  const lost = new AbortController();
  let calls = 0;
  const opening = openLane(
    dependencies(() => {
      calls += 1;
      lost.abort();
      // A publisher that was closed. More calls than one are wrong, and these would never end.
      return calls < 100
        ? Promise.reject(new RetryableError('the publisher is closed'))
        : new Promise(() => {});
    }),
    1,
    1n,
    lost.signal,
  );
  expect(await opening).toBeUndefined();
  expect(calls).toBe(1);
});

test('hunts a lane that stands still unseen, since its halt could not be stored', async () => {
  const halted: number[] = [];
  const away = async () => {
    throw new RetryableError('Postgres is away');
  };
  const deps = dependencies(async () => ({ sequence: 1, duplicate: false }), {
    pool: { query: away } as unknown as pg.Pool,
    onHalt: (partition) => halted.push(partition),
  });
  await expect(halt(deps, 1, 1n, 'the stream went back')).rejects.toThrow('away');
  expect(halted).toEqual([1]);
});
