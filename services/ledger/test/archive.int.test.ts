import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHotPool } from '@florin/postgres';
import { freshDatabase } from '@florin/testing';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { archiveDue } from '../archive/archive-due.ts';
import { archiveMonth, whyNot } from '../archive/archive-month.ts';
import { keptMonths, monthOf } from '../archive/months.ts';
import { verifyArchive } from '../archive/verify-archive.ts';
import { createVerifyBooks } from '../reads/verify-books.ts';
import { addOldBooks, ALICE, JANUARY } from './old-books.ts';

/**
 * Hunts an entry that is in the books no more and in the archive not yet, a file that is believed
 * though it was changed, and books that don't add up any more once a month is gone.
 */

let pool: pg.Pool;
let url: string;
const directory = mkdtempSync(join(tmpdir(), 'florin-archive-'));
const file = join(directory, 'entries-2021-01.parquet');

beforeAll(async () => {
  url = await freshDatabase('ledger_archive', new URL('../migrations', import.meta.url));
  pool = createHotPool({ url, applicationName: 'archive', max: 2 });
  await addOldBooks(pool);
});
afterAll(async () => {
  await pool.end();
  rmSync(directory, { recursive: true });
});

const breaks = async () => (await createVerifyBooks(pool, () => '')()).breaks;
const archive = (month: string) => archiveMonth({ pool, directory, month: monthOf(month) });

async function countEntries(): Promise<number> {
  const { rows } = await pool.query<{ n: number }>('SELECT count(*)::int AS n FROM entries');
  return rows[0]?.n ?? 0;
}

const addLate = () =>
  pool.query(
    `INSERT INTO entries (wallet_id, sequence, transaction_id, currency, delta, balance_after,
                          created_at)
     VALUES ($1, 900, $1, 'USD', 1, 1, '2021-01-20'), ($1, 901, $1, 'USD', -1, 0, '2021-01-20')`,
    [ALICE],
  );

describe('a month is not archived', () => {
  it('before those that are older', async () => {
    await expect(archive('2021-02')).rejects.toThrow('earlier months');
  });

  it('less than 31 days after its end', async () => {
    const now = new Date();
    const month = monthOf(now.toISOString().slice(0, 7));
    expect((await whyNot(pool, month)).join()).toContain('31 days');
  });

  it('where its entries don’t follow from each other', async () => {
    await pool.query('ALTER TABLE entry_months.entries_2021_01 DISABLE TRIGGER ALL');
    const change = (by: number) =>
      pool.query(
        `UPDATE entry_months.entries_2021_01 SET balance_after = balance_after + $2
          WHERE wallet_id = $1 AND sequence = 1`,
        [ALICE, by],
      );
    await change(1);
    await expect(archive('2021-01')).rejects.toThrow(`wallet ${ALICE} entry 1`);
    await change(-1);
    await pool.query('ALTER TABLE entry_months.entries_2021_01 ENABLE TRIGGER ALL');
  });

  it('and nothing is lost when it breaks off behind its file', async () => {
    const before = await countEntries();
    await pool.query(
      `CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS
         $$ BEGIN RAISE EXCEPTION 'the lights went out'; END $$`,
    );
    await pool.query(
      `CREATE TRIGGER break_off BEFORE INSERT ON archived_months EXECUTE FUNCTION break_off()`,
    );
    await expect(archive('2021-01')).rejects.toThrow('the lights went out');
    expect(await countEntries()).toBe(before);
    expect(await breaks()).toEqual([]);
    await pool.query('DROP TRIGGER break_off ON archived_months');
  });
});

it('an entry that comes late into a closed month is refused', async () => {
  await expect(addLate()).rejects.toThrow('month_is_closed');
});

describe('an archived month', () => {
  it('leaves its balances, and its entries in a file that says the same', async () => {
    const before = await countEntries();
    const archived = await archive('2021-01');
    expect(archived.entries).toBe(JANUARY);
    expect(await countEntries()).toBe(before - JANUARY);
    expect(await breaks()).toEqual([]);
    expect(await verifyArchive(pool, directory)).toEqual([
      { month: '2021-01', file: 'entries-2021-01.parquet', entries: JANUARY },
    ]);
  });

  it('is archived once, and takes no entry any more', async () => {
    await expect(archive('2021-01')).rejects.toThrow('the month is archived');
    await expect(addLate()).rejects.toThrow('month_is_archived');
    await pool.query("SELECT open_entry_month('2021-01-01')");
    await expect(addLate()).rejects.toThrow('month_is_archived');
  });

  it('is followed by the next, with a transaction on both sides of midnight', async () => {
    await archive('2021-02');
    expect(await breaks()).toEqual([]);
    expect((await verifyArchive(pool, directory)).map(({ problem }) => problem)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is missed when the balance carried over is another one', async () => {
    await pool.query('ALTER TABLE opening_balances DISABLE TRIGGER ALL');
    const change = (by: number) =>
      pool.query(
        `UPDATE opening_balances SET balance = balance + $2
          WHERE wallet_id = $1 AND month = '2021-03-01'`,
        [ALICE, by],
      );
    await change(5);
    const found = (await breaks()).map(({ invariant }) => invariant);
    expect(found).toEqual([
      'I2 I5 posted is the sum of gap-free entries',
      'I1 the balances carried over from archived months sum to zero',
      'I2 balance after is the balance before plus the entry',
    ]);
    await change(-5);
    await pool.query('ALTER TABLE opening_balances ENABLE TRIGGER ALL');
  });
});

describe('as a job', () => {
  const job = (...args: string[]): Promise<{ code: number; said: unknown }> =>
    new Promise((resolve) => {
      const run = fileURLToPath(new URL('../archive/run.ts', import.meta.url));
      const env = { ...process.env, POSTGRES_OWNER_URL: url, ARCHIVE_DIR: directory };
      execFile(process.execPath, [run, ...args], { env }, (error, stdout) => {
        resolve({ code: error === null ? 0 : 1, said: JSON.parse(stdout) });
      });
    });

  it('says what stands in the way, and that files are what they were', async () => {
    expect(await job('check', '2021-01')).toEqual({
      code: 1,
      said: { month: '2021-01', obstacles: ['the month has no table', 'the month is archived'] },
    });
    expect(await job('verify')).toMatchObject({ code: 0, said: { months: [{}, {}] } });
    expect(await job('archive', '2021-1')).toMatchObject({ code: 1, said: {} });
  });

  it('archives all that lie further back, and finds nothing more to do after that', async () => {
    const { code, said } = await job('due', '13');
    expect(code).toBe(0);
    expect(said).toMatchObject({ months: [{ month: '2021-03' }] });
    expect(await archiveDue({ pool, directory, keepMonths: 13 })).toEqual([]);
    expect(await breaks()).toEqual([]);
    expect(() => keptMonths('1')).toThrow('from 2 on');
  });
});

describe('a file is found to be wrong', () => {
  it.each([0.1, 0.5, 0.9])('with one bit changed at %f of it', async (place) => {
    const bytes = readFileSync(file);
    const changed = Buffer.from(bytes);
    const at = Math.floor(bytes.length * place);
    changed[at] = (changed[at] ?? 0) ^ 1;
    writeFileSync(file, changed);
    const [january] = await verifyArchive(pool, directory);
    expect(january?.problem).toBe('its bytes are others than those archived');
    writeFileSync(file, bytes);
  });

  it('when it is gone', async () => {
    const bytes = readFileSync(file);
    rmSync(file);
    expect((await verifyArchive(pool, directory))[0]?.problem).toBe('it is not there');
    writeFileSync(file, bytes);
  });
});
