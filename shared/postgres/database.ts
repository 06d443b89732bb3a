import { retry } from '@florin/runtime';
import type pg from 'pg';
import { createPool as createSlonikPool, type DatabasePool } from 'slonik';
import { columnTypes } from './column-types.ts';
import { sessionUrl, type PoolOptions } from './connection-options.ts';
import { createHotPool } from './hot-pool.ts';
import { isTransient } from './is-transient.ts';
import { rowValidation } from './row-validation.ts';

/** The database of one service. Ends with `await using`, or with `end()` when the service stops. */
export interface Database extends AsyncDisposable {
  /** For ordinary queries: typed with sql.type(schema), rows checked against it. */
  slonik: DatabasePool;
  /** For set-based statements on the hot path. */
  hot: pg.Pool;
  end(): Promise<void>;
}

/** slonik hands the null elements of an array to the parser as well. */
const typeParsers = columnTypes.map(({ name, parse }) => ({
  name,
  parse: (text: string | null) => (text === null ? null : parse(text)),
}));

function createTypedPool(options: PoolOptions): Promise<DatabasePool> {
  return createSlonikPool(sessionUrl(options), {
    maxPoolSize: options.max ?? 10,
    idleTimeout: 30_000,
    // Both are part of the session URL.
    statementTimeout: 'DISABLE_TIMEOUT',
    idleInTransactionSessionTimeout: 'DISABLE_TIMEOUT',
    // Nothing here leaves settings behind in a session, so the DISCARD ALL that slonik sends after
    // every use would only be a second round trip for each query.
    resetConnection: async () => {},
    interceptors: [rowValidation],
    typeParsers,
  });
}

/**
 * Opens both pools of a service. slonik asks the server about its types first, so this waits up to
 * about ten seconds for a server that is just starting; later outages are survived by the pools.
 */
export async function createPool(options: PoolOptions): Promise<Database> {
  const slonik = await retry(() => createTypedPool(options), {
    attempts: 16,
    baseMs: 100,
    capMs: 1_500,
    isRetryable: isTransient,
  });
  // The query that met the fault rejects; without a listener this report would end the process.
  slonik.on('error', () => {});
  const hot = createHotPool(options);
  const end = async (): Promise<void> => {
    await Promise.all([slonik.end(), hot.end()]);
  };
  return { slonik, hot, end, [Symbol.asyncDispose]: end };
}
