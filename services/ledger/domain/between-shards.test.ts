import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, pay, riskOf, settled } from '../test/lane-bench.ts';
import {
  balanceOf,
  inLane,
  LEA,
  outcomesOf,
  transitOf,
  twoShards,
  type ShardLane,
} from '../test/two-shards.ts';
import { arrivalIdOf, shownId } from './arrival-id.ts';
import type { Letter } from './changes.ts';

describe('a transfer to another shard', () => {
  test('hunts an answer before both shards have decided, and a second event of it', () => {
    const { near, far } = twoShards();
    const left = near.tell(pay(30n, { id: id(1) }));
    expect(left.outcomes).toEqual([]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 30n });
    const arrived = far.tell(inLane(left.letters[0] as Letter));
    expect(arrived.events).toEqual([]);
    expect(balanceOf(far, BEN).posted).toBe(130n);
    expect(transitOf(near) + transitOf(far)).toBe(-30n);
    const ended = near.tell(inLane(arrived.letters[0] as Letter));
    expect(outcomesOf(ended)).toMatchObject([{ status: 'completed' }]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 70n, held: 0n });
    expect(transitOf(near) + transitOf(far)).toBe(0n);
    const { data } = JSON.parse(ended.events[0]?.json() ?? '');
    expect(data.transaction.id).toBe(id(1));
    const shown = data.entries.map((one: { walletId: string; amount: string }) => one.amount);
    expect(shown).toEqual(['30', '30', '30', '30']);
    expect(data.entries.at(-1)).toMatchObject({ walletId: BEN, direction: 'credit' });
  });

  const refusals: [string, LaneMessage, string][] = [
    ['frozen', message({ do: 'set-status', wallet: BEN, status: 'frozen' }), 'wallet-frozen'],
    ['unknown', pay(30n, { id: id(1), to: id(77) }), 'not-found'],
  ];
  test.each(refusals)('hunts money that is gone when the payee is %s', (_, told, code) => {
    const { near, far } = twoShards();
    const isOrder = told.type === LANE_TYPES.transactionInitiated;
    if (!isOrder) far.tell(told);
    const left = near.tell(isOrder ? told : pay(30n, { id: id(1) }));
    const answer = far.tell(inLane(left.letters[0] as Letter)).letters[0] as Letter;
    // Said again after the payee could be paid again, the first word stands.
    far.tell(message({ do: 'set-status', wallet: BEN, status: 'active' }));
    expect(far.tell(inLane(left.letters[0] as Letter)).letters[0]).toEqual(answer);
    const ended = near.tell(inLane(answer));
    expect(outcomesOf(ended)).toMatchObject([{ status: 'failed', failure: { code } }]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 0n });
    expect(transitOf(near) + transitOf(far)).toBe(0n);
  });

  test('hunts a payment that leaves while a person still looks at it, or never does', () => {
    const { near, far } = twoShards();
    const order = pay(30n, { id: id(1) });
    if (order.type !== LANE_TYPES.transactionInitiated) throw new Error('no order');
    const held = near.tell({ ...order, data: { ...order.data, risk: riskOf('review') } });
    expect(held.letters).toEqual([]);
    const approved = near.tell(settled(near.book, { do: 'review', id: id(1), verdict: 'approve' }));
    expect(approved.departures).toHaveLength(1);
    const arrived = far.tell(inLane(approved.letters[0] as Letter));
    const ended = near.tell(inLane(arrived.letters[0] as Letter));
    expect(outcomesOf(ended)).toMatchObject([{ status: 'completed' }]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 70n, held: 0n });
  });

  test('hunts a settlement that is believed without a departure, or for another payment', () => {
    const { near, far } = twoShards();
    const left = near.tell(pay(30n, { id: id(1) }));
    const answer = far.tell(inLane(left.letters[0] as Letter)).letters[0] as Letter;
    if (answer.type !== LANE_TYPES.settleTransfer) throw new Error('no answer');
    const forged = [
      { ...answer.data, transactionId: id(2) },
      { ...answer.data, walletId: LEA },
      { ...answer.data, payeeWalletId: LEA },
      { ...answer.data, currency: 'EUR' as const },
      { ...answer.data, transactionId: id(801) },
    ];
    for (const data of forged) {
      expect(near.tell(inLane({ ...answer, data })).problem).toBeDefined();
    }
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 30n });
  });
});

