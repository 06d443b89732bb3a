import { asClientId, asTransactionId } from '@florin/kernel';
import type { Role, Scope, Transaction } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import type { Caller } from './domain/caller.ts';
import { isRefusal } from './domain/refusal.ts';
import { createOrderFollowUp, type FollowUpRequest } from './order-follow-up.ts';

const at = (n: number): string => `01890000-0000-7000-8000-0000000000${n}`;
const [PAYMENT, OF_ANA, OF_BEN] = [at(10), at(11), at(12)] as const;
const OWNERS: Record<string, string> = { [OF_ANA]: 'ana', [OF_BEN]: 'ben' };

const caller = (id: string, kind: Caller['kind'], scopes: Scope[], roles: Role[] = []): Caller => ({
  id: asClientId(id),
  kind,
  scopes: new Set(scopes),
  roles: new Set(roles),
});
const CALLERS = {
  ana: caller('ana', 'user', ['transactions:write'], ['user']),
  ben: caller('ben', 'user', ['transactions:write'], ['user']),
  eve: caller('eve', 'user', ['transactions:write'], ['user']),
  operator: caller('olga', 'user', ['admin'], ['operator']),
  support: caller('sam', 'user', ['admin'], ['support']),
  machine: caller('shop', 'machine', ['transactions:write']),
  office: caller('office', 'machine', ['transactions:write', 'admin']),
};

/** Ana has paid Ben, or would, or has paid in. */
function ask(
  who: keyof typeof CALLERS,
  type: FollowUpRequest['type'],
  about: Partial<Transaction>,
  more: Partial<FollowUpRequest> & { placedBy?: string } = {},
) {
  const { placedBy = 'ana', ...asked } = more;
  const transaction: Transaction = {
    id: PAYMENT,
    type: 'transfer',
    status: 'completed',
    walletId: OF_ANA,
    ...(about.type === 'deposit' ? {} : { counterpartyWalletId: OF_BEN }),
    amount: '100',
    currency: 'USD',
    createdAt: '2026-01-01T00:00:00.000Z',
    ...about,
  };
  const order = createOrderFollowUp({
    ledger: {
      getTransaction: async ({ id }) => ({
        transaction: id === PAYMENT ? transaction : null,
        clientId: placedBy,
      }),
    },
    directory: {
      find: async (id) => ({ ownerId: OWNERS[id] ?? '', currency: 'USD' }),
    },
  });
  return order({
    caller: CALLERS[who],
    relatedId: PAYMENT,
    transactionId: asTransactionId(at(20)),
    bodyHash: 'x'.repeat(22),
    type,
    amount: undefined,
    final: false,
    reason: undefined,
    ...asked,
  });
}

/** Hunts a gap in who may do what with whose money: the others are not told that it exists. */
describe('who may let what follow from a transaction', () => {
  const hold = { type: 'hold', status: 'held' } as const;
  const deposit = { type: 'deposit' } as const;
  test.each([
    ['reversal', 'a transfer', {}, ['ben', 'operator', 'machine', 'office']],
    ['reversal', 'a capture', { type: 'capture' }, ['ben', 'operator', 'machine', 'office']],
    ['reversal', 'a deposit', deposit, ['operator', 'office']],
    ['reversal', 'a withdrawal', { type: 'withdrawal' }, []],
    ['reversal', 'a hold', hold, []],
    ['reversal', 'a reversal', { type: 'reversal' }, []],
    ['capture', 'a hold', hold, ['ana', 'ben', 'machine', 'office']],
    ['capture', 'a transfer', {}, []],
    ['release', 'a hold of Ana’s own', hold, ['ana', 'ben', 'machine', 'office']],
    ['release', 'a deposit', deposit, []],
  ] as const)('%s of %s: %s', async (type, _, about, allowed) => {
    for (const who of Object.keys(CALLERS) as (keyof typeof CALLERS)[]) {
      const order = await ask(who, type, about);
      const may = (allowed as readonly string[]).includes(who);
      expect([who, isRefusal(order) ? order.refused : 'may']).toEqual([
        who,
        may ? 'may' : 'not-found',
      ]);
    }
  });

  test('what a shop has placed its payer can’t take back', async () => {
    const order = await ask('ana', 'release', hold, { placedBy: 'shop' });
    expect(order).toMatchObject({ refused: 'not-found' });
    expect(await ask('ben', 'release', hold, { placedBy: 'shop' })).toMatchObject({ all: true });
  });
});

describe('what is ordered', () => {
  test.each([
    ['reversal', {}, OF_BEN, '100'],
    ['reversal', { reversedAmount: '30' }, OF_BEN, '70'],
    ['reversal', { status: 'reversed', reversedAmount: '100' }, OF_BEN, '100'],
    ['capture', { type: 'hold', status: 'held' }, OF_ANA, '100'],
    [
      'capture',
      {
        type: 'hold',
        hold: { capturedAmount: '20', releasedAmount: '0', expiresAt: '2026-01-02T00:00:00Z' },
      },
      OF_ANA,
      '80',
    ],
  ] as const)('%s of %o: by the lane of who pays', async (type, about, walletId, amount) => {
    const order = await ask('machine', type, about);
    expect(order).toMatchObject({ type, walletId, amount, all: true });
  });

  test('an amount that was asked for, and nothing of what never moved', async () => {
    expect(await ask('ben', 'reversal', {}, { amount: 7n })).toMatchObject({
      amount: '7',
      all: false,
    });
    for (const status of ['failed', 'held', 'pending'] as const) {
      expect(await ask('ben', 'reversal', { status })).toMatchObject({
        refused: 'limit-exceeded',
        facts: { remaining: '0' },
      });
    }
  });
});
