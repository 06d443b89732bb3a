import { LANE_TYPES, REWARDS_OWNER, type LaneMessage } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, pay } from '../test/lane-bench.ts';
import {
  balanceOf,
  followUp,
  inLane,
  LEA,
  outcomesOf,
  transitOf,
  withMail,
  type ShardLane,
} from '../test/two-shards.ts';
import { arrivalIdOf } from './arrival-id.ts';
import type { Letter } from './changes.ts';

const reverse = (n: number, of: number, part: bigint | 'all'): LaneMessage =>
  followUp(BEN, { do: 'reverse', id: id(n), of: id(of), part });

/** Ana has paid Ben 60, and both shards know. */
function paid() {
  const shards = withMail();
  shards.tell(shards.near, pay(60n, { id: id(10) }));
  shards.settleAll();
  return shards;
}

const failureOf = (changes: Parameters<typeof outcomesOf>[0]) =>
  outcomesOf(changes)[0]?.failure?.code;

/** What both shards say of a payment from near to far. */
const bothSides = ({ near, far }: { near: ShardLane; far: ShardLane }, of: string) =>
  [near.book.transactions.get(of), far.book.transactions.get(arrivalIdOf(of) ?? '')].map(
    (state) => [state?.status, state?.reversed],
  );

describe('a payment between shards is given back', () => {
  test('hunts an answer too early, a second event, and a side that does not know of it', () => {
    const { near, far, tell, deliver } = paid();
    const asked = tell(far, reverse(20, 10, 25n));
    expect(asked.outcomes).toEqual([]);
    expect(balanceOf(far, BEN)).toEqual({ posted: 160n, held: 25n });
    expect(deliver(0)?.events).toEqual([]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 65n, held: 0n });
    expect(transitOf(near) + transitOf(far)).toBe(-25n);
    const ended = deliver(0);
    expect(ended === undefined ? [] : outcomesOf(ended)).toMatchObject([
      { status: 'completed', amount: '25', relatedTransactionId: id(10), remaining: '35' },
    ]);
    expect(balanceOf(far, BEN)).toEqual({ posted: 135n, held: 0n });
    expect(transitOf(near) + transitOf(far)).toBe(0n);
    const { data } = JSON.parse(ended?.events[0]?.json() ?? '');
    const moved = data.entries.map((one: { walletId: string }) => one.walletId);
    expect(moved).toHaveLength(4);
    expect(moved).toEqual(expect.arrayContaining([ANA, BEN]));
    expect(bothSides({ near, far }, id(10))).toEqual([
      ['completed', 25n],
      ['completed', 25n],
    ]);
  });

  test('hunts more given back than was paid, also while answers are under way', () => {
    const { near, far, tell, settleAll } = paid();
    tell(far, reverse(20, 10, 25n));
    expect(failureOf(tell(far, reverse(21, 10, 36n)))).toBe('limit-exceeded');
    tell(far, reverse(22, 10, 'all'));
    expect(far.book.transactions.get(id(22))?.amount).toBe(35n);
    expect(failureOf(tell(far, reverse(23, 10, 'all')))).toBe('limit-exceeded');
    settleAll();
    expect(failureOf(tell(far, reverse(24, 10, 1n)))).toBe('hold-already-settled');
    expect(bothSides({ near, far }, id(10))).toEqual([
      ['reversed', 60n],
      ['reversed', 60n],
    ]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 0n });
  });

  test('hunts a reversal that the payment’s own shard lets through beyond the payment', () => {
    const { near, far, mail, tell } = paid();
    tell(far, reverse(20, 10, 60n));
    const { letter } = mail[0] as { letter: Letter };
    if (letter.type !== LANE_TYPES.creditTransfer) throw new Error('no letter');
    const say = (data: Partial<typeof letter.data>) =>
      near.tell(inLane({ ...letter, data: { ...letter.data, ...data } })).letters[0]?.data;
    const refusals: [string, Partial<typeof letter.data>][] = [
      ['limit-exceeded', { transactionId: id(31), amount: '61' }],
      ['not-found', { transactionId: id(32), payerWalletId: id(77) }],
      ['not-found', { transactionId: id(33), currency: 'EUR' }],
      [
        'not-found',
        { transactionId: id(34), followUp: { relatedTransactionId: id(99), remaining: '0' } },
      ],
      ['not-found', { transactionId: id(35), followUp: undefined }],
    ];
    for (const [code, data] of refusals) {
      expect(say(data)).toMatchObject({ outcome: { status: 'refused', code } });
    }
    expect(say({})).toMatchObject({ outcome: { status: 'credited' } });
    expect(say({})).toMatchObject({ outcome: { status: 'credited' } });
    expect(say({ transactionId: id(36), amount: '1' })).toMatchObject({
      outcome: { status: 'refused', code: 'hold-already-settled' },
    });
    expect(near.book.transactions.get(id(10))?.reversed).toBe(60n);
    expect(balanceOf(near, ANA).posted).toBe(100n);
  });

  test('hunts money gone when the payer can’t have it back, or the payee has spent it', () => {
    const { near, far, tell, settleAll } = paid();
    near.tell(message({ do: 'set-status', wallet: ANA, status: 'frozen' }));
    tell(far, reverse(20, 10, 60n));
    settleAll();
    expect(far.book.transactions.get(id(20))).toMatchObject({ failureCode: 'wallet-frozen' });
    expect(balanceOf(far, BEN)).toEqual({ posted: 160n, held: 0n });
    near.tell(message({ do: 'set-status', wallet: ANA, status: 'active' }));
    tell(far, message({ do: 'withdraw', id: id(30), wallet: BEN, amount: 120n, currency: 'USD' }));
    expect(failureOf(tell(far, reverse(21, 10, 60n)))).toBe('insufficient-funds');
    tell(far, reverse(22, 10, 40n));
    settleAll();
    expect(balanceOf(near, ANA).posted).toBe(80n);
  });

  test('hunts one that is credited before its payment is known to have arrived', () => {
    const { near, far, tell, deliver, settleAll } = withMail();
    tell(near, pay(60n, { id: id(10) }));
    deliver(0);
    tell(far, reverse(20, 10, 'all'));
    // The reversal is asked for before the answer to the payment is heard.
    const early = deliver(1);
    expect(early?.letters).toEqual([]);
    expect(early?.entries).toEqual([]);
    settleAll();
    expect(near.book.transactions.get(id(10))).toMatchObject({ status: 'reversed' });
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 0n });
    expect(transitOf(near) + transitOf(far)).toBe(0n);
  });

  test('hunts fees that are given back, or keep the payment from being given back entirely', () => {
    const { near, far, tell, settleAll } = withMail();
    const flat = { from: '0', flat: '4', basisPoints: 0 };
    near.setFees([{ type: 'transfer', currency: 'USD', paidBy: 'recipient', tiers: [flat] }]);
    tell(near, pay(60n, { id: id(10) }));
    settleAll();
    expect(balanceOf(far, BEN).posted).toBe(156n);
    expect(far.book.transactions.get(arrivalIdOf(id(10)) ?? '')).toMatchObject({
      amount: 60n,
      fee: { amount: 4n, paidBy: 'recipient' },
    });
    tell(far, reverse(20, 10, 'all'));
    settleAll();
    expect(balanceOf(far, BEN).posted).toBe(96n);
    expect(balanceOf(near, ANA).posted).toBe(100n);
  });

  test('hunts a service that takes back rewards and gets at payments', () => {
    const { far, tell } = paid();
    const told = reverse(20, 10, 'all');
    const asked = { ...told, type: LANE_TYPES.rewardReversalInitiated } as LaneMessage;
    expect(tell(far, asked).problem).toBe('reversal of a transfer as if it were a reward');
  });

  test('hunts a reward that can’t be taken back from another shard', () => {
    const { near, far, tell, settleAll } = withMail();
    const purse = near.book.wallets.get(LEA);
    if (purse === undefined) throw new Error('no purse');
    purse.ownerId = REWARDS_OWNER;
    const told = pay(40n, { id: id(10), from: LEA });
    const data = { ...told.data, type: 'reward' };
    tell(near, { ...told, type: LANE_TYPES.rewardInitiated, data } as LaneMessage);
    settleAll();
    expect(balanceOf(far, BEN).posted).toBe(140n);
    const back = { ...reverse(20, 10, 'all'), type: LANE_TYPES.rewardReversalInitiated };
    tell(far, back as LaneMessage);
    settleAll();
    expect(near.book.transactions.get(id(10))?.status).toBe('reversed');
    expect(balanceOf(near, LEA).posted).toBe(100n);
  });

  test('hunts a key that gives back twice, or another amount', () => {
    const { near, far, tell, settleAll } = paid();
    tell(far, reverse(20, 10, 25n));
    expect(outcomesOf(tell(far, reverse(20, 10, 25n)))).toMatchObject([{ status: 'held' }]);
    settleAll();
    expect(outcomesOf(tell(far, reverse(20, 10, 25n)))).toMatchObject([{ status: 'completed' }]);
    expect(balanceOf(near, ANA).posted).toBe(65n);
  });
});

