import { createHotPool, withHotTransaction } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import { uuidv7 } from '@florin/kernel';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * Hunts an entry that gets into a month without its rules: one that doesn't balance, one that is
 * changed where it lies, one that is lost when its month gets a table late.
 */

let pool: pg.Pool;

beforeAll(async () => {
  const url = await freshDatabase('ledger_months', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'months', max: 2 });
});
afterAll(() => pool.end());

const PAYER = uuidv7();
const PAYEE = uuidv7();

const addPair = (table: string, sequence: number, at: string, credit = 10): Promise<unknown> =>
  pool.query(
    `INSERT INTO ${table} (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                           created_at)
     VALUES ($1, $3, $4, 'USD', -10, -10, $5), ($2, $3, $4, 'USD', $6, $6, $5)`,
    [PAYER, PAYEE, sequence, uuidv7(), at, credit],
  );

async function tableOf(sequence: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT tableoid::regclass::text AS name FROM entries WHERE wallet_id = $1 AND sequence = $2`,
    [PAYER, sequence],
  );
  return rows[0]?.name;
}

const ahead = async () => {
  const { rows } = await pool.query<{ unplanned: bigint; ahead: number }>(
    'SELECT unplanned, ahead FROM entry_months_ahead()',
  );
  return rows[0];
};

describe('an entry', () => {
  it('goes to the month of its time in UTC, to the microsecond', async () => {
    await pool.query("SELECT open_entry_month('2031-01-01'), open_entry_month('2031-02-01')");
    await addPair('entries', 1, '2031-01-31T23:59:59.999999Z');
    await addPair('entries', 2, '2031-02-01T00:00:00.000000Z');
    expect([await tableOf(1), await tableOf(2)]).toEqual([
      'entry_months.entries_2031_01',
      'entry_months.entries_2031_02',
    ]);
  });

  it('is posted in a month without a table, and is moved over when it gets one', async () => {
    await addPair('entries', 3, '2031-03-10T12:00:00Z');
    expect(await tableOf(3)).toBe('entry_months.entries_unplanned');
    expect((await ahead())?.unplanned).toBe(2n);
    await pool.query("SELECT open_entry_month('2031-03-01')");
    expect(await tableOf(3)).toBe('entry_months.entries_2031_03');
    expect((await ahead())?.unplanned).toBe(0n);
  });
});

describe.each(['entries', 'entry_months.entries_2031_01', 'entry_months.entries_unplanned'])(
  'in %s',
  (table) => {
    it('two sides that don’t sum to zero are refused', async () => {
      const at = table.endsWith('unplanned') ? '2040-05-01T00:00:00Z' : '2031-01-02T00:00:00Z';
      await expect(addPair(table, 90, at, 11)).rejects.toThrow('do not sum to zero');
    });

    it.each(['UPDATE TABLE SET delta = 1', 'DELETE FROM TABLE', 'TRUNCATE TABLE'])(
      '%s is refused',
      async (statement) => {
        const text = statement.replace(/TABLE/, table);
        await expect(pool.query(text)).rejects.toMatchObject({ code: '42501' });
      },
    );
  },
);

it('the same sequence twice is refused in a month', async () => {
  await expect(addPair('entries', 1, '2031-01-05T00:00:00Z')).rejects.toMatchObject({
    code: '23505',
  });
});

it('a month is opened once, however many ask at the same time', async () => {
  const open = () =>
    withHotTransaction(pool, async (client) => {
      const { rows } = await client.query<{ made: boolean }>(
        "SELECT open_entry_month('2031-04-01') AS made",
      );
      return rows[0]?.made;
    });
  expect((await Promise.all([open(), open()])).toSorted()).toEqual([false, true]);
});

it('only the first of a month names it', async () => {
  await expect(pool.query("SELECT open_entry_month('2031-05-02')")).rejects.toThrow(
    'not the first',
  );
});

it('this month and the next two are there from the start', async () => {
  expect((await ahead())?.ahead).toBeGreaterThanOrEqual(2);
});
