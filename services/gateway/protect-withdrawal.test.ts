import type { TransactionOrder } from '@florin/contracts';
import { asClientId } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { createAssetTable } from './domain/asset-table.ts';
import type { Caller } from './domain/caller.ts';
import { createProtectWithdrawal } from './protect-withdrawal.ts';

const NOW = 1_700_000_000_000;
const MINUTE_MS = 60_000;

const caller = (provenMinutesAgo: number | undefined, kind: Caller['kind'] = 'user'): Caller => ({
  id: asClientId('ana'),
  kind,
  scopes: new Set(),
  roles: new Set(),
  session:
    provenMinutesAgo === undefined
      ? undefined
      : { id: 's', provenAtMs: NOW - provenMinutesAgo * MINUTE_MS },
});

const order = (amount: string, bankAccount: string, type = 'withdrawal', currency = 'USD') =>
  ({ type, transactionId: 't', walletId: 'w', amount, currency, bankAccount }) as TransactionOrder;

function ask(who: Caller, what: TransactionOrder, begun = false) {
  const protect = createProtectWithdrawal({
    ledger: {
      listTransactions: async () =>
        ({ items: [{ bankAccount: 'ok:mine' }], nextCursor: null }) as never,
    },
    findTransaction: async () => (begun ? ({ state: 'found' } as never) : undefined),
    clock: { nowMs: () => NOW, monotonicMs: () => 0 },
    stepUpMs: 10 * MINUTE_MS,
    stepUpAmount: 1_000_000n,
    assets: createAssetTable([]),
  });
  return protect(who, what);
}

describe('hunts money that leaves with a stolen token', () => {
  test.each([
    ['much, to the usual account', order('1000000', 'ok:mine')],
    ['little, to a new account', order('1', 'ok:theirs')],
    ['as much in a dearer one', order('10000000', 'ok:mine', 'withdrawal', 'BTC')],
  ])('%s, wants a fresh proof', async (_, withdrawal) => {
    const refused = { refused: 'step-up-required' };
    expect(await ask(caller(11), withdrawal)).toMatchObject(refused);
    expect(await ask(caller(undefined), withdrawal)).toMatchObject(refused);
    expect(await ask(caller(9), withdrawal)).toBeUndefined();
  });
});

describe('hunts proofs that are asked for without need', () => {
  test.each([
    ['a little, to the usual account', caller(500), order('999999', 'ok:mine'), false],
    [
      'a little of a currency with large numbers',
      caller(500),
      order('100000000', 'ok:mine', 'withdrawal', 'VND'),
      false,
    ],
    [
      'a machine, which can take no step',
      caller(undefined, 'machine'),
      order('9999999', 'x'),
      false,
    ],
    ['a deposit', caller(500), order('9999999', 'x', 'deposit'), false],
    ['one that was begun: its key stands for it', caller(500), order('9999999', 'x'), true],
  ])('%s', async (_, who, what, begun) => {
    expect(await ask(who, what, begun)).toBeUndefined();
  });
});
