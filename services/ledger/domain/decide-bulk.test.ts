import type { LaneMessage, Risk } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, outcomeOf, twoPeople } from '../test/lane-bench.ts';

const EVE = id(3);

/** Ana has 100, Ben and Eve nothing. Each item: who pays whom how much. */
function table() {
  const lane = twoPeople();
  lane.tell(message({ do: 'open', wallet: EVE, currency: 'USD' }));
  const bulk = (
    items: readonly (readonly [
      from: string,
      to: string,
      amount: bigint,
      risk?: Risk['decision'],
    ])[],
  ): LaneMessage =>
    message({
      do: 'bulk',
      id: id(800),
      items: items.map(([from, to, amount, risk], at) => {
        return { do: 'transfer', id: id(801 + at), from, to, amount, currency: 'USD', risk };
      }),
    });
  const posted = () => [ANA, BEN, EVE].map((one) => lane.book.wallets.get(one)?.posted);
  return { ...lane, bulk, posted };
}

describe('all of a bulk is done or nothing', () => {
  test('each item sees what those before it have done', () => {
    const at = table();
    const { newTransactions, entries, events, outcomes } = at.tell(
      at.bulk([
        [ANA, BEN, 100n],
        [BEN, EVE, 60n],
        [EVE, ANA, 10n],
      ]),
    );
    expect(newTransactions.map(({ status }) => status)).toEqual(Array(3).fill('completed'));
    expect([entries.length, events.length]).toEqual([6, 3]);
    expect(outcomes.map(({ json }) => JSON.parse(json()).requestId)).toEqual([
      id(801),
      id(802),
      id(803),
    ]);
    expect(at.posted()).toEqual([10n, 40n, 50n]);
  });

  test.each<[string, readonly (readonly [string, string, bigint, Risk['decision']?])[], string]>([
    [
      'no money left',
      [
        [ANA, BEN, 60n],
        [ANA, EVE, 41n],
      ],
      'insufficient-funds',
    ],
    [
      'to nobody',
      [
        [ANA, BEN, 60n],
        [ANA, id(77), 1n],
      ],
      'not-found',
    ],
    [
      'blocked',
      [
        [ANA, BEN, 60n],
        [ANA, EVE, 1n, 'block'],
      ],
      'risk-blocked',
    ],
    [
      'worth a look',
      [
        [ANA, BEN, 60n],
        [ANA, EVE, 1n, 'review'],
      ],
      'risk-blocked',
    ],
  ])('%s: the item is named, nothing is moved, and that stays so', (_, items, code) => {
    const at = table();
    const before = at.all.events.length;
    const refused = {
      kind: 'bulk-refused',
      requestId: id(800),
      item: 1,
      transaction: { id: id(802), status: 'failed', failure: { code } },
    };
    const { newTransactions, entries, newHolds } = at.tell(at.bulk(items));
    expect([newTransactions.length, entries.length, newHolds.length]).toEqual([1, 0, 0]);
    expect(at.posted()).toEqual([100n, 0n, 0n]);
    // No number of an event is lost by having tried.
    expect(at.all.events.slice(before).map(({ sequence }) => sequence)).toEqual([before + 1]);
    at.tell(message({ do: 'deposit', id: id(900), wallet: ANA, amount: 1n, currency: 'USD' }));
    const again = at.tell(at.bulk(items));
    expect(outcomeOf(again)).toMatchObject({ ...refused, replayed: true });
    expect(again.newTransactions).toEqual([]);
  });

  test('the same bulk again is told the same, another list under its key is refused', () => {
    const at = table();
    const told = at.bulk([[ANA, BEN, 10n]]);
    at.tell(told);
    expect(outcomeOf(at.tell(told))).toMatchObject({
      replayed: true,
      transaction: { amount: '10' },
    });
    const other = { ...told, data: { ...told.data, bodyHash: 'other'.padEnd(22, '0') } };
    expect(outcomeOf(at.tell(other as LaneMessage))).toMatchObject({ kind: 'key-reused' });
    expect(at.posted()).toEqual([90n, 10n, 0n]);
  });
});
