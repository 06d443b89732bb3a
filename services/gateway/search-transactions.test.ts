import { expect, test } from 'vitest';
import { createSearchTransactions } from './search-transactions.ts';

const BEN = '01890000-0000-7000-8000-0000000000b1';
const WALLET = '01890000-0000-7000-8000-0000000000b2';
const SCOPE = { ownerId: '01890000-0000-7000-8000-0000000000a1' };

/** Hunts words that are taken for something else: what the ledger is asked for each search. */
test.each([
  [{ text: 'rent' }, { text: 'rent', textWalletIds: [] }],
  [{ text: ' Ben@Example.com ' }, { text: ' Ben@Example.com ', textWalletIds: [WALLET] }],
  [{ text: WALLET }, { text: WALLET, textWalletIds: [WALLET] }],
  [{ counterparty: 'ben@example.com' }, { counterpartyIds: [WALLET] }],
  [{ counterparty: 'nobody@example.com' }, { counterpartyIds: [] }],
  [{ counterparty: BEN }, { counterpartyIds: [BEN] }],
  [
    { minAmount: 5n, maxAmount: 7n, status: 'held' as const },
    { minAmount: '5', maxAmount: '7', status: 'held' },
  ],
])('search %#: what is asked of the ledger', async (query, filter) => {
  const asked: unknown[] = [];
  const search = createSearchTransactions({
    identity: {
      findUserByEmail: async ({ email }) => ({
        user: email === 'ben@example.com' ? ({ id: BEN } as never) : null,
      }),
    },
    ledger: {
      listWallets: async ({ ownerId }) => ({
        items: ownerId === BEN ? [{ id: WALLET } as never] : [],
        nextCursor: null,
      }),
      listTransactions: async (question) => {
        asked.push(question);
        return { items: [], nextCursor: null };
      },
    },
  });
  await search(SCOPE, { limit: 20, ...query });
  expect(asked).toEqual([{ ...SCOPE, limit: 20, filter }]);
});
