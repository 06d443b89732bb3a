import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assert } from '@florin/kernel';
import pg from 'pg';
import { z } from 'zod';
import { withClient } from './migrate.ts';

/** A role that may sign in. */
export interface Login {
  name: string;
  password: string;
}

/** Who applies the migrations of a database, and who works with what they made. */
export interface DatabaseRoles {
  owner: Login;
  service: Login;
}

const ROLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;
const LIMITS = 'LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS';

/** One after the other, also when several platforms start on one server at once. */
const ROLES_LOCK = 7_205_760;

const { escapeIdentifier, escapeLiteral } = pg;

const roleText = (name: string): string => {
  assert(ROLE_NAME.test(name), `not a name for a role: ${name}`);
  return escapeIdentifier(name);
};

async function ensureLogin(client: pg.Client, { name, password }: Login): Promise<void> {
  const found = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [name]);
  const verb = found.rowCount ? 'ALTER' : 'CREATE';
  const secret = escapeLiteral(password);
  await client.query(`${verb} ROLE ${roleText(name)} ${LIMITS} PASSWORD ${secret}`);
}

/** What an earlier version made as the server's own administrator goes to the owner, too. */
const takeOver = (owner: string): string => `
  DO $$
  DECLARE thing record;
  BEGIN
    FOR thing IN
      SELECT format('ALTER TABLE %s OWNER TO %I', c.oid::regclass, '${owner}') AS change
        FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
         AND c.relowner <> '${owner}'::regrole
         -- A sequence that belongs to a column goes with its table.
         AND NOT (c.relkind = 'S' AND EXISTS (
           SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i')))
      UNION ALL
      SELECT format('ALTER ROUTINE %s OWNER TO %I', p.oid::regprocedure, '${owner}')
        FROM pg_proc p
       WHERE p.pronamespace = 'public'::regnamespace AND p.proowner <> '${owner}'::regrole
    LOOP
      EXECUTE thing.change;
    END LOOP;
  END $$`;

/**
 * Makes the two roles of a database, and shuts everybody else out of it.
 * @param databaseUrl that database, with a role that may create roles
 * @returns the same URL as the owner and as the service
 */
export async function ensureServiceRoles(
  databaseUrl: string,
  { owner, service }: DatabaseRoles,
): Promise<{ ownerUrl: string; serviceUrl: string }> {
  const database = escapeIdentifier(new URL(databaseUrl).pathname.slice(1));
  const ownerText = roleText(owner.name);
  await withClient(databaseUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [ROLES_LOCK]);
    await ensureLogin(client, owner);
    await ensureLogin(client, service);
    await client.query(`GRANT ${ownerText} TO CURRENT_USER`);
    await client.query(`ALTER DATABASE ${database} OWNER TO ${ownerText}`);
    await client.query(takeOver(owner.name));
    await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
    await client.query(`GRANT CONNECT ON DATABASE ${database} TO ${roleText(service.name)}`);
  });
  return { ownerUrl: loginUrl(databaseUrl, owner), serviceUrl: loginUrl(databaseUrl, service) };
}

function loginUrl(databaseUrl: string, { name, password }: Login): string {
  const url = new URL(databaseUrl);
  url.username = name;
  url.password = encodeURIComponent(password);
  return url.href;
}

const restrictions = z.record(
  z.string(),
  z.array(z.enum(['SELECT', 'INSERT', 'UPDATE', 'DELETE'])),
);

/** The file beside the migrations that names the tables with less than the usual privileges. */
function restrictionsOf(folder: URL | string): z.output<typeof restrictions> {
  const file = join(folder instanceof URL ? fileURLToPath(folder) : folder, 'privileges.json');
  const own = existsSync(file) ? restrictions.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  // Only migrations tell what has been applied.
  return { migrations: ['SELECT'], ...own };
}

/**
 * Gives the service's role what it works with: rows, never the tables themselves. Run after every
 * migration, because what a new one made belongs to its owner alone until then.
 * @param ownerUrl the database, as its owner
 * @throws DatabaseError when a restricted table does not exist
 */
export async function grantPrivileges(
  ownerUrl: string,
  folder: URL | string,
  serviceRole: string,
): Promise<void> {
  const role = roleText(serviceRole);
  const usual = 'SELECT, INSERT, UPDATE, DELETE';
  const statements = [
    'BEGIN',
    `GRANT USAGE ON SCHEMA public TO ${role}`,
    `REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ${role}`,
    `GRANT ${usual} ON ALL TABLES IN SCHEMA public TO ${role}`,
    `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${role}`,
    ...Object.entries(restrictionsOf(folder)).flatMap(([table, kept]) => [
      `REVOKE ALL ON TABLE ${escapeIdentifier(table)} FROM ${role}`,
      ...(kept.length > 0
        ? [`GRANT ${kept.join(', ')} ON TABLE ${escapeIdentifier(table)} TO ${role}`]
        : []),
    ]),
    'COMMIT',
  ];
  await withClient(ownerUrl, async (client) => {
    for (const statement of statements) await client.query(statement);
  });
}
