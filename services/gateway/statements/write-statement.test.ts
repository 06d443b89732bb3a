import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { StatementEntry } from '@florin/contracts';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../domain/refusal.ts';
import { pageCount } from './pdf-pages.ts';
import { createWriteStatement, type StatementFormat } from './write-statement.ts';

/** Hunts statements that lose entries between two pieces, lie about amounts, or never end. */

const WALLET = '01890000-0000-7000-8000-0000000000aa';

const entryOf = (sequence: number): StatementEntry => ({
  walletId: WALLET,
  sequence,
  transactionId: `t${sequence}`,
  direction: sequence % 3 === 0 ? 'debit' : 'credit',
  amount: '1050',
  balanceAfter: String(sequence * 10),
  createdAt: '2026-01-05T12:00:00.123456Z',
  type: 'transfer',
  ...(sequence === 2 ? { description: '=1+1, "Größe" 水' } : {}),
});

function statementsOf(entries: number, breaksAt = Infinity) {
  return createWriteStatement({
    clock: { nowMs: () => Date.UTC(2026, 0, 31) },
    log: { warn: () => undefined },
    ledger: {
      getPeriod: async () => ({
        period: {
          name: 'Everyday',
          currency: 'USD',
          first: 1,
          last: entries,
          openingBalance: '0',
          closingBalance: String(entries * 10),
        },
      }),
      readEntries: async ({ first, last, limit }) => {
        if (first > breaksAt) throw new Error('the books are away');
        const count = Math.min(limit, last - first + 1);
        return { entries: Array.from({ length: count }, (_, nth) => entryOf(first + nth)) };
      },
    },
  });
}

async function written(entries: number, format: StatementFormat): Promise<Buffer> {
  const file = await statementsOf(entries)(WALLET, {}, format);
  if (isRefusal(file)) throw new Error(file.detail);
  const response = new PassThrough();
  file.send(response);
  return buffer(response);
}

describe('a statement', () => {
  test.each([0, 1, 499, 500, 501, 1700])('of %i entries has each once, as JSON', async (count) => {
    const statement = JSON.parse((await written(count, 'json')).toString()) as {
      entries: { sequence: number; id: string }[];
      closingBalance: string;
      takenAt: string;
    };
    const sequences = statement.entries.map(({ sequence }) => sequence);
    expect(sequences).toEqual(Array.from({ length: count }, (_, nth) => nth + 1));
    expect(statement).toMatchObject({
      walletId: WALLET,
      from: null,
      to: null,
      takenAt: '2026-01-31T00:00:00.000Z',
      openingBalance: '0',
      closingBalance: String(count * 10),
    });
    if (count > 0) expect(statement.entries[0]).not.toHaveProperty('walletId');
  });

  test('is a table that no spreadsheet runs', async () => {
    const lines = (await written(501, 'csv')).toString().split('\r\n');
    expect(lines).toHaveLength(503);
    expect(lines[0]).toBe(
      'sequence,createdAt,transactionId,direction,amount,balanceAfter,currency,type,description',
    );
    expect(lines[2]).toBe(
      `2,2026-01-05T12:00:00.123456Z,t2,credit,1050,20,USD,transfer,"'=1+1, ""Größe"" 水"`,
    );
  });

  test.each([
    [0, 1],
    [39, 1],
    [40, 2],
    [90, 2],
    [91, 3],
  ])('of %i entries fills %i pages', (entries, pages) => expect(pageCount(entries)).toBe(pages));

  test('on paper has its pages, with their fonts in it', async () => {
    for (const [count, pages] of [
      [0, 1],
      [40, 2],
      [142, 4],
    ] as const) {
      const text = (await written(count, 'pdf')).toString('latin1');
      expect(text.startsWith('%PDF-')).toBe(true);
      expect(text.trimEnd().endsWith('%%EOF')).toBe(true);
      expect(text.match(/\/Type \/Page\b/g)).toHaveLength(pages);
      expect(text.match(/\/FontFile2/g)?.length).toBe(2);
      expect(text).toMatch(/\/BaseFont \/[A-Z]+\+DejaVuSans/);
    }
  });

  test('that is too long for paper says so, and fits a table', async () => {
    const refused = await statementsOf(10_001)(WALLET, {}, 'pdf');
    expect(refused).toMatchObject({ refused: 'validation-failed' });
    expect(isRefusal(await statementsOf(10_001)(WALLET, {}, 'csv'))).toBe(false);
  });

  test('that breaks off in the middle does not end as if it were whole', async () => {
    const file = await statementsOf(2000, 600)(WALLET, {}, 'csv');
    if (isRefusal(file)) throw new Error(file.detail);
    const response = new PassThrough();
    file.send(response);
    await expect(buffer(response)).rejects.toThrow('the books are away');
  });
});
