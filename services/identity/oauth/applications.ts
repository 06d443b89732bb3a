import { uuidv7 } from '@florin/kernel';
import { newRefreshToken, secretHash } from '../adapters/opaque-secret.ts';
import type { Deps } from '../deps.ts';
import {
  deleteApplication,
  endSessionsOfApplication,
  listApplications,
} from '../sql/applications.ts';
import { upsertMachineClient } from '../sql/upsert-machine-client.ts';
import type { UseCase } from '../use-case.ts';

/** Names are made here: one that was chosen could look like another application's. */
export const createRegisterApplication =
  ({ db, clock }: Pick<Deps, 'db' | 'clock'>): UseCase<'registerApplication'> =>
  async ({ name, redirectUris, scopes, confidential }) => {
    const nowMs = clock.nowMs();
    const id = uuidv7(nowMs);
    const clientId = `app-${id}`;
    const clientSecret = confidential ? newRefreshToken() : null;
    const createdAt = new Date(nowMs);
    await upsertMachineClient(db, {
      id,
      clientId,
      secretHash: clientSecret === null ? null : secretHash(clientSecret),
      name,
      redirectUris,
      scopes,
      plan: 'standard',
      createdAt,
    });
    const facts = { id, clientId, name, redirectUris, scopes, confidential };
    const application = { ...facts, createdAt: createdAt.toISOString() };
    return { ok: true, application, clientSecret };
  };

export const createListApplications =
  ({ db }: Pick<Deps, 'db'>): UseCase<'listApplications'> =>
  async () => ({ applications: [...(await listApplications(db))] });

export function createRemoveApplication({
  db,
  clock,
  sessionsEnded,
}: Pick<Deps, 'db' | 'clock' | 'sessionsEnded'>): UseCase<'removeApplication'> {
  return async ({ id }) => {
    const at = new Date(clock.nowMs());
    const done = await db.transaction(async (tx) => ({
      ended: await endSessionsOfApplication(tx, { id, at }),
      deleted: await deleteApplication(tx, id),
    }));
    sessionsEnded(done.ended);
    return done.deleted ? { ok: true } : { ok: false, code: 'not-found' };
  };
}
