import type { LedgerEvent } from '@florin/contracts';
import { RetryableError, TerminalError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createTellTogether } from './tell-together.ts';

const events = (...ids: string[]) => ids.map((id) => ({ id })) as LedgerEvent[];

function open(faultOf: (ids: string[]) => Error | undefined) {
  const calls: string[][] = [];
  const tell = createTellTogether(async (group) => {
    const ids = group.map(({ id }) => id);
    calls.push(ids);
    const fault = faultOf(ids);
    if (fault !== undefined) throw fault;
  });
  return { tell, calls };
}

describe('hunts a message that takes others with it', () => {
  test('messages that come together are told in one go', async () => {
    const { tell, calls } = open(() => undefined);
    await Promise.all([tell(events('a', 'b')), tell(events('c'))]);
    expect(calls).toEqual([['a', 'b', 'c']]);
  });

  test('one that can not be told fails alone', async () => {
    const { tell, calls } = open((ids) =>
      ids.includes('bad') ? new TerminalError('unreadable') : undefined,
    );
    const ends = await Promise.allSettled([
      tell(events('a')),
      tell(events('bad')),
      tell(events('c')),
    ]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(calls).toEqual([['a', 'bad', 'c'], ['a'], ['bad'], ['c']]);
  });

  test('while the database is away all of them come again, nothing is tried in vain', async () => {
    const { tell, calls } = open(() => new RetryableError('the database is away'));
    const ends = await Promise.allSettled([tell(events('a')), tell(events('b'))]);
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toHaveLength(1);
  });
});
