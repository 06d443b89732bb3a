import { databaseOf } from '../platform/service-plan.ts';

/** The database of a service on the same server. */
export function serviceDatabase(postgresUrl: string, service: string): string {
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseOf(service)}`;
  return url.href;
}