/** Hunts money made or lost, and payments given back beyond what they were, by late letters. */
test('whatever happens to letters, no payment is given back beyond itself', () => {
  const step = fc.record({
    do: fc.constantFrom('pay', 'reverse', 'reverse', 'freeze'),
    amount: fc.bigInt({ min: 1n, max: 40n }),
    all: fc.boolean(),
    way: fc.constantFrom('ana', 'lea', 'ben'),
    of: fc.nat(),
    freeze: fc.constantFrom('frozen', 'active', 'active'),
    deliver: fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('once', 'once', 'once', 'again', 'lost')),
      { maxLength: 4 },
    ),
  });
  const payments: { id: string; from: string; to: string }[] = [];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      payments.length = 0;
      const { near, far, tell, deliver, settleAll } = withMail();
      const laneOf = (wallet: string): ShardLane => (wallet === BEN ? far : near);
      const asked: [ShardLane, string][] = [];
      for (const [n, one] of steps.entries()) {
        const key = id(100 + n);
        const from = one.way === 'ben' ? BEN : one.way === 'ana' ? ANA : LEA;
        const payment = payments[one.of % Math.max(1, payments.length)];
        if (one.do === 'pay') {
          const to = one.way === 'ben' ? ANA : BEN;
          payments.push({ id: key, from, to });
          asked.push([laneOf(from), key]);
          tell(laneOf(from), pay(one.amount, { id: key, from, to }));
        } else if (one.do === 'reverse' && payment !== undefined) {
          const part = one.all ? 'all' : one.amount;
          const lane = laneOf(payment.to);
          const told = followUp(payment.to, { do: 'reverse', id: key, of: payment.id, part });
          // Nothing can follow from what has not arrived: the gateway sends no such thing.
          if (tell(lane, told).problem === undefined) asked.push([lane, key]);
        } else if (one.do === 'freeze') {
          tell(laneOf(from), message({ do: 'set-status', wallet: from, status: one.freeze }));
        }
        for (const [at, how] of one.deliver) deliver(at, how);
      }
      settleAll();
      for (const [lane, key] of asked) {
        expect(['completed', 'failed', 'reversed']).toContain(
          lane.book.transactions.get(key)?.status,
        );
      }
      for (const payment of payments) expectSameOnBothSides(payment, laneOf, asked);
      expect(transitOf(near) + transitOf(far)).toBe(0n);
      const people = [balanceOf(near, ANA), balanceOf(near, LEA), balanceOf(far, BEN)];
      expect(people.reduce((sum, { posted }) => sum + posted, 0n)).toBe(300n);
      expect(people.every(({ held }) => held === 0n)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

function expectSameOnBothSides(
  payment: { id: string; from: string; to: string },
  laneOf: (wallet: string) => ShardLane,
  asked: readonly [ShardLane, string][],
): void {
  const original = laneOf(payment.from).book.transactions.get(payment.id);
  const arrival = laneOf(payment.to).book.transactions.get(arrivalIdOf(payment.id) ?? '');
  if (original === undefined || arrival === undefined) return;
  const reversals = asked
    .map(([lane, key]) => lane.book.transactions.get(key))
    .filter((state) => state?.type === 'reversal' && state.status === 'completed')
    .filter((state) => state?.followUp?.relatedId === arrival.id);
  const sum = reversals.reduce((total, state) => total + (state?.amount ?? 0n), 0n);
  expect([original.reversed, arrival.reversed]).toEqual([sum, sum]);
  expect(sum <= original.amount).toBe(true);
  expect(arrival.status).toBe(original.status);
}
