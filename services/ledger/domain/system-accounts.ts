import { createHash } from 'node:crypto';
import { uuidFromDigest } from '@florin/kernel';

/** What the platform keeps accounts for. */
export type SystemAccountKind = 'bank-clearing' | 'fees' | 'fx-position' | 'suspense' | 'transit';

/**
 * The id of an account that belongs to the platform. It follows from the account's role, so nobody
 * has to look it up, and from the partition: each lane has its own stripe of a hot account, whose
 * row no other lane ever locks.
 */
export function systemAccountId(
  kind: SystemAccountKind,
  name: string,
  currency: string,
  partition: number,
): string {
  const role = ['florin-system-account', kind, name, currency, partition].join('\n');
  return uuidFromDigest(createHash('sha256').update(role).digest());
}
