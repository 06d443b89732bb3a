import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, bench, id, message, outcomeOf, pay, settled } from '../test/lane-bench.ts';

const KEY = id(200);

/** Ana, with 100, and Ben in one shard; all others are elsewhere. */
function oneOfShards(usedElsewhere: readonly string[] = []) {
  const lane = bench();
  for (const wallet of [ANA, BEN]) lane.tell(message({ do: 'open', wallet, currency: 'USD' }));
  lane.tell(message({ do: 'deposit', id: id(100), wallet: ANA, amount: 100n, currency: 'USD' }));
  lane.tell(settled(lane.book, { do: 'settle', id: id(100), completed: true }));
  lane.book.otherShards = {
    isElsewhere: (wallet) => wallet !== ANA && wallet !== BEN,
    pairOf: () => '0-1',
    arrivals: new Map(),
    usedElsewhere: new Set(usedElsewhere),
  };
  return lane;
}

const hold = message({
  do: 'hold',
  id: KEY,
  from: ANA,
  to: BEN,
  amount: 5n,
  currency: 'USD',
  expiresIn: 60,
});
const bulk = message({
  do: 'bulk',
  id: id(300),
  items: [
    { do: 'transfer', id: id(301), from: ANA, to: BEN, amount: 5n, currency: 'USD' },
    { do: 'transfer', id: KEY, from: ANA, to: BEN, amount: 5n, currency: 'USD' },
  ],
});

/** Hunts a second payment under a key that stands for one in another shard. */
describe('a key that another shard knows', () => {
  const orders: [string, LaneMessage][] = [
    ['a transfer', pay(5n, { id: KEY })],
    ['a hold', hold],
    ['one of a bulk', bulk],
    ['a reversal', settled(oneOfShards().book, { do: 'reverse', id: KEY, of: id(100), part: 5n })],
  ];
  test.each(orders)('refuses %s, and writes nothing down', (_, order) => {
    const lane = oneOfShards([KEY]);
    const told = lane.tell(order);
    expect(outcomeOf(told)).toEqual({ kind: 'key-reused', requestId: order.id });
    expect(told).toMatchObject({ newTransactions: [], entries: [], events: [], letters: [] });
    expect(lane.book.transactions.has(KEY)).toBe(false);
  });

  test('is told again where it is known here, too', () => {
    const lane = oneOfShards();
    lane.tell(pay(5n, { id: KEY }));
    if (lane.book.otherShards) lane.book.otherShards.usedElsewhere = new Set([KEY]);
    expect(outcomeOf(lane.tell(pay(5n, { id: KEY })))).toMatchObject({ replayed: true });
  });
});

/** Hunts money that leaves one payer and never arrives, because another one's did. */
test('what arrives under the key of another payer is not credited, and that one is told so', () => {
  const lane = oneOfShards();
  const letter = (payerWalletId: string): LaneMessage => {
    const { risk: _, ...order } = pay(7n, { id: KEY, to: BEN }).data as { risk?: unknown };
    return {
      ...pay(7n, { id: KEY }),
      type: LANE_TYPES.creditTransfer,
      data: { ...order, walletId: BEN, payerWalletId },
    } as LaneMessage;
  };
  const outcomes = [id(50), id(51), id(50)].map((payer) => {
    const [answer] = lane.tell(letter(payer)).letters;
    return answer?.type === LANE_TYPES.settleTransfer ? answer.data.outcome.status : undefined;
  });
  expect(outcomes).toEqual(['credited', 'refused', 'credited']);
  expect(lane.book.wallets.get(BEN)?.posted).toBe(7n);
});
