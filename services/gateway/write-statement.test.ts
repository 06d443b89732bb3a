import type { Entry } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { createWriteStatement } from './write-statement.ts';

const WALLET = 'w';

/** A wallet that got 10 every day of a January, in pages as small as wanted. */
function statementOf(days: number, pageSize: number) {
  const entries = Array.from({ length: days }, (_, index): Entry => ({
    walletId: WALLET,
    sequence: index + 1,
    transactionId: `t${index}`,
    direction: 'credit',
    amount: '10',
    balanceAfter: String((index + 1) * 10),
    createdAt: `2026-01-${String(index + 1).padStart(2, '0')}T12:00:00Z`,
  })).toReversed();
  const listEntries = async ({ cursor = '0' }: { cursor?: string | undefined }) => {
    const end = Number(cursor) + pageSize;
    const nextCursor = end < entries.length ? String(end) : null;
    return { items: entries.slice(Number(cursor), end), nextCursor };
  };
  return createWriteStatement({ ledger: { listEntries } });
}

describe('hunts statements that do not add up', () => {
  const CASES: [from: string | undefined, to: string | undefined, sum: [string, string, number]][] =
    [
      [undefined, undefined, ['0', '100', 10]],
      ['2026-01-03', undefined, ['20', '100', 8]],
      [undefined, '2026-01-03', ['0', '20', 2]],
      ['2026-01-03', '2026-01-05', ['20', '40', 2]],
      ['2026-01-03T12:00:00Z', '2026-01-04T12:00:00Z', ['20', '30', 1]],
      ['2025-01-01', '2025-12-31', ['0', '0', 0]],
      ['2026-02-01', undefined, ['100', '100', 0]],
      ['2026-01-03T13:00:00Z', '2026-01-03T14:00:00Z', ['30', '30', 0]],
    ];

  test.each(CASES.flatMap((row) => [1, 3, 100].map((page) => [...row, page] as const)))(
    'from %s to %s: %j, in pages of %i',
    async (from, to, [openingBalance, closingBalance, count], page) => {
      const statement = await statementOf(10, page)(WALLET, { from, to });
      expect(statement).toMatchObject({ openingBalance, closingBalance });
      const entries = 'entries' in statement ? statement.entries : [];
      expect(entries).toHaveLength(count);
      expect(entries).toEqual(entries.toSorted((a, b) => a.sequence - b.sequence));
    },
  );

  test('an empty wallet has a statement too', async () => {
    expect(await statementOf(0, 10)(WALLET, {})).toEqual({
      openingBalance: '0',
      closingBalance: '0',
      entries: [],
    });
  });
});
