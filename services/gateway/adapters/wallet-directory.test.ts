import type { Wallet } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createWalletDirectory } from './wallet-directory.ts';

const wallet = (id: string): Wallet => ({
  id,
  ownerId: `owner of ${id}`,
  name: 'x',
  currency: 'USD',
  status: 'active',
  balances: { posted: '0', held: '0', available: '0' },
  version: 1,
  createdAt: '2026-01-01T00:00:00Z',
});

/** A ledger that knows the wallets whose ids start with w, and counts what it is asked. */
function directoryWithLedger() {
  const asked: string[][] = [];
  const getWallets = async ({ ids }: { ids: string[] }) => {
    asked.push(ids);
    if (ids.includes('away')) throw new RetryableError('away');
    return { wallets: ids.filter((id) => id.startsWith('w')).map(wallet) };
  };
  return { asked, directory: createWalletDirectory({ ledger: { getWallets }, walletsMax: 100 }) };
}

describe('hunts questions to the ledger that need not be asked', () => {
  test('what is missed in one turn is asked for at once, each wallet one time', async () => {
    const { asked, directory } = directoryWithLedger();
    const found = await Promise.all(['w1', 'w2', 'w1', 'x'].map(async (id) => directory.find(id)));
    expect(found.map((facts) => facts?.ownerId)).toEqual([
      'owner of w1',
      'owner of w2',
      'owner of w1',
      undefined,
    ]);
    expect(asked).toEqual([['w1', 'w2', 'x']]);
  });

  test('what is known is not asked for again, what does not exist is', async () => {
    const { asked, directory } = directoryWithLedger();
    await Promise.all([directory.find('w1'), directory.find('x')]);
    expect(directory.find('w1')).toEqual({ ownerId: 'owner of w1', currency: 'USD' });
    await directory.find('x');
    expect(asked).toEqual([['w1', 'x'], ['x']]);
  });

  test('a thousand ids are the most that one question may hold', async () => {
    const { asked, directory } = directoryWithLedger();
    const ids = Array.from({ length: 1001 }, (_, index) => `w${index}`);
    await Promise.all(ids.map(async (id) => directory.find(id)));
    expect(asked.map((some) => some.length)).toEqual([1000, 1]);
  });
});

test('hunts stale balances: reading asks the ledger even for wallets that are known', async () => {
  const { asked, directory } = directoryWithLedger();
  directory.learn([wallet('w1')]);
  await directory.read('w1');
  expect(asked).toEqual([['w1']]);
});

test('hunts callers left without an answer: a fault reaches all who asked', async () => {
  const { directory } = directoryWithLedger();
  const both = await Promise.allSettled([directory.find('away'), directory.find('w1')]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await directory.find('w1')).toBeDefined();
});