describe('hunts what can’t be done between shards, and is not said', () => {
  test('a bulk that is done together names the order that can’t be, and does none', () => {
    const { near } = twoShards();
    const item = (n: number, from: string, to: string) =>
      ({ do: 'transfer', id: id(n), from, to, amount: 5n, currency: 'USD' }) as const;
    const bulk = { do: 'bulk', id: id(50) } as const;
    const toElsewhere = [item(51, ANA, LEA), item(52, ANA, BEN)];
    const refused = near.tell(message({ ...bulk, items: toElsewhere }));
    expect(JSON.parse(refused.outcomes[0]?.json() ?? '')).toMatchObject({
      kind: 'bulk-refused',
      item: 1,
      transaction: { failure: { code: 'between-shards' } },
    });
    expect(refused.entries).toEqual([]);
    const fromElsewhere = [item(61, ANA, LEA), item(62, BEN, ANA)];
    const named = near.tell(message({ ...bulk, id: id(60), items: fromElsewhere }));
    expect(JSON.parse(named.outcomes[0]?.json() ?? '')).toMatchObject({ item: 0 });
  });

  test('the id of an arrival leads back to its transaction', () => {
    for (const known of [id(7), '0192f0c1-7a4b-8cc3-98c4-dc0c0c07398f']) {
      const arrival = arrivalIdOf(known) ?? '';
      expect(arrival).not.toBe(known);
      expect([shownId(arrival), shownId(known)]).toEqual([known, known]);
    }
    expect(arrivalIdOf('0192f0c1-7a4b-4cc3-98c4-dc0c0c07398f')).toBeUndefined();
  });
});

/** Hunts money made or lost by letters that come late, twice, or out of their order. */
test('whatever happens to letters, money is conserved and every payment ends', () => {
  const step = fc.record({
    amount: fc.bigInt({ min: 1n, max: 60n }),
    way: fc.constantFrom('ana', 'lea', 'ben'),
    freeze: fc.constantFrom('none', 'none', 'frozen', 'active'),
    deliver: fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const { near, far } = twoShards();
      const mail: { to: ShardLane; letter: Letter }[] = [];
      const tell = (lane: ShardLane, told: LaneMessage): void => {
        for (const letter of lane.tell(told).letters) {
          mail.push({ to: lane === near ? far : near, letter });
        }
      };
      const deliver = (at: number, again: boolean): void => {
        const [one] = again ? mail.slice(at % mail.length) : mail.splice(at % mail.length, 1);
        if (one !== undefined) tell(one.to, inLane(one.letter));
      };
      const sent: string[] = [];
      for (const { amount, way, freeze, deliver: some } of steps) {
        if (freeze !== 'none')
          tell(far, message({ do: 'set-status', wallet: BEN, status: freeze }));
        const from = way === 'ben' ? BEN : way === 'ana' ? ANA : LEA;
        const to = way === 'ben' ? ANA : BEN;
        sent.push(id(100 + sent.length));
        tell(way === 'ben' ? far : near, pay(amount, { id: sent.at(-1) as string, from, to }));
        for (const [at, again] of some) if (mail.length > 0) deliver(at, again);
      }
      while (mail.length > 0) deliver(0, false);
      expect(transitOf(near) + transitOf(far)).toBe(0n);
      const people = [balanceOf(near, ANA), balanceOf(near, LEA), balanceOf(far, BEN)];
      expect(people.reduce((sum, { posted }) => sum + posted, 0n)).toBe(300n);
      expect(people.every(({ held }) => held === 0n)).toBe(true);
      for (const one of sent) {
        const states = [near, far].map(({ book }) => book.transactions.get(one)?.status);
        expect(
          states.filter((status) => status === 'completed' || status === 'failed').length,
        ).toBe(1);
      }
      for (const { book } of [near, far]) {
        const sum = [...book.wallets.values()].reduce((total, { posted }) => total + posted, 0n);
        expect(sum).toBe(0n);
      }
    }),
    { numRuns: 300 },
  );
});
