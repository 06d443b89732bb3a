import { assert, RetryableError } from '@florin/kernel';
import type pg from 'pg';
import { isTransient } from './is-transient.ts';

/**
 * COMMIT was sent and its answer never came: the work is stored as a whole or not at all, and only
 * the database knows which. The retry must find that out, e.g. by the ids that are unique there.
 */
export class UnknownCommitError extends RetryableError {
  override name = 'UnknownCommitError';
}

/**
 * An ERROR is an answer: the server rolled back and says why. FATAL and PANIC are its last words,
 * which may come after the commit was written.
 */
const isAnswer = (error: unknown): boolean =>
  error instanceof Error && 'severity' in error && error.severity === 'ERROR';

async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    if (isAnswer(error)) throw error;
    throw new UnknownCommitError('the answer to COMMIT never came', { cause: error });
  });
  // Postgres answers COMMIT with ROLLBACK, and no error, when a statement before it had failed.
  assert(command === 'COMMIT', 'the work of a database transaction hid the failure of a statement');
}

/**
 * Ends a failed database transaction. True when the connection can be used again. A connection that
 * was lost, or whose server is silent, is not asked anything more.
 */
async function rollback(client: pg.PoolClient, fault: unknown): Promise<boolean> {
  if (isTransient(fault) && !isAnswer(fault)) return false;
  return client.query('ROLLBACK').then(
    () => true,
    () => false,
  );
}

/**
 * Runs `work` inside one database transaction and commits it. Whatever `work` throws rolls back and
 * is thrown on. A connection whose state is not certain is closed instead of returned to the pool.
 * @throws UnknownCommitError when nobody can say whether the commit happened
 */
export async function withHotTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let reusable = false;
  try {
    const begun = client.query('BEGIN');
    // A pipelining connection sends the first statements together with BEGIN.
    if (!client.pipeline) await begun;
    const [, result] = await Promise.all([begun, work(client)]);
    await commit(client);
    reusable = true;
    return result;
  } catch (fault) {
    reusable = await rollback(client, fault);
    throw fault;
  } finally {
    client.release(!reusable);
  }
}
