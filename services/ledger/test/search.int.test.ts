import type { TransactionFilter } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createListTransactions } from '../reads/list-transactions.ts';
import { openSurroundings, type Surroundings } from './ledger-surroundings.ts';
import { unarchived } from './old-books.ts';

/**
 * Hunts search results that are stale, foreign, told twice or left out: what was acknowledged must
 * be found by the very next question, by every filter and from both sides.
 */

let around: Surroundings;
let list: ReturnType<typeof createListTransactions>;
let from: string;
let to: string;
let stranger: string;

beforeAll(async () => {
  around = await openSurroundings();
  await around.startOne('search');
  list = createListTransactions(around.pool, unarchived(around.pool));
  from = await around.fundedWallet('1000000');
  to = await around.openWallet();
  stranger = await around.fundedWallet('1000');
});
afterAll(() => around.close());

/** A transfer that is decided by the time this resolves. */
async function pay(amount: string, more: object = {}, payer = from): Promise<string> {
  const id = await around.order(payer, amount, {
    type: 'transfer',
    counterpartyWalletId: to,
    ...more,
  });
  await around.outcomeOf(id);
  return id;
}

async function idsOf(
  filter: TransactionFilter,
  scope: { walletIds?: string[] } = {},
  limit = 100,
): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({
      ...scope,
      filter,
      limit,
      ...(cursor === null ? {} : { cursor }),
    });
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}

describe('search in the books', () => {
  it('finds a payment by every filter, at once, from both sides and among all', async () => {
    const before = new Date().toISOString();
    const order = uuidv7();
    const metadata = { order, channel: 'web' };
    const id = await pay('777', { description: 'Rent for März, 100%', metadata });
    const filters: TransactionFilter[] = [
      { metadata: { order } },
      { metadata },
      { text: 'rent FOR mÄrz' },
      { text: '100%' },
      { minAmount: '777', maxAmount: '777' },
      { text: 'nowhere', textWalletIds: [to], minAmount: '777' },
      { counterpartyIds: [to], minAmount: '777' },
      { status: 'completed', type: 'transfer', currency: 'USD', from: before },
    ];
    for (const scope of [{ walletIds: [from] }, { walletIds: [to] }, {}]) {
      for (const filter of filters)
        expect([filter, await idsOf(filter, scope)]).toEqual([filter, [id]]);
    }
    expect(await idsOf({ metadata: { order } }, { walletIds: [stranger] })).toEqual([]);
  });

  it('leaves out what only nearly matches', async () => {
    const order = uuidv7();
    await pay('778', { description: 'Rent_2', metadata: { order, channel: 'web' } });
    const near: TransactionFilter[] = [
      { metadata: { order, channel: 'shop' } },
      { metadata: { [order]: 'order' } },
      { text: 'Rent%2' },
      { minAmount: '779', maxAmount: '999' },
      { counterpartyIds: [stranger], type: 'transfer' },
      { metadata: { order }, to: '2020-01-01T00:00:00.000Z' },
      { metadata: { order }, status: 'failed' },
      { currency: 'EUR' },
    ];
    for (const scope of [{ walletIds: [from, to] }, {}]) {
      for (const filter of near) expect([filter, await idsOf(filter, scope)]).toEqual([filter, []]);
    }
  });

  it('finds what failed or waits, which has no entries', async () => {
    const order = uuidv7();
    const failed = await pay('5000', { metadata: { order } }, stranger);
    const hold = await around.order(from, '5', {
      type: 'hold',
      counterpartyWalletId: to,
      expiresInSeconds: 60,
      metadata: { order },
    });
    await around.outcomeOf(hold);
    for (const scope of [{ walletIds: [from, stranger] }, {}]) {
      expect(await idsOf({ metadata: { order } }, scope)).toEqual([hold, failed]);
      expect(await idsOf({ metadata: { order }, status: 'failed' }, scope)).toEqual([failed]);
      expect(await idsOf({ status: 'failed', minAmount: '5000' }, scope)).toEqual([failed]);
    }
  });

  it('takes two keys that read alike together for two, and stores both', async () => {
    const metadata = { 'a=b': 'c', a: 'b=c' };
    const id = await pay('9', { metadata });
    expect(await idsOf({ metadata: { a: 'b=c' } })).toEqual([id]);
    expect(await idsOf({ metadata: { a: 'c' } })).toEqual([]);
    expect(await idsOf({ metadata })).toEqual([id]);
  });

  it('pages through the same list, newest first, whatever the size of a page', async () => {
    const sent: string[] = [];
    const group = uuidv7();
    for (let nth = 0; nth < 7; nth++) sent.push(await pay('3', { metadata: { group } }));
    for (const scope of [{ walletIds: [from] }, { walletIds: [from, to] }, {}]) {
      for (const filter of [{ metadata: { group } }, { minAmount: '3', maxAmount: '3' }, {}]) {
        const all = await idsOf(filter, scope);
        expect(all.slice(0, 7)).toEqual(sent.toReversed());
        expect(new Set(all).size).toBe(all.length);
        for (const limit of [1, 2, 3]) expect(await idsOf(filter, scope, limit)).toEqual(all);
      }
    }
  });

  it('ends a page that looked through too much, and goes on behind it to the last', async () => {
    const needle = await pay('12345', { description: 'needle' });
    const { rows } = await around.pool.query<{ sequence: bigint; posted: bigint; lane: number }>(
      'SELECT sequence, posted, partition AS lane FROM wallets WHERE id = $1',
      [from],
    );
    const { sequence, posted, lane } = rows[0] ?? { sequence: 0n, posted: 0n, lane: 0 };
    await bury(from, Number(sequence), posted, lane);
    for (const scope of [{ walletIds: [from] }, {}]) {
      const pages: number[] = [];
      let cursor: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof list>> = await list({
          ...scope,
          filter: { text: 'needle' },
          limit: 20,
          ...(cursor === null ? {} : { cursor }),
        });
        pages.push(page.items.filter(({ id }) => id === needle).length);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(pages.length).toBeGreaterThan(1);
      expect(pages.reduce((sum, found) => sum + found, 0)).toBe(1);
    }
  });
});

/** More recent payments over the others than one page looks through, straight into the tables. */
async function bury(wallet: string, sequence: number, posted: bigint, lane: number): Promise<void> {
  await around.pool.query(
    `WITH paid AS (
       SELECT n, gen_random_uuid() AS id, now() + n * interval '1 microsecond' AS at
         FROM generate_series(1, 25000) AS n
     ), told AS (
       INSERT INTO transactions (id, partition, event_sequence, type, status, wallet_id,
         counterparty_wallet_id, amount, currency, client_id, body_hash, origin, wallet_sequence,
         counterparty_sequence, wallet_posted, wallet_held, created_at, completed_at)
       SELECT id, $5, 1000000 + n, 'transfer', 'completed', $1, $2, 1, 'USD', 'c', 'h', '',
              $3 + n, n, $4 - n, 0, at, at FROM paid
     ), counted AS (
       UPDATE wallets SET sequence = $3 + 25000 WHERE id = $1
     ), numbered AS (
       UPDATE partitions SET event_sequence = 1025000 WHERE partition = $5
     )
     INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                          created_at)
     SELECT $1, $3 + n, id, 'USD', -1, $4 - n, at FROM paid
     UNION ALL SELECT $6, n, id, 'USD', 1, n, at FROM paid`,
    [wallet, to, sequence, posted, lane, uuidv7()],
  );
}
