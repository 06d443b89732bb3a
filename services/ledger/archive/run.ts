// node services/ledger/archive/run.ts check|archive 2026-08, or due 13, or verify
//
// Moves the oldest month of entries out of the books, as an operator or a job asks for it; `due`
// all that lie further back than so many months. Prints one line of JSON; ends with 1 where
// something stands in the way or a file is not what it was.
import { faultText, TerminalError } from '@florin/kernel';
import { createHotPool } from '@florin/postgres';
import type pg from 'pg';
import { archiveDue } from './archive-due.ts';
import { archiveMonth, whyNot } from './archive-month.ts';
import { config } from './config.ts';
import { keptMonths, monthOf } from './months.ts';
import { verifyArchive } from './verify-archive.ts';

const { ownerUrl, directory } = config();
const [what, name = ''] = process.argv.slice(2);

async function work(pool: pg.Pool): Promise<{ failed: boolean; [fact: string]: unknown }> {
  if (what === 'verify') {
    const months = await verifyArchive(pool, directory);
    return { months, failed: months.some(({ problem }) => problem !== undefined) };
  }
  if (what === 'due') {
    const keepMonths = keptMonths(name);
    return { months: await archiveDue({ pool, directory, keepMonths }), failed: false };
  }
  const month = monthOf(name);
  if (what === 'check') {
    const obstacles = await whyNot(pool, month);
    return { month: name, obstacles, failed: obstacles.length > 0 };
  }
  if (what !== 'archive') throw new TerminalError('give check, archive, due or verify');
  return { month: name, ...(await archiveMonth({ pool, directory, month })), failed: false };
}

/** Checking a month reads all of it. */
const statementTimeoutMs = 3_600_000;
const pool = createHotPool({
  url: ownerUrl,
  applicationName: 'ledger-archive',
  max: 2,
  statementTimeoutMs,
});
try {
  const { failed, ...result } = await work(pool);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exitCode = failed ? 1 : 0;
} catch (error) {
  process.stdout.write(`${JSON.stringify({ problem: faultText(error) })}\n`);
  process.exitCode = 1;
} finally {
  await pool.end();
}
