import type { Vault } from '../domain/vault.ts';
import {
  BY_NETWORK,
  FROM_NETWORK,
  FROM_STRANGERS,
  type BucketPlan,
} from '../domain/token-bucket.ts';
import type { Queries } from '../sql/queries.ts';
import { returnTry, takeTry } from '../sql/sign-in-buckets.ts';

interface Try {
  key: Buffer;
  plan: BucketPlan;
}

/** Whom somebody tries to sign in as, and from where. Accounts that do not exist count as well. */
export interface Attempt {
  emailIndex: Buffer;
  network: string;
  deviceTag: Buffer;
  deviceKnown: boolean;
}

/**
 * The buckets that an attempt draws from. A known device has one of its own: whatever strangers do
 * to the account, even from the same address, its owner signs in there.
 */
function triesOf(vault: Vault, attempt: Attempt): Try[] {
  const account = attempt.emailIndex.toString('hex');
  const key = (text: string): Buffer => vault.blindIndex('sign-in-try', text);
  const byNetwork = { key: key(`network ${attempt.network}`), plan: BY_NETWORK };
  if (attempt.deviceKnown) {
    const device = attempt.deviceTag.toString('hex');
    return [{ key: key(`device ${account} ${device}`), plan: FROM_NETWORK }, byNetwork];
  }
  return [
    { key: key(`account ${account} ${attempt.network}`), plan: FROM_NETWORK },
    { key: key(`account ${account}`), plan: FROM_STRANGERS },
    byNetwork,
  ];
}

export interface Admitted {
  /** 0, or how long nobody may try. */
  retryAfterSeconds: number;
  /** It was no guess. */
  giveBack(): Promise<void>;
}

/** Takes one try from each bucket, until one has none. */
export async function admitAttempt(
  db: Queries,
  vault: Vault,
  attempt: Attempt,
  at: Date,
): Promise<Admitted> {
  const taken: Try[] = [];
  const giveBack = async (): Promise<void> => {
    for (const { key, plan } of taken) await returnTry(db, key, plan);
  };
  for (const one of triesOf(vault, attempt)) {
    const waitMs = await takeTry(db, one.key, one.plan, at);
    if (waitMs > 0) return { retryAfterSeconds: Math.ceil(waitMs / 1000), giveBack };
    taken.push(one);
  }
  return { retryAfterSeconds: 0, giveBack };
}
