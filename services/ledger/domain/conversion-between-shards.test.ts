import { LANE_TYPES } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ANA, BEN, id, message, riskOf, settled } from '../test/lane-bench.ts';
import { balanceOf, outcomesOf, twoShards, withMail, type ShardLane } from '../test/two-shards.ts';
import { arrivalIdOf } from './arrival-id.ts';

/** A wallet in euros in the other shard, of the same owner as all wallets of the bench. */
const EUROS = id(5);

function withEuros() {
  const shards = twoShards();
  shards.far.tell(message({ do: 'open', wallet: EUROS, currency: 'EUR' }));
  return withMail(shards);
}

const convert = (n: number, quote: number, amount: bigint, toAmount: bigint, to = EUROS) =>
  message({
    do: 'convert',
    id: id(n),
    from: ANA,
    to,
    amount,
    currency: 'USD',
    quote: id(quote),
    toCurrency: 'EUR',
    toAmount,
    expired: false,
  });

/** What all accounts of a kind have, by currency. */
function sumsOf({ book }: ShardLane, kind?: string): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const wallet of book.wallets.values()) {
    if (kind !== undefined && wallet.kind !== kind) continue;
    sums[wallet.currency] = (sums[wallet.currency] ?? 0n) + wallet.posted;
  }
  return sums;
}

const allZero = (sums: Record<string, bigint>): boolean =>
  Object.values(sums).every((sum) => sum === 0n);

describe('a conversion into a wallet in another shard', () => {
  test('hunts another rate, books that don’t sum to zero, and a side that is not told', () => {
    const { near, far, tell, deliver } = withEuros();
    const asked = tell(near, convert(10, 500, 40n, 36n));
    expect(asked.outcomes).toEqual([]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 40n });
    deliver(0);
    expect(balanceOf(far, EUROS).posted).toBe(36n);
    expect([near, far].map((lane) => allZero(sumsOf(lane)))).toEqual([true, true]);
    const ended = deliver(0);
    expect(ended === undefined ? [] : outcomesOf(ended)).toMatchObject([
      { status: 'completed', amount: '40', conversion: { toAmount: '36', toCurrency: 'EUR' } },
    ]);
    expect(balanceOf(near, ANA)).toEqual({ posted: 60n, held: 0n });
    expect(sumsOf(near, 'fx-position')).toEqual({ USD: 40n, EUR: -36n });
    expect(sumsOf(far, 'fx-position')).toEqual({});
    expect(sumsOf(near, 'transit')).toEqual({ EUR: 36n });
    expect(sumsOf(far, 'transit')).toEqual({ EUR: -36n });
    expect([near, far].map((lane) => allZero(sumsOf(lane)))).toEqual([true, true]);
    const { data } = JSON.parse(ended?.events[0]?.json() ?? '');
    const euros = data.entries.filter((one: { currency?: string }) => one.currency === 'EUR');
    expect(data.entries).toHaveLength(6);
    expect(euros.map((one: { amount: string }) => one.amount)).toEqual(['36', '36', '36', '36']);
    expect(far.book.transactions.get(arrivalIdOf(id(10)) ?? '')).toMatchObject({
      amount: 40n,
      currency: 'USD',
      conversion: { toAmount: 36n, usesQuote: false },
    });
  });

  test('hunts somebody else’s wallet, another currency, and money gone with a refusal', () => {
    const { near, far, tell, settleAll } = withEuros();
    tell(near, convert(10, 500, 40n, 36n, BEN));
    const euros = far.book.wallets.get(EUROS);
    if (euros === undefined) throw new Error('no wallet');
    euros.ownerId = id(950);
    tell(near, convert(11, 501, 40n, 36n));
    settleAll();
    const codes = [10, 11].map((n) => near.book.transactions.get(id(n))?.failureCode);
    expect(codes).toEqual(['currency-mismatch', 'owner-mismatch']);
    expect(balanceOf(near, ANA)).toEqual({ posted: 100n, held: 0n });
    expect([near, far].map((lane) => allZero(sumsOf(lane, 'transit')))).toEqual([true, true]);
    const again = tell(near, convert(12, 500, 40n, 36n));
    expect(outcomesOf(again)[0]?.failure?.code).toBe('quote-used');
  });

  test('hunts a fee that is asked of the wrong shard, or not held with the amount', () => {
    const { near, far, tell, deliver, settleAll } = withEuros();
    const flat = { from: '0', flat: '3', basisPoints: 0 };
    near.setFees([{ type: 'conversion', currency: 'USD', paidBy: 'sender', tiers: [flat] }]);
    expect(outcomesOf(tell(near, convert(9, 499, 98n, 90n)))[0]?.failure?.code).toBe(
      'insufficient-funds',
    );
    tell(near, convert(10, 500, 40n, 36n));
    expect(balanceOf(near, ANA).held).toBe(43n);
    deliver(0);
    settleAll();
    expect(balanceOf(near, ANA)).toEqual({ posted: 57n, held: 0n });
    expect(balanceOf(far, EUROS).posted).toBe(36n);
    expect(sumsOf(near, 'fees')).toEqual({ USD: 3n });
    expect([near, far].map((lane) => allZero(sumsOf(lane)))).toEqual([true, true]);
  });

  test('hunts one that leaves while a person still looks at it, or never does', () => {
    const { near, tell, settleAll } = withEuros();
    const order = convert(10, 500, 40n, 36n);
    if (order.type !== LANE_TYPES.transactionInitiated) throw new Error('no order');
    const waits = tell(near, { ...order, data: { ...order.data, risk: riskOf('review') } });
    expect(waits.letters).toEqual([]);
    tell(near, settled(near.book, { do: 'review', id: id(10), verdict: 'approve' }));
    settleAll();
    expect(near.book.transactions.get(id(10))?.status).toBe('completed');
  });
});

