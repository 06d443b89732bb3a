import { createEnvelope, EVENT_TYPES, type LedgerEvent } from '@florin/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossingsOf, type Monitor } from './balance-crossings.ts';

/** Hunts lines that are crossed without a word, and words about lines that were not. */

const SINCE = new Date('2026-01-01T00:00:00Z');
const monitor = (direction: Monitor['direction'], threshold: bigint): Monitor => ({
  id: 'm',
  ownerId: 'ana',
  walletId: 'wallet',
  direction,
  threshold,
  since: SINCE,
});

function moved(from: bigint, to: bigint, more: { time?: string; wallet?: string } = {}) {
  const { time = '2026-01-01T00:00:00Z', wallet = 'wallet' } = more;
  const amount = to > from ? to - from : from - to;
  return createEnvelope(EVENT_TYPES['transaction-completed'], {
    id: '00-1',
    source: 'test',
    wallet,
    time,
    data: {
      partition: 0,
      sequence: 1,
      transaction: {
        id: 't',
        type: 'transfer',
        status: 'completed',
        walletId: wallet,
        amount: String(amount),
        currency: 'USD',
        createdAt: time,
      },
      entries: [
        {
          walletId: wallet,
          sequence: 7,
          direction: to > from ? 'credit' : 'debit',
          amount: String(amount),
          balanceAfter: String(to),
        },
      ],
    },
  }) as LedgerEvent;
}

describe('a line', () => {
  test.each([
    ['below', 100n, 150n, 99n, true],
    ['below', 100n, 100n, 99n, true],
    ['below', 100n, 150n, 100n, false],
    ['below', 100n, 99n, 50n, false],
    ['below', 100n, 50n, 150n, false],
    ['above', 100n, 99n, 100n, true],
    ['above', 100n, 50n, 99n, false],
    ['above', 100n, 100n, 200n, false],
    ['above', 100n, 200n, 50n, false],
    ['below', 0n, 10n, -5n, true],
  ] as const)('%s %i is crossed from %i to %i: %s', (direction, threshold, from, to, isCrossed) => {
    const found = crossingsOf(moved(from, to), [monitor(direction, threshold)]);
    expect(found).toHaveLength(isCrossed ? 1 : 0);
    if (isCrossed) expect(found[0]).toMatchObject({ eventId: 'monitor-m-7', balance: String(to) });
  });

  test('of another wallet, or crossed before anybody watched it, is nothing', () => {
    const watched = [monitor('below', 100n)];
    expect(crossingsOf(moved(150n, 50n, { wallet: 'other' }), watched)).toEqual([]);
    expect(crossingsOf(moved(150n, 50n, { time: '2025-12-31T23:59:59Z' }), watched)).toEqual([]);
  });

  test('is crossed in turns, whatever the balance does', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 20n }), { minLength: 2 }), (balances) => {
        const both = [
          { ...monitor('below', 10n), id: 'below' },
          { ...monitor('above', 10n), id: 'above' },
        ];
        const turns = balances
          .slice(1)
          .flatMap((to, at) => crossingsOf(moved(balances[at] ?? 0n, to), both))
          .map((crossing) => crossing.monitor.id);
        expect(turns.every((id, at) => id !== turns[at - 1])).toBe(true);
        const first = (balances[0] ?? 0n) < 10n;
        const last = (balances.at(-1) ?? 0n) < 10n;
        expect(turns.length % 2 === 1).toBe(first !== last);
      }),
    );
  });
});
