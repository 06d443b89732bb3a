import { systemClock, type Clock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics, type Metrics } from '@florin/runtime';
import { createPasswordHasher } from '../adapters/password-hasher.ts';
import type { PasswordHasher } from '../adapters/password-hasher.ts';
import { ensureSigningKey } from '../ensure-signing-key.ts';
import { createUseCases, type UseCases } from '../use-cases.ts';

const SESSION_LIFETIME_MS = 3_600_000;

export const migrations = new URL('../migrations/', import.meta.url);

export interface IdentityUnderTest extends AsyncDisposable {
  ask: UseCases;
  database: Database;
  passwords: PasswordHasher;
  clock: Clock;
  metrics: Metrics;
  /** From now on the clock of this instance is ahead by so much. */
  advanceMs(ms: number): void;
}

/** An instance of identity without a bus, on the database at `url`. */
export async function openIdentity(url: string): Promise<IdentityUnderTest> {
  const database = await createPool({ url, applicationName: 'identity-test' });
  const passwords = await createPasswordHasher();
  let aheadMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const log = createLogger('identity', 'silent');
  const metrics = createMetrics('identity');
  await ensureSigningKey({ db: database.slonik, clock });
  const ask = createUseCases({
    db: database.slonik,
    clock,
    log,
    metrics,
    passwords,
    issuer: 'https://florin.test',
    sessionLifetimeMs: SESSION_LIFETIME_MS,
  });
  return {
    ask,
    database,
    passwords,
    clock,
    metrics,
    advanceMs: (ms) => void (aheadMs += ms),
    [Symbol.asyncDispose]: () => database.end(),
  };
}
