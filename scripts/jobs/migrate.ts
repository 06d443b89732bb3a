// node scripts/jobs/migrate.ts <service>
//
// Brings the database of one service up to date and ends: the job that runs before its new version
// does. Old and new version share the schema while one replaces the other, so migrations only add.
import { fileURLToPath } from 'node:url';
import { migrate } from '@florin/postgres';
import { createLogger, readConfig, url } from '@florin/runtime';

const [service = ''] = process.argv.slice(2);
if (!/^[a-z-]+$/.test(service)) throw new Error('say whose migrations to apply');

const config = readConfig({
  postgresUrl: url('POSTGRES_URL', { describe: `database of ${service}` }),
});
const log = createLogger(`migrate-${service}`, 'info');
const folder = fileURLToPath(new URL(`../../services/${service}/migrations`, import.meta.url));
const applied = await migrate(config.postgresUrl, folder, log);
log.info({ applied: applied.length }, 'the database is up to date');
