import type { Identity } from './adapters/identity.ts';
import type { ReadCaches } from './cache/start-read-caches.ts';
import { userViewOf } from './routes/auth.ts';

interface ReadProfileDeps {
  identity: Pick<Identity, 'getUser'>;
  caches: Pick<ReadCaches, 'profiles'>;
}

/** A person's profile as the API shows it, in JSON. Undefined where the account is gone. */
export function createReadProfile({ identity, caches }: ReadProfileDeps) {
  async function fetch(id: string): Promise<string | undefined> {
    const { user } = await identity.getUser({ id });
    return user === null ? undefined : JSON.stringify(userViewOf(user));
  }
  return (id: string): Promise<string | undefined> => caches.profiles.read(id, () => fetch(id));
}

export type ReadProfile = ReturnType<typeof createReadProfile>;
