import pg from 'pg';
import { clientTypes } from './column-types.ts';
import {
  DEFAULT_STATEMENT_TIMEOUT_MS,
  sessionUrl,
  type PoolOptions,
} from './connection-options.ts';

/** How much longer the client waits than the server works: past it, the server is not there. */
const ANSWER_MARGIN_MS = 2_000;

/**
 * A plain pg pool for set-based statements: prepared once per connection when the query carries a
 * `name`, and without slonik's cost per row. It connects at the first query, replaces connections
 * that broke, and never emits an unhandled 'error': the query that met the fault rejects instead.
 */
export function createHotPool(options: PoolOptions): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? DEFAULT_STATEMENT_TIMEOUT_MS;
  const pool = new pg.Pool({
    connectionString: sessionUrl(options),
    max: options.max ?? 10,
    types: clientTypes,
    keepAlive: true,
    pipeline: options.pipeline ?? false,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    query_timeout: statementTimeoutMs + ANSWER_MARGIN_MS,
  });
  // An idle connection that breaks is reported on the pool, one that is checked out on its client.
  // Both are dropped by the pool itself, so there is nothing left to do with either report.
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}
