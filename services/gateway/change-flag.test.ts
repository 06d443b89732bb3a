import type { RecordedAction } from '@florin/messaging';
import { RetryableError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createChangeFlag } from './change-flag.ts';

const value = {
  variant: 'off',
  before: 'shadow',
  changedBy: 'olga',
  changedAt: '2026-01-01T00:00:00.000Z',
};

async function change(setting: { changed: boolean; changedBy?: string }, audit = 'there') {
  const recorded: RecordedAction[] = [];
  const changeFlag = createChangeFlag({
    flags: {
      set: async () => ({
        value: { ...value, changedBy: setting.changedBy ?? 'olga' },
        revision: 7,
        changed: setting.changed,
      }),
    },
    record: async (action) => {
      if (audit === 'away') throw new RetryableError('away');
      recorded.push(action);
    },
  });
  await changeFlag({ key: 'fraud-scoring', variant: 'off', actorId: 'olga', requestId: 'r' });
  return recorded;
}

describe('hunts changes of a flag that the audit log does not know, or knows twice', () => {
  const CHANGE = {
    id: 'flag-fraud-scoring-7',
    at: value.changedAt,
    actorId: 'olga',
    action: 'flag-changed',
    target: 'fraud-scoring',
    before: 'shadow',
    after: 'off',
  };

  test('a change is recorded under its revision', async () => {
    expect(await change({ changed: true })).toMatchObject([CHANGE]);
  });

  test('repeated because the audit log was away, it is the same record', async () => {
    await expect(change({ changed: true }, 'away')).rejects.toThrow('away');
    expect(await change({ changed: false })).toMatchObject([CHANGE]);
  });

  test('what somebody else had set before is not recorded as a deed of the second', async () => {
    expect(await change({ changed: false, changedBy: 'otto' })).toEqual([]);
  });
});
