import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A process to run: the second ledger is the instance `ledger-2` of the service `ledger`. */
export interface Instance {
  name: string;
  service: string;
}

const folder = fileURLToPath(new URL('../../services/', import.meta.url));

/** Every service that has a main.ts. */
export function allServices(): string[] {
  return readdirSync(folder)
    .filter((name) => existsSync(`${folder}${name}/main.ts`))
    .toSorted();
}

/** The folder with a service's migrations, or undefined when it has no database. */
export function migrationsOf(service: string): string | undefined {
  const migrations = `${folder}${service}/migrations`;
  return existsSync(migrations) ? migrations : undefined;
}

/** The database of a service, and the role that the service itself has in it. */
export const databaseOf = (service: string): string => `florin_${service.replaceAll('-', '_')}`;

/** The role that applies its migrations. */
export const ownerOf = (service: string): string => `${databaseOf(service)}_owner`;

/** Reads "ledger=2,gateway=3". @throws when a service or a number is none */
export function parseScale(text: string): Record<string, number> {
  const known = allServices();
  const pairs = text.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [service = '', count = ''] = pair.split('=');
      if (!known.includes(service) || !/^[1-9]\d?$/.test(count)) {
        throw new Error(`"${pair}" is no scale: write e.g. ledger=2 (${known.join(', ')})`);
      }
      return [service, Number(count)];
    }),
  );
}

export function instancesOf(services: string[], scale: Record<string, number>): Instance[] {
  return services.flatMap((service) =>
    Array.from({ length: scale[service] ?? 1 }, (_, index) => ({
      name: index === 0 ? service : `${service}-${index + 1}`,
      service,
    })),
  );
}
