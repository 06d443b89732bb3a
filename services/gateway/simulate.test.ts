import type { LaneMessage, Outcome, TransactionOrder } from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import type { Ledger } from './adapters/ledger.ts';
import { refusal } from './domain/refusal.ts';
import { createSimulate } from './simulate.ts';

const order = (more: Partial<TransactionOrder> = {}): TransactionOrder =>
  ({
    transactionId: uuidv7(),
    clientId: 'client',
    bodyHash: 'x'.repeat(22),
    walletId: uuidv7(),
    counterpartyWalletId: uuidv7(),
    type: 'transfer',
    amount: '5',
    currency: 'USD',
    ...more,
  }) as TransactionOrder;

const told = (one: TransactionOrder): Outcome => ({
  kind: 'transaction',
  requestId: one.transactionId,
  transaction: {
    id: one.transactionId,
    type: 'transfer',
    status: 'completed',
    walletId: one.walletId,
    amount: one.amount,
    currency: 'USD',
    createdAt: '2026-11-20T10:00:00.000Z',
  },
  replayed: false,
});

function asking(outcomes: Outcome[]) {
  const asked: LaneMessage[] = [];
  const ledger: Pick<Ledger, 'simulate'> = {
    async simulate({ messages }) {
      asked.push(...(messages as LaneMessage[]));
      return { outcomes };
    },
  };
  return { asked, simulate: createSimulate({ ledger, clock: systemClock }) };
}

describe('hunts dry runs that answer for another order, or for none', () => {
  test('what the ledger can’t decide is not there', async () => {
    const { simulate } = asking([]);
    expect(await simulate.order(order(), 'r')).toMatchObject({ refused: 'not-found' });
  });

  test('each item gets its own outcome; what is refused before is not asked about', async () => {
    const [first, second] = [order(), order()];
    const { asked, simulate } = asking([told(second), told(first)]);
    const refused = refusal('not-found', 'no such wallet');
    const bulk = { id: uuidv7(), fingerprint: 'f', items: [first, refused, second] };
    const placements = await simulate.orders(bulk, 'r');
    expect(asked.map(({ id }) => id)).toEqual([first.transactionId, second.transactionId]);
    expect(placements).toMatchObject([
      { transaction: { id: first.transactionId } },
      { refused: 'not-found' },
      { transaction: { id: second.transactionId } },
    ]);
  });

  test('of what is done together one that is refused before stands for all', async () => {
    const { asked, simulate } = asking([]);
    const items = [order(), refusal('not-found', 'no such wallet')];
    const placed = await simulate.bulk({ id: uuidv7(), fingerprint: 'f', items }, 'r');
    expect(placed).toMatchObject({ item: 1, because: { refused: 'not-found' } });
    expect(asked).toEqual([]);
  });

  test('more than fits in one message is refused, not broken', async () => {
    const { asked, simulate } = asking([]);
    const items = Array.from({ length: 1000 }, () => order({ description: 'x'.repeat(500) }));
    const placed = await simulate.orders({ id: uuidv7(), fingerprint: 'f', items }, 'r');
    expect(placed).toMatchObject({ refused: 'payload-too-large' });
    expect(asked).toEqual([]);
  });
});
