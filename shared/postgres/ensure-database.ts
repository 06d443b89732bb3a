import { TerminalError } from '@florin/kernel';
import pg from 'pg';
import { withClient } from './migrate.ts';

const DATABASE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/** "Exists already", and what the loser sees when two create the same one at the same moment. */
const EXISTS = new Set(['42P04', '23505']);

/**
 * Creates the database unless it is there.
 * @param serverUrl any database of the server, with a role that may create others
 * @returns the same URL, pointing at that database
 */
export async function ensureDatabase(serverUrl: string, name: string): Promise<string> {
  if (!DATABASE_NAME.test(name)) throw new TerminalError(`not a name for a database: ${name}`);
  await withClient(serverUrl, async (client) => {
    await client.query(`CREATE DATABASE "${name}"`).catch((error: unknown) => {
      if (!(error instanceof pg.DatabaseError) || !EXISTS.has(error.code ?? '')) throw error;
    });
  });
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
