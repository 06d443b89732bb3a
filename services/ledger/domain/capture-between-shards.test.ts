import type { LaneMessage } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message } from '../test/lane-bench.ts';
import {
  balanceOf,
  followUp,
  LEA,
  outcomesOf,
  transitOf,
  withMail,
  type ShardLane,
} from '../test/two-shards.ts';
import { arrivalIdOf } from './arrival-id.ts';

const SECOND_US = 1_000_000;
const HOLD = id(10);

const placed = (hold: string, from: string, to: string, amount: bigint, expiresIn = 60) =>
  message({ do: 'hold', id: hold, from, to, amount, currency: 'USD', expiresIn });
const capture = (n: number, part: bigint | 'all', final = false): LaneMessage =>
  followUp(ANA, { do: 'capture', id: id(n), of: HOLD, part, final });
const release = (n: number): LaneMessage => followUp(ANA, { do: 'release', id: id(n), of: HOLD });
const expiry = (): LaneMessage => {
  const told = message({ do: 'expire-hold', id: HOLD });
  return { ...told, data: { ...told.data, walletId: ANA } } as LaneMessage;
};

/** 60 of Ana's 100 are held for Ben. */
function held(expiresIn = 60) {
  const shards = withMail();
  shards.tell(shards.near, placed(HOLD, ANA, BEN, 60n, expiresIn));
  return shards;
}

const failureOf = (changes: Parameters<typeof outcomesOf>[0]) =>
  outcomesOf(changes)[0]?.failure?.code;
const holdIn = ({ book }: ShardLane) => book.transactions.get(HOLD);

describe('a hold for somebody in another shard', () => {
  test('hunts an answer too early, and a capture that is not told to both sides', () => {
    const { near, far, tell, deliver } = held();
    const asked = tell(near, capture(20, 25n));
    expect(asked.outcomes).toEqual([]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 60n });
    deliver(0);
    expect(balanceOf(far, BEN).posted).toBe(125n);
    const ended = deliver(0);
    expect(ended === undefined ? [] : outcomesOf(ended)).toMatchObject([
      { status: 'completed', amount: '25', relatedTransactionId: HOLD, remaining: '35' },
    ]);
    const { data } = JSON.parse(ended?.events[0]?.json() ?? '');
    expect(data.entries.map((one: { walletId: string }) => one.walletId)).toEqual(
      expect.arrayContaining([ANA, BEN]),
    );
    expect(ended?.events).toHaveLength(1);
    expect(balanceOf(near, ANA)).toEqual({ posted: 75n, held: 35n });
    expect(holdIn(near)).toMatchObject({ status: 'held', hold: { captured: 25n } });
    expect(far.book.transactions.get(arrivalIdOf(id(20)) ?? '')).toMatchObject({
      type: 'capture',
      followUp: { relatedId: HOLD },
    });
  });

  test('hunts a hold that is captured beyond itself while answers are under way', () => {
    const { near, far, tell, settleAll } = held();
    tell(near, capture(20, 25n));
    expect(failureOf(tell(near, capture(21, 36n)))).toBe('limit-exceeded');
    tell(near, capture(22, 'all'));
    expect(near.book.transactions.get(id(22))?.amount).toBe(35n);
    expect(failureOf(tell(near, capture(23, 1n)))).toBe('limit-exceeded');
    settleAll();
    expect(holdIn(near)).toMatchObject({ status: 'completed', hold: { captured: 60n } });
    expect(balanceOf(near, ANA)).toEqual({ posted: 40n, held: 0n });
    expect(balanceOf(far, BEN).posted).toBe(160n);
    expect(failureOf(tell(near, capture(24, 1n)))).toBe('hold-already-settled');
  });

  test('hunts a last capture that releases the rest before, or although, it is refused', () => {
    const { near, far, tell, settleAll } = held();
    far.tell(message({ do: 'set-status', wallet: BEN, status: 'frozen' }));
    tell(near, capture(20, 25n, true));
    expect(failureOf(tell(near, capture(21, 1n)))).toBe('limit-exceeded');
    expect(balanceOf(near, ANA).held).toBe(60n);
    settleAll();
    expect(near.book.transactions.get(id(20))).toMatchObject({ failureCode: 'wallet-frozen' });
    expect(holdIn(near)).toMatchObject({ status: 'held', hold: { captured: 0n, released: 0n } });
    far.tell(message({ do: 'set-status', wallet: BEN, status: 'active' }));
    tell(near, capture(22, 25n, true));
    settleAll();
    expect(holdIn(near)).toMatchObject({
      status: 'completed',
      hold: { captured: 25n, released: 35n },
    });
    expect(balanceOf(near, ANA)).toEqual({ posted: 75n, held: 0n });
  });

  test.each([
    ['credited', 'active', 'completed', 125n, 75n],
    ['refused', 'frozen', 'reversed', 100n, 100n],
  ] as const)(
    'hunts money held for ever, or released twice, by a release while a capture is %s',
    (_, payee, ends, ben, ana) => {
      const { near, far, tell, settleAll } = held();
      far.tell(message({ do: 'set-status', wallet: BEN, status: payee }));
      tell(near, capture(20, 25n));
      const released = tell(near, release(21));
      expect(outcomesOf(released)).toMatchObject([{ status: 'completed', amount: '35' }]);
      expect(released.events).toHaveLength(1);
      expect(balanceOf(near, ANA).held).toBe(25n);
      expect(failureOf(tell(near, capture(22, 1n)))).toBe('hold-already-settled');
      settleAll();
      expect(holdIn(near)?.status).toBe(ends);
      expect(balanceOf(near, ANA)).toEqual({ posted: ana, held: 0n });
      expect(balanceOf(far, BEN).posted).toBe(ben);
    },
  );

  test.each([
    ['credited', 'active', 'completed', 75n],
    ['refused', 'frozen', 'failed', 100n],
  ] as const)(
    'hunts a hold that ends before, or never after, its time when a capture is %s',
    (_, payee, ends, ana) => {
      const { near, far, tell, settleAll } = held(5);
      far.tell(message({ do: 'set-status', wallet: BEN, status: payee }));
      tell(near, capture(20, 25n));
      near.pass(6 * SECOND_US);
      expect(tell(near, expiry()).events).toEqual([]);
      expect(balanceOf(near, ANA).held).toBe(60n);
      expect(failureOf(tell(near, capture(21, 1n)))).toBe('hold-expired');
      settleAll();
      expect(holdIn(near)?.status).toBe(ends);
      expect(balanceOf(near, ANA)).toEqual({ posted: ana, held: 0n });
      expect(tell(near, expiry()).events).toEqual([]);
    },
  );

  test('hunts fees that are not taken, and captures that can’t be given back', () => {
    const { near, far, tell, settleAll } = held();
    const flat = { from: '0', flat: '4', basisPoints: 0 };
    near.setFees([{ type: 'capture', currency: 'USD', paidBy: 'recipient', tiers: [flat] }]);
    expect(failureOf(tell(near, capture(20, 4n)))).toBe('amount-below-fee');
    tell(near, capture(21, 'all'));
    settleAll();
    expect(balanceOf(far, BEN).posted).toBe(156n);
    tell(far, followUp(BEN, { do: 'reverse', id: id(30), of: id(21), part: 'all' }));
    settleAll();
    expect(balanceOf(far, BEN).posted).toBe(96n);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 0n });
    expect(near.book.transactions.get(id(21))).toMatchObject({ status: 'reversed' });
  });
});

