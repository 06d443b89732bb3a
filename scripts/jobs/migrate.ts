// node scripts/jobs/migrate.ts <service>
//
// Brings the database of one service up to date and ends: the job that runs before its new version
// does. It runs as the owner of the tables, and lets the service's own role read and write rows.
// Old and new version share the schema while one replaces the other, so migrations only add.
import { fileURLToPath } from 'node:url';
import { grantPrivileges, migrate, withClient } from '@florin/postgres';
import { createLogger, readConfig, text, url } from '@florin/runtime';

const [service = ''] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(service)) throw new Error('say whose migrations to apply');

const config = readConfig({
  ownerUrl: url('POSTGRES_URL', { describe: `database of ${service}, as its owner` }),
  serviceRole: text('POSTGRES_SERVICE_ROLE', { describe: `role that ${service} signs in as` }),
});
const log = createLogger(`migrate-${service}`, 'info');
const folder = fileURLToPath(new URL(`../../services/${service}/migrations`, import.meta.url));

const applied = await migrate(config.ownerUrl, folder, log);
await grantPrivileges(config.ownerUrl, folder, config.serviceRole);
// Roles of other services share the server, and have no business here.
const admission = `
  SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()),
         format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), $1::text)`;
await withClient(config.ownerUrl, async (client) => {
  const { rows } = await client.query<string[]>({
    text: admission,
    values: [config.serviceRole],
    rowMode: 'array',
  });
  for (const statement of rows.flat()) await client.query(statement);
});
log.info({ applied: applied.length }, 'the database is up to date');