/** Hunts currencies made or lost, and quotes used twice, by letters late, lost and twice. */
test('whatever happens to letters, each currency sums to zero in each shard', () => {
  const step = fc.record({
    amount: fc.bigInt({ min: 1n, max: 40n }),
    toAmount: fc.bigInt({ min: 1n, max: 40n }),
    quote: fc.integer({ min: 500, max: 508 }),
    freeze: fc.constantFrom('none', 'none', 'frozen', 'active'),
    deliver: fc.array(
      fc.tuple(fc.nat(), fc.constantFrom('once', 'once', 'once', 'again', 'lost')),
      { maxLength: 4 },
    ),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { near, far, tell, deliver, settleAll } = withEuros();
      for (const [n, one] of steps.entries()) {
        if (one.freeze !== 'none') {
          tell(far, message({ do: 'set-status', wallet: EUROS, status: one.freeze }));
        }
        tell(near, convert(100 + n, one.quote, one.amount, one.toAmount));
        for (const [at, how] of one.deliver) {
          deliver(at, how);
          expect([near, far].map((lane) => allZero(sumsOf(lane)))).toEqual([true, true]);
        }
      }
      settleAll();
      const done = steps.flatMap((_, n) => {
        const state = near.book.transactions.get(id(100 + n));
        expect(['completed', 'failed']).toContain(state?.status);
        return state?.status === 'completed' ? [state] : [];
      });
      const quotes = done.map(({ conversion }) => conversion?.quoteId);
      expect(new Set(quotes).size).toBe(quotes.length);
      const taken = done.reduce((sum, { amount }) => sum + amount, 0n);
      const given = done.reduce((sum, state) => sum + (state.conversion?.toAmount ?? 0n), 0n);
      expect(balanceOf(near, ANA)).toEqual({ posted: 100n - taken, held: 0n });
      expect(balanceOf(far, EUROS).posted).toBe(given);
      const between =
        (sumsOf(near, 'transit')['EUR'] ?? 0n) + (sumsOf(far, 'transit')['EUR'] ?? 0n);
      expect(between).toBe(0n);
    }),
    { numRuns: 300 },
  );
});
