import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import { generateSigningKey } from './adapters/generate-signing-key.ts';
import { findSigningKey } from './sql/find-signing-key.ts';
import { insertSigningKey } from './sql/insert-signing-key.ts';
import { lockSigningKeys } from './sql/lock-signing-keys.ts';

/**
 * Makes the first key of an installation. Instances that start at once agree on one: the second
 * waits for the lock and then finds the key of the first.
 * @returns the id of the key that signs
 */
export async function ensureSigningKey(deps: {
  db: Pick<Database['slonik'], 'transaction'>;
  clock: Clock;
}): Promise<string> {
  return deps.db.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const existing = await findSigningKey(tx);
    if (existing !== null) return existing.kid;
    const created = await generateSigningKey();
    await insertSigningKey(tx, created, new Date(deps.clock.nowMs()));
    return created.kid;
  });
}
