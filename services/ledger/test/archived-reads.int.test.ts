import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveMonth } from '../archive/archive-month.ts';
import { monthOf } from '../archive/months.ts';
import { openArchive } from '../archive/open-archive.ts';
import { createArchivedEntries } from '../reads/archived-entries.ts';
import { createClearingReads } from '../reads/clearing.ts';
import { createPeriodReads } from '../reads/periods.ts';
import { createTransactionReads } from '../reads/transactions.ts';
import { createWalletReads } from '../reads/wallets.ts';
import { addOldBooks, ALICE, BANK, BOB, PAYMENTS } from './old-books.ts';

/**
 * Hunts an answer that is other once months are archived: every question is asked before and after,
 * and must be answered the same, or be refused where the archive is not at hand. Never less.
 */

let pool: pg.Pool;
const directory = mkdtempSync(join(tmpdir(), 'florin-archive-'));

const readsOf = (folder: string | undefined) => {
  const archived = createArchivedEntries(pool, openArchive(folder));
  return {
    ...createWalletReads(pool, archived),
    ...createPeriodReads(pool, archived),
    ...createTransactionReads(pool, archived),
    ...createClearingReads(pool, () => 1_790_000_000_000_000, archived),
  };
};
type Reads = ReturnType<typeof readsOf>;

const TIMES = [
  '2021-01-01T00:00:00.000000Z',
  ...PAYMENTS.flatMap(({ at, toAt = at }) => [at, toAt]),
  '2021-01-31T23:59:59.999998Z',
  '2021-02-10T00:00:00.000000Z',
  '2030-01-01T00:00:00.000000Z',
];
const PERIODS: [from?: string | undefined, to?: string][] = [
  [],
  ['2021-02-01T00:00:00Z', '2021-03-01T00:00:00Z'],
  ['2021-01-31T23:59:59.999999Z', '2021-02-28T23:59:59.999999Z'],
  [undefined, '2021-01-20T00:00:00Z'],
  ['2021-03-01T00:00:00Z'],
];
const FILTERS = [
  {},
  { to: '2021-02-01T00:00:00.000000Z' },
  { from: '2021-02-01T00:00:00.000000Z' },
  { minAmount: '10', type: 'transfer' as const },
];

/** All pages of a list, however many items each has. */
async function allOf<Item>(
  limit: number,
  page: (
    cursor: { cursor?: string },
    limit: number,
  ) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { items, nextCursor } = await page(cursor === '' ? {} : { cursor }, limit);
    all.push(...items);
    cursor = nextCursor;
  }
  return all;
}

async function ask(reads: Reads): Promise<unknown> {
  const answers: unknown[] = [];
  for (const id of [ALICE, BOB]) {
    for (const at of TIMES) answers.push([at, await reads.getWalletAt({ id, at })]);
    for (const [from, to] of PERIODS) {
      const { period } = await reads.getPeriod({ walletId: id, from, to });
      const { first = 1, last = 1 } = period ?? {};
      for (const limit of [1, 3, 100]) {
        const question = { walletId: id, first, last: Math.max(last, 1), limit };
        answers.push([period, await reads.readEntries(question)]);
      }
    }
  }
  for (const after of [0, 1]) {
    for (const limit of [1, 9]) {
      answers.push(await reads.readClearingEntries({ walletId: BANK, after, limit }));
    }
  }
  for (const limit of [1, 2, 100]) {
    const entries = allOf(limit, (cursor, most) =>
      reads.listEntries({ walletId: ALICE, ...cursor, limit: most }),
    );
    answers.push(await entries);
    for (const filter of FILTERS) {
      for (const walletIds of [[ALICE], [BOB], [ALICE, BOB]]) {
        const found = allOf(limit, (cursor, most) =>
          reads.listTransactions({ walletIds, filter, ...cursor, limit: most }),
        );
        answers.push((await found).map(({ id }) => id));
      }
    }
  }
  return answers;
}

let before: unknown;

beforeAll(async () => {
  const url = await freshDatabase('archived_reads', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'archived-reads', max: 2 });
  await addOldBooks(pool);
  before = await ask(readsOf(undefined));
  for (const month of ['2021-01', '2021-02']) {
    await archiveMonth({ pool, directory, month: monthOf(month) });
  }
});
afterAll(async () => {
  await pool.end();
  rmSync(directory, { recursive: true });
});

it('every question is answered as it was before', async () => {
  expect(await ask(readsOf(directory))).toEqual(before);
});

describe('what lies in an archive that is not at hand', () => {
  const at = '2021-01-20T00:00:00.000000Z';
  const QUESTIONS: [string, (reads: Reads) => Promise<unknown>][] = [
    ['a balance', (reads) => reads.getWalletAt({ id: ALICE, at })],
    ['a period', (reads) => reads.getPeriod({ walletId: ALICE, to: at })],
    ['a statement', (reads) => reads.readEntries({ walletId: ALICE, first: 1, last: 9, limit: 9 })],
    ['entries', (reads) => reads.listEntries({ walletId: ALICE, limit: 100 })],
    [
      'transactions',
      (reads) =>
        allOf(100, (cursor, limit) =>
          reads.listTransactions({ walletIds: [ALICE], filter: {}, ...cursor, limit }),
        ),
    ],
  ];

  it.each(QUESTIONS)('%s: the answer names the file', async (_, question) => {
    await expect(question(readsOf(undefined))).rejects.toMatchObject({
      name: 'ArchivedError',
      message: expect.stringMatching(/entries-2021-0[12]\.parquet: no archive is mounted/),
    });
  });

  it('balances at the ends of its months are known all the same', async () => {
    const reads = readsOf(undefined);
    const wallet = await reads.getWalletAt({ id: ALICE, at: '2021-03-01T00:00:00.000000Z' });
    expect(wallet.wallet?.balances.posted).toBe('897');
  });

  it('one bit of it is another, and it is not believed', async () => {
    const path = join(directory, 'entries-2021-01.parquet');
    const bytes = readFileSync(path);
    const changed = Buffer.from(bytes);
    changed[200] = (changed[200] ?? 0) ^ 1;
    writeFileSync(path, changed);
    await expect(readsOf(directory).getWalletAt({ id: ALICE, at })).rejects.toThrow(
      'its bytes are others than those archived',
    );
    writeFileSync(path, bytes);
  });
});
