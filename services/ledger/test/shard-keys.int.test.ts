import { LANE_TYPES, LEDGER_REQUESTS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openShardedSurroundings, type ShardedSurroundings } from './sharded-surroundings.ts';

let around: ShardedSurroundings;

beforeAll(async () => {
  around = await openShardedSurroundings();
});
afterAll(() => around.close());

/** Asks for a payment under a key; the answer to it is that of the returned number. */
async function payUnder(key: string, from: string, to: string): Promise<number> {
  const told = around.outcomes.get(key)?.length ?? 0;
  const pays = { type: 'transfer', counterpartyWalletId: to, transactionId: key };
  await around.order(from, '10', pays);
  return told + 1;
}

const postedOf = async (wallet: string): Promise<string | undefined> => {
  const { wallets } = await request(around.bus, LEDGER_REQUESTS.getWallets, { ids: [wallet] });
  return wallets[0]?.balances.posted;
};
const verify = () => request(around.bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 30_000 });

/** Hunts a second payment under the key of one that another shard has made. */
test('a key of one shard is refused in the other, whatever is asked for', async () => {
  const [near, far] = [await around.walletIn(0), await around.walletIn(1)];
  const others = [await around.walletIn(0), await around.walletIn(1)] as const;
  const key = uuidv7();
  const first = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(first).toMatchObject({ kind: 'transaction', transaction: { status: 'completed' } });
  for (const payee of [others[1], others[0]]) {
    const refused = await around.outcomeOf(key, await payUnder(key, far, payee));
    expect(refused).toEqual({ kind: 'key-reused', requestId: key });
  }
  const bulkId = uuidv7();
  const item = { walletId: far, counterpartyWalletId: others[1], amount: '5', currency: 'USD' };
  await around.send(LANE_TYPES.bulkInitiated, bulkId, far, {
    bulkId,
    clientId: 'client',
    bodyHash: 'x'.repeat(22),
    walletId: far,
    orders: [
      { ...item, transactionId: uuidv7() },
      { ...item, transactionId: key },
    ],
  });
  expect(await around.outcomeOf(bulkId)).toEqual({ kind: 'key-reused', requestId: bulkId });
  const again = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(again).toMatchObject({ kind: 'transaction', replayed: true });
  expect([await postedOf(near), await postedOf(far)]).toEqual(['990', '1000']);
  expect((await verify()).breaks).toEqual([]);
});

/** Hunts a reused key that nobody ever hears of because one shard was away when it was asked. */
test('what was paid twice while a shard was away is a break of reconciliation', async () => {
  const [near, far] = [await around.walletIn(0), await around.walletIn(1)];
  const others = [await around.walletIn(0), await around.walletIn(1)] as const;
  const key = uuidv7();
  await around.outcomeOf(key, await payUnder(key, far, others[1]));
  await around.ledgers[1]?.stop();
  const decided = await around.outcomeOf(key, await payUnder(key, near, others[0]));
  expect(decided).toMatchObject({ kind: 'transaction', transaction: { status: 'completed' } });
  await around.startSecond();
  await eventually(async () => (await verify()).breaks.length > 0);
  expect((await verify()).breaks[0]).toMatchObject({
    invariant: 'I4 a key stands for one payment in all shards',
    detail: expect.stringContaining(key) as string,
  });
});
