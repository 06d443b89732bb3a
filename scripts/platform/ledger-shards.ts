import { PARTITIONS_DEFAULT, type ShardMap } from '@florin/contracts';
import { present } from '@florin/kernel';
import { ensureDatabase, ensureServiceRoles, grantPrivileges, migrate } from '@florin/postgres';
import { databaseOf, migrationsOf, ownerOf, type Instance } from './service-plan.ts';

const LEDGER = 'ledger';

/** The process that keeps a shard: `ledger` the first, `ledger-2` the next. */
const instanceOf = (shard: number): string => (shard === 0 ? LEDGER : `${LEDGER}-${shard + 1}`);

/** The database of a shard on a server that has them all. */
export const shardDatabaseName = (shard: number): string =>
  shard === 0 ? databaseOf(LEDGER) : `${databaseOf(LEDGER)}_shard_${shard}`;

/**
 * A database for each further shard of the books, on the same server: what production has in
 * several Postgres. Answers their addresses by the instance that keeps them.
 */
export async function prepareLedgerShards(
  serverUrl: string,
  shards: number,
  passwords: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const urls: Record<string, string> = {};
  const migrations = present(migrationsOf(LEDGER), 'migrations of the ledger');
  const login = (name: string) => ({ name, password: present(passwords[name], 'password') });
  const roles = { owner: login(ownerOf(LEDGER)), service: login(databaseOf(LEDGER)) };
  for (let shard = 1; shard < shards; shard++) {
    const database = await ensureDatabase(serverUrl, shardDatabaseName(shard));
    const { ownerUrl, serviceUrl } = await ensureServiceRoles(database, roles);
    await migrate(ownerUrl, migrations);
    await grantPrivileges(ownerUrl, migrations, roles.service.name);
    urls[instanceOf(shard)] = serviceUrl;
  }
  return urls;
}

/** What a ledger process has to know where there are several shards; partitions go round. */
export function shardEnvironment({ name, service }: Instance, shards: number) {
  if (service !== LEDGER || shards < 2) return {};
  const map: ShardMap = {
    version: 1,
    partitions: Array.from({ length: PARTITIONS_DEFAULT }, (_, partition) => partition % shards),
  };
  const shard = [...Array(shards).keys()].find((one) => instanceOf(one) === name);
  return { SHARD: String(shard), SHARD_MAP: JSON.stringify(map) };
}
