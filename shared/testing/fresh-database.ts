import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrate, withClient } from '@florin/postgres';
import './provided-context.ts';

/**
 * A database of its own for a test file, with the migrations of a folder applied. They run once
 * per run of the tests, in a template; each further database is a copy of that, which takes some
 * ten milliseconds. The whole server goes away with the run, so nobody drops it.
 */
export async function freshDatabase(name: string, migrations: URL | string): Promise<string> {
  // Only here, so that this package's servers can be used outside vitest.
  const { inject } = await import('vitest');
  const serverUrl = inject('postgresUrl');
  const template = await templateOf(serverUrl, migrations);
  const database = `${name.replace(/\W/g, '_')}_${randomBytes(4).toString('hex')}`;
  await withClient(serverUrl, async (client) => {
    await client.query(`CREATE DATABASE "${database}" TEMPLATE "${template}"`);
  });
  return withDatabase(serverUrl, database);
}

/** Finds or makes the template; several workers may ask at once, so a lock lets one make it. */
async function templateOf(serverUrl: string, migrations: URL | string): Promise<string> {
  const folder = migrations instanceof URL ? fileURLToPath(migrations) : migrations;
  const template = `template_${digestOf(folder)}`;
  return withClient(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (found.rowCount) return template;
    const draft = `draft_${randomBytes(8).toString('hex')}`;
    await client.query(`CREATE DATABASE "${draft}"`);
    await migrate(withDatabase(serverUrl, draft), folder);
    await client.query(`ALTER DATABASE "${draft}" RENAME TO "${template}"`);
    return template;
  });
}

function digestOf(folder: string): string {
  const digest = createHash('sha256').update(folder);
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .toSorted()) {
    digest.update(basename(file)).update(readFileSync(join(folder, file)));
  }
  return digest.digest('hex').slice(0, 16);
}

function withDatabase(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
