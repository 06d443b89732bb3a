import { present } from '@florin/kernel';
import { ensureDatabase, ensureServiceRoles, grantPrivileges, migrate } from '@florin/postgres';
import { databaseOf, migrationsOf, ownerOf } from './service-plan.ts';

/**
 * Creates the database of every service that has migrations, and applies them. They belong to an
 * owner; the service gets a role that reads and writes rows, and no more than its file allows.
 * @param passwords by role
 * @returns the URL per service, and how many migrations were new
 */
export async function prepareDatabases(
  serverUrl: string,
  services: string[],
  passwords: Readonly<Record<string, string>>,
): Promise<{ urls: Record<string, string>; applied: number }> {
  const login = (name: string) => ({ name, password: present(passwords[name], 'password') });
  const urls: Record<string, string> = {};
  let applied = 0;
  for (const service of services) {
    const migrations = migrationsOf(service);
    if (!migrations) continue;
    const database = await ensureDatabase(serverUrl, databaseOf(service));
    const roles = { owner: login(ownerOf(service)), service: login(databaseOf(service)) };
    const { ownerUrl, serviceUrl } = await ensureServiceRoles(database, roles);
    applied += (await migrate(ownerUrl, migrations)).length;
    await grantPrivileges(ownerUrl, migrations, roles.service.name);
    urls[service] = serviceUrl;
  }
  return { urls, applied };
}
