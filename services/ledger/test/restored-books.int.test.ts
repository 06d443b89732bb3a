import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSurroundings, type Surroundings } from './ledger-surroundings.ts';

let around: Surroundings;
beforeAll(async () => {
  around = await openSurroundings(1);
});
afterAll(() => around.close());

/**
 * Hunts a ledger that goes on where it stood when its database is not the one it knew: restored to
 * an earlier second, with the same epochs. It would skip the orders in between.
 */
test('a lane whose books changed behind its back is opened anew', async () => {
  await around.startOne('unaware');
  const wallet = await around.fundedWallet('100');
  const other = await around.openWallet();
  const { rows: before } = await around.pool.query<{ epoch: bigint }>(
    'UPDATE partitions SET event_sequence = event_sequence + 7 RETURNING epoch',
  );
  const paid = await around.outcomeOf(await around.transfer(wallet, other, '40'));
  expect(paid).toMatchObject({ kind: 'transaction', transaction: { status: 'completed' } });
  const { rows: after } = await around.pool.query<{ epoch: bigint }>(
    'SELECT epoch FROM partitions',
  );
  expect(after[0]?.epoch).toBeGreaterThan(before[0]?.epoch ?? 0n);
  expect(await around.brokenBooks()).toEqual([]);
});
