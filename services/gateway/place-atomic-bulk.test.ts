import type { LaneMessage, Outcome, Transaction, TransactionOrder } from '@florin/contracts';
import { asTransactionId, systemClock, uuidv7 } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import type { OutcomeInbox } from '@florin/messaging';
import { refusal } from './domain/refusal.ts';
import { createPlaceAtomicBulk } from './place-atomic-bulk.ts';

const WALLET = uuidv7();

const orderOf = (description = ''): TransactionOrder => ({
  transactionId: asTransactionId(uuidv7()),
  type: 'transfer',
  clientId: 'client',
  bodyHash: 'hash',
  walletId: WALLET,
  counterpartyWalletId: uuidv7(),
  amount: '1',
  currency: 'USD',
  description,
});

const transactionOf = (id: string): Transaction => ({
  id,
  type: 'transfer',
  status: 'completed',
  walletId: WALLET,
  amount: '1',
  currency: 'USD',
  createdAt: '2026-01-01T00:00:00.000Z',
});

/** A gateway whose ledger answers as the test says, as soon as it hears of a bulk. */
function desk(answer: (message: LaneMessage) => Outcome[], seen: 'new' | 'reused' = 'new') {
  const waiting = new Map<string, (outcome: Outcome | undefined) => void>();
  const sent: LaneMessage[] = [];
  const inbox: Pick<OutcomeInbox, 'wait' | 'forget' | 'waitingFor' | 'size'> = {
    wait: (id) => new Promise((resolve) => void waiting.set(id, resolve)),
    forget(ids) {
      for (const id of ids) {
        waiting.get(id)?.(undefined);
        waiting.delete(id);
      }
    },
    waitingFor: (id) => (waiting.has(id) ? 'hash' : undefined),
    size: () => waiting.size,
  };
  const place = createPlaceAtomicBulk({
    admit: () => undefined,
    inbox: inbox as OutcomeInbox,
    lanes: {
      send(message) {
        sent.push(message);
        for (const outcome of answer(message)) waiting.get(outcome.requestId)?.(outcome);
      },
      backlog: () => 0,
      drain: async () => undefined,
    },
    clock: systemClock,
    submissions: { rememberBulk: async () => seen },
  });
  const bulk = (items: Parameters<typeof place>[0]['items']) =>
    place({ id: BULK, fingerprint: 'hash', items }, { requestId: 'r', waitMs: 100 });
  return { bulk, sent, waiting };
}

const BULK = uuidv7();
const done = (orders: readonly TransactionOrder[], replayed = false): Outcome[] =>
  orders.map(({ transactionId }) => ({
    kind: 'transaction',
    requestId: transactionId,
    transaction: transactionOf(transactionId),
    replayed,
  }));

describe('a bulk that is done together is answered once', () => {
  test('with all of its transactions in order; nobody waits any more', async () => {
    const orders = [orderOf(), orderOf(), orderOf()];
    const at = desk(() => done(orders).toReversed());
    expect(await at.bulk(orders)).toMatchObject({
      transactions: orders.map(({ transactionId }) => ({ id: transactionId })),
      replayed: false,
    });
    expect([at.waiting.size, at.sent.length]).toEqual([0, 1]);
    expect(at.sent[0]).toMatchObject({ id: BULK, partitionkey: WALLET, data: { bulkId: BULK } });
    expect(JSON.stringify(at.sent[0]).match(/"clientId"/g)).toHaveLength(1);
  });

  test('with the item that it was refused for', async () => {
    const orders = [orderOf(), orderOf()];
    const transaction = transactionOf(uuidv7());
    const refused = { kind: 'bulk-refused', requestId: BULK, item: 1, transaction } as const;
    const at = desk(() => [{ ...refused, replayed: true }]);
    expect(await at.bulk(orders)).toEqual({ item: 1, because: transaction, replayed: true });
    expect(at.waiting.size).toBe(0);
  });

  test('with what an item was refused for before anybody was asked', async () => {
    const nobody = refusal('not-found', 'there is no wallet');
    const at = desk(() => []);
    expect(await at.bulk([orderOf(), nobody])).toMatchObject({ item: 1, because: nobody });
    expect(at.sent).toEqual([]);
  });

  test('nothing is sent under a key that is known, nor of what fits in no message', async () => {
    const reused = desk(() => [], 'reused');
    expect(await reused.bulk([orderOf()])).toMatchObject({ refused: 'idempotency-key-reused' });
    const large = desk(() => []);
    const orders = Array.from({ length: 1000 }, () => orderOf('x'.repeat(500)));
    expect(await large.bulk(orders)).toMatchObject({ refused: 'payload-too-large' });
    expect([...reused.sent, ...large.sent]).toEqual([]);
  });

  test('the same at the same moment waits for nobody', async () => {
    const orders = [orderOf()];
    const at = desk(() => []);
    const first = at.bulk(orders);
    await Promise.resolve();
    await Promise.resolve();
    expect(await at.bulk(orders)).toMatchObject({ refused: 'idempotency-request-in-flight' });
    for (const resolve of at.waiting.values()) resolve(undefined);
    expect(await first).toMatchObject({ refused: 'overloaded' });
  });
});
