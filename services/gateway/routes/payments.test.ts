import { asClientId } from '@florin/kernel';
import type { Transaction } from '@florin/contracts';
import { expect, test } from 'vitest';
import type { Caller } from '../domain/caller.ts';
import { isRefusal } from '../domain/refusal.ts';
import { createFindTransaction } from '../find-transaction.ts';
import { paymentRoutes, type PaymentDeps } from './payments.ts';

const WALLET = '00000000-0000-7000-8000-000000000001';
const ana: Caller = { id: asClientId('ana'), kind: 'user', scopes: new Set(), roles: new Set() };

/** A gateway whose bank is shut out, and whose ledger has not seen the order yet. */
function depositOf(promised: boolean) {
  const placed: string[] = [];
  const deps = {
    directory: { find: () => ({ ownerId: 'ana', currency: 'USD' }) },
    breakers: { openForSeconds: () => 7 },
    findTransaction: createFindTransaction({
      ledger: { getTransaction: async () => ({ transaction: null, clientId: null }) },
      submissions: {
        find: async () =>
          promised
            ? { order: { transactionId: 't' } as never, createdAt: new Date(0).toISOString() }
            : undefined,
      },
    }),
    placeTransaction: async (order: { transactionId: string }) => {
      placed.push(order.transactionId);
      const transaction = { id: order.transactionId, status: 'pending' } as Transaction;
      return { state: 'pending', transaction, replayed: false };
    },
  } as unknown as PaymentDeps;
  const route = paymentRoutes(deps).find(({ path }) => path === '/v1/deposits');
  const call = {
    caller: ana,
    body: { walletId: WALLET, amount: 5n, bankAccount: 'down' },
    idempotencyKey: 'k',
    method: 'POST',
    path: '/v1/deposits',
    preference: { waitMs: 1, applied: undefined },
    requestId: 'r',
  };
  return { answer: route?.handle(call as never), placed };
}

test('a new deposit is not begun while its bank is shut out', async () => {
  const { answer, placed } = depositOf(false);
  expect(await answer).toMatchObject({ refused: 'bank-unavailable', retryAfterSeconds: 7 });
  expect(placed).toEqual([]);
});

/** With another key, "nothing has been started" would make the client pay twice. */
test('a deposit that was promised is not denied because its bank is shut out', async () => {
  const { answer, placed } = depositOf(true);
  const answered = await answer;
  expect(answered !== undefined && !isRefusal(answered) && answered.status).toBe(202);
  expect(placed).toHaveLength(1);
});
