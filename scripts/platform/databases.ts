import { ensureDatabase, migrate } from '@florin/postgres';
import { databaseOf, migrationsOf } from './service-plan.ts';

/**
 * Creates the database of every service that has migrations, and applies them.
 * @returns the URL per service, and how many migrations were new
 */
export async function prepareDatabases(
  serverUrl: string,
  services: string[],
): Promise<{ urls: Record<string, string>; applied: number }> {
  const urls: Record<string, string> = {};
  let applied = 0;
  for (const service of services) {
    const migrations = migrationsOf(service);
    if (!migrations) continue;
    const url = await ensureDatabase(serverUrl, databaseOf(service));
    applied += (await migrate(url, migrations)).length;
    urls[service] = url;
  }
  return { urls, applied };
}
