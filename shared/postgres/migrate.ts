import { RetryableError, TerminalError } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import pg from 'pg';
import { clientTypes } from './column-types.ts';
import { isTransient } from './is-transient.ts';
import {
  pendingMigrations,
  readMigrations,
  type AppliedMigration,
  type MigrationFile,
} from './migration-files.ts';

/** Any number that nothing else in these databases locks. */
const MIGRATION_LOCK = 7_205_759;

/** How long to wait for another migrator, and for a table that the running service uses. */
const LOCK_TIMEOUT_MS = 60_000;

/** Runs `work` on a connection of its own, closed afterwards. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    types: clientTypes,
    application_name: 'florin-migrate',
    lock_timeout: LOCK_TIMEOUT_MS,
    connectionTimeoutMillis: 10_000,
  });
  // The query that meets a lost connection rejects; this report would only end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS migrations (
      name text PRIMARY KEY,
      sha256 text NOT NULL,
      applied_at timestamptz NOT NULL DEFAULT now()
    )`);
  return (await client.query<AppliedMigration>('SELECT name, sha256 FROM migrations')).rows;
}

async function check(client: pg.Client, { name, assertions }: MigrationFile): Promise<void> {
  for (const select of assertions) {
    const { rows } = await client.query({ text: select, rowMode: 'array' });
    const [value] = (rows[0] ?? []) as unknown[];
    if (rows.length !== 1 || value !== true) {
      throw new TerminalError(`migration ${name}: not true after applying it: ${select}`);
    }
  }
}

/** Applies one file, its assertions and its line in the history: all of it or nothing. */
async function apply(client: pg.Client, file: MigrationFile): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(file.sql);
    await check(client, file);
    await client.query('INSERT INTO migrations (name, sha256) VALUES ($1, $2)', [
      file.name,
      file.sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    if (error instanceof TerminalError) throw error;
    const Fault = isTransient(error) ? RetryableError : TerminalError;
    throw new Fault(`migration ${file.name}: ${describe(error, file.sql)}`, { cause: error });
  }
}

/** The server's message with the line of the file it points at. */
function describe(error: unknown, sql: string): string {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return error.message;
  const line = sql.slice(0, Number(error.position)).split('\n').length;
  return `${error.message} (line ${line})`;
}

/**
 * Brings a database up to the newest file of the folder and returns the names it applied now. Any
 * number of migrators may run at once: one works, the others wait and then find nothing to do.
 * @throws TerminalError when files and history disagree, or a file fails; it leaves no trace then
 */
export async function migrate(
  url: string,
  folder: URL | string,
  log?: Pick<Logger, 'info'>,
): Promise<string[]> {
  const files = await readMigrations(folder);
  return withClient(url, async (client) => {
    // Held by the session: closing the connection gives it back, however this ends.
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const pending = pendingMigrations(files, await readApplied(client));
    for (const file of pending) {
      await apply(client, file);
      log?.info({ migration: file.name }, 'migration applied');
    }
    return pending.map(({ name }) => name);
  });
}
