// node scripts/jobs/migrate.ts <service>
//
// Brings the database of one service up to date and ends: the job that runs before its new version
// does. Old and new version share the schema while one replaces the other, so migrations only add.
// It signs in as the owner of the tables; where the service has a role of its own, that is granted
// what it works with, and no more.
import { fileURLToPath } from 'node:url';
import { grantPrivileges, migrate } from '@florin/postgres';
import { createLogger, readConfig, text, url } from '@florin/runtime';

const [service = ''] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(service)) throw new Error('say whose migrations to apply');

const config = readConfig({
  postgresUrl: url('POSTGRES_URL', { describe: `database of ${service}, as its owner` }),
  serviceRole: text('SERVICE_ROLE', {
    optional: true,
    describe: 'the role that the service signs in with, where it is not the owner',
  }),
});
const log = createLogger(`migrate-${service}`, 'info');
const folder = fileURLToPath(new URL(`../../services/${service}/migrations`, import.meta.url));
const applied = await migrate(config.postgresUrl, folder, log);
if (config.serviceRole !== undefined) {
  await grantPrivileges(config.postgresUrl, folder, config.serviceRole);
}
log.info({ applied: applied.length }, 'the database is up to date');
