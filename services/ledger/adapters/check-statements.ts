import { faultText, TerminalError } from '@florin/kernel';
import pg from 'pg';
import { LANE_STATEMENTS } from '../sql/lane-statements.ts';

/** SQLSTATE class of what isn't there, or may not be used: columns, tables, functions, rights. */
const UNFIT = /^42/;

/**
 * Has Postgres plan what postings are made of. A version that does not fit the books ends here,
 * before it takes a lane from one that does: it is never ready, and its rollout goes no further.
 * @throws TerminalError naming the statement that doesn't fit
 */
export async function checkStatements(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  for (const { name, text } of LANE_STATEMENTS) {
    try {
      await pool.query(`EXPLAIN (GENERIC_PLAN) ${text}`);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !UNFIT.test(error.code ?? '')) throw error;
      throw new TerminalError(
        `the books are not those of this version: ${name}: ${faultText(error)}`,
        {
          cause: error,
        },
      );
    }
  }
}
