import { createEnvelope, LANE_TYPES, REWARDS_OWNER, type LaneMessage } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, outcomeOf, pay, settled, twoPeople } from '../test/lane-bench.ts';

/** Hunts rewards paid with money that is not there for them, and money taken back that was none. */

const PURSE = id(50);

function reward(n: number, amount: bigint, from = PURSE): LaneMessage {
  return createEnvelope(LANE_TYPES.rewardInitiated, {
    id: id(n),
    source: 'rewards',
    wallet: from,
    time: '2026-01-01T00:00:00Z',
    data: {
      type: 'reward' as const,
      transactionId: id(n),
      clientId: 'rewards',
      bodyHash: 'same'.padEnd(22, '0'),
      walletId: from,
      counterpartyWalletId: BEN,
      amount: String(amount),
      currency: 'USD' as const,
    },
  });
}

function takeBack(n: number, of: string, amount: bigint): LaneMessage {
  return createEnvelope(LANE_TYPES.rewardReversalInitiated, {
    id: id(n),
    source: 'rewards',
    wallet: BEN,
    time: '2026-01-01T00:00:00Z',
    data: {
      type: 'reversal' as const,
      transactionId: id(n),
      clientId: 'rewards',
      bodyHash: 'same'.padEnd(22, '0'),
      walletId: BEN,
      relatedTransactionId: of,
      amount: String(amount),
      all: false,
      currency: 'USD' as const,
    },
  });
}

/** Two people, and a purse with 30 in it. */
function purse() {
  const lane = twoPeople();
  lane.tell(message({ do: 'open', wallet: PURSE, currency: 'USD' }));
  const wallet = lane.book.wallets.get(PURSE);
  if (wallet === undefined) throw new Error('there is no purse');
  wallet.ownerId = REWARDS_OWNER;
  lane.tell(message({ do: 'deposit', id: id(90), wallet: PURSE, amount: 30n, currency: 'USD' }));
  lane.tell(settled(lane.book, { do: 'settle', id: id(90), completed: true }));
  return lane;
}

describe('rewards', () => {
  test('are paid once from what is there, and not beyond it', () => {
    const lane = purse();
    expect(outcomeOf(lane.tell(reward(600, 20n)))).toMatchObject({
      transaction: { type: 'reward', status: 'completed', balances: { available: '10' } },
    });
    expect(lane.tell(reward(600, 20n)).entries).toEqual([]);
    expect(outcomeOf(lane.tell(reward(601, 11n)))).toMatchObject({
      transaction: { status: 'failed', failure: { code: 'insufficient-funds' } },
    });
    expect(lane.book.wallets.get(PURSE)?.posted).toBe(10n);
  });

  test('are not paid from other people’s wallets, and the purse pays nothing else', () => {
    const lane = purse();
    const failed = { transaction: { failure: { code: 'not-found' } } };
    expect(outcomeOf(lane.tell(reward(602, 5n, ANA)))).toMatchObject(failed);
    expect(outcomeOf(lane.tell(pay(5n, { from: PURSE, to: ANA })))).toMatchObject(failed);
  });

  test('go back in parts, and never more of them than was paid', () => {
    const lane = purse();
    lane.tell(reward(600, 20n));
    expect(outcomeOf(lane.tell(takeBack(610, id(600), 15n)))).toMatchObject({
      transaction: { type: 'reversal', status: 'completed', remaining: '5' },
    });
    expect(outcomeOf(lane.tell(takeBack(611, id(600), 6n)))).toMatchObject({
      transaction: { failure: { code: 'limit-exceeded' } },
    });
    expect(lane.book.wallets.get(PURSE)?.posted).toBe(25n);
  });

  test('are all that whoever takes them back can take', () => {
    const lane = purse();
    lane.tell(pay(60n));
    const { problem, entries } = lane.tell(takeBack(612, id(200), 60n));
    expect(problem).toBe('reversal of a transfer as if it were a reward');
    expect(entries).toEqual([]);
  });
});
