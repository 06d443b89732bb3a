import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger } from '@florin/runtime';
import type { AccessTokenIssuer } from './adapters/access-token-issuer.ts';
import type { PasswordHasher } from './adapters/password-hasher.ts';
import type { Vault } from './domain/vault.ts';
import type { Queries } from './sql/queries.ts';

export interface Settings {
  /** `required`: who has not verified the e-mail signs in, but may only look. */
  emailVerification: 'optional' | 'required';
  /** Where the links of letters lead. */
  webUrl: string;
  /** A session ends then, however often it was refreshed. */
  sessionLifetimeMs: number;
  /** How long after its proof of identity a session may do what is risky. */
  stepUpMs: number;
  /** Between the wish to be erased and the erasure. */
  erasureWaitMs: number;
  /** Whether operators may read letters. They open accounts: on development systems only. */
  lettersReadable: boolean;
}

/** What the use cases work with; each names the part that it needs. */
export interface Deps {
  db: Database['slonik'];
  clock: Clock;
  log: Logger;
  passwords: PasswordHasher;
  vault: Vault;
  accessTokens: AccessTokenIssuer;
  settings: Settings;
  /** Something was put into the outbox. */
  wake(): void;
  /** Tells the gateways, which else accept access tokens of these until they expire. */
  sessionsEnded(sessionIds: readonly string[]): void;
}

/** Does its work in one database transaction, and then sends off what that told others. */
export async function commit<T>(
  { db, wake }: Pick<Deps, 'db' | 'wake'>,
  work: (tx: Queries) => Promise<T>,
): Promise<T> {
  const result = await db.transaction(work);
  wake();
  return result;
}
