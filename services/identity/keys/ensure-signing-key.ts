import { generateSigningKey } from '../adapters/generate-signing-key.ts';
import type { Deps } from '../deps.ts';
import { findNewestKey } from '../sql/find-signing-key.ts';
import { insertSigningKey, retireOthers } from '../sql/insert-signing-key.ts';
import { lockSigningKeys } from '../sql/lock-signing-keys.ts';

export type KeyDeps = Pick<Deps, 'db' | 'clock' | 'vault'>;

/**
 * Makes the first key of an installation. Instances that start at once agree on one: the second
 * waits for the lock and then finds the key of the first.
 * @returns the id of the newest key
 */
export async function ensureSigningKey({ db, clock, vault }: KeyDeps): Promise<string> {
  return db.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const existing = await findNewestKey(tx);
    if (existing !== null) return existing.kid;
    const created = await generateSigningKey(vault);
    const createdAt = new Date(clock.nowMs());
    await insertSigningKey(tx, { ...created, createdAt, signsFrom: createdAt });
    return created.kid;
  });
}

/** Whoever keeps a copy of the published keys has renewed it by then: gateways do in five. */
const PUBLISHED_FOR_MS = 600_000;

/**
 * Follows a key that is old enough by a new one. The new one is published now and signs in ten
 * minutes; the old one signs until then, and is published until its last token has expired.
 * @param ageMs 0 rotates whatever the age, for a key that may be known to somebody
 * @returns the new key, undefined when the present one is young enough
 */
export async function rotateSigningKey(
  { db, clock, vault }: KeyDeps,
  ageMs: number,
): Promise<{ kid: string; signsFrom: Date } | undefined> {
  return db.transaction(async (tx) => {
    await lockSigningKeys(tx);
    const newest = await findNewestKey(tx);
    const nowMs = clock.nowMs();
    if (newest !== null && nowMs - newest.createdAt.getTime() < ageMs) return undefined;
    const created = await generateSigningKey(vault);
    const signsFrom = new Date(nowMs + (newest === null ? 0 : PUBLISHED_FOR_MS));
    await insertSigningKey(tx, { ...created, createdAt: new Date(nowMs), signsFrom });
    await retireOthers(tx, created.kid, signsFrom);
    return { kid: created.kid, signsFrom };
  });
}