/** Hunts holds that pay more than they hold, or never end, by letters late, lost and twice. */
test('whatever happens to letters, holds pay what they may and end', () => {
  const step = fc.record({
    do: fc.constantFrom('hold', 'capture', 'capture', 'capture', 'release', 'expire', 'freeze'),
    amount: fc.bigInt({ min: 1n, max: 30n }),
    all: fc.boolean(),
    final: fc.boolean(),
    from: fc.constantFrom(ANA, LEA),
    of: fc.nat(),
    freeze: fc.constantFrom('frozen', 'active', 'active'),
    seconds: fc.constantFrom(0, 0, 0, 3, 8),
    deliver: fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('once', 'once', 'once', 'again', 'lost')),
      { maxLength: 4 },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { near, far, tell, deliver, settleAll } = withMail();
      const holds: { id: string; from: string }[] = [];
      for (const [n, one] of steps.entries()) {
        near.pass(one.seconds * SECOND_US);
        const key = id(100 + n);
        const hold = holds[one.of % Math.max(1, holds.length)];
        if (one.do === 'hold') {
          holds.push({ id: key, from: one.from });
          tell(near, placed(key, one.from, BEN, one.amount, 10));
        } else if (one.do === 'freeze') {
          tell(far, message({ do: 'set-status', wallet: BEN, status: one.freeze }));
        } else if (hold !== undefined) {
          const told = {
            capture: () =>
              followUp(hold.from, {
                do: 'capture',
                id: key,
                of: hold.id,
                part: one.all ? 'all' : one.amount,
                final: one.final,
              }),
            release: () => followUp(hold.from, { do: 'release', id: key, of: hold.id }),
            expire: () => {
              const over = message({ do: 'expire-hold', id: hold.id });
              return { ...over, data: { ...over.data, walletId: hold.from } } as LaneMessage;
            },
          }[one.do]();
          tell(near, told);
        }
        for (const [at, how] of one.deliver) deliver(at, how);
      }
      settleAll();
      near.pass(20 * SECOND_US);
      for (const hold of holds) {
        const over = message({ do: 'expire-hold', id: hold.id });
        tell(near, { ...over, data: { ...over.data, walletId: hold.from } } as LaneMessage);
        expectWithin(near, far, hold.id);
      }
      expect(transitOf(near) + transitOf(far)).toBe(0n);
      const people = [balanceOf(near, ANA), balanceOf(near, LEA), balanceOf(far, BEN)];
      expect(people.reduce((sum, { posted }) => sum + posted, 0n)).toBe(300n);
      expect(people.every(({ held: still }) => still === 0n)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** A hold has ended, and what it has captured is what its captures have paid, on both sides. */
function expectWithin(near: ShardLane, far: ShardLane, hold: string): void {
  const state = near.book.transactions.get(hold);
  if (state === undefined || state.failureCode === 'insufficient-funds') return;
  expect(['completed', 'failed', 'reversed']).toContain(state.status);
  const captures = [...near.book.transactions.values()].filter(
    ({ type, status, followUp: of }) =>
      type === 'capture' && status === 'completed' && of?.relatedId === hold,
  );
  const paid = captures.reduce((sum, { amount }) => sum + amount, 0n);
  expect(state.hold?.captured ?? 0n).toBe(paid);
  expect((state.hold?.captured ?? 0n) + (state.hold?.released ?? 0n)).toBe(
    state.hold === null ? 0n : state.amount,
  );
  for (const one of captures) {
    expect(far.book.transactions.get(arrivalIdOf(one.id) ?? '')?.status).toBe('completed');
  }
}
