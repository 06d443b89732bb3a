import { systemClock, type Clock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics, type Metrics } from '@florin/runtime';
import { createPasswordHasher, type PasswordHasher } from '../adapters/password-hasher.ts';
import type { Settings } from '../deps.ts';
import { createVault, type Vault } from '../domain/vault.ts';
import { ensureSigningKey } from '../keys/ensure-signing-key.ts';
import { createUseCases, type UseCases } from '../use-cases.ts';

export const migrations = new URL('../migrations/', import.meta.url);

const keyOf = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');
export const testVault = createVault({ masterKeys: { m1: keyOf(1) }, indexKey: keyOf(2) });

const SETTINGS: Settings = {
  emailVerification: 'optional',
  webUrl: 'https://web.florin.test',
  sessionLifetimeMs: 3_600_000,
  stepUpMs: 600_000,
  erasureWaitMs: 0,
  lettersReadable: true,
};

export interface IdentityUnderTest extends AsyncDisposable {
  ask: UseCases;
  deps: ReturnType<typeof createUseCases>['deps'];
  database: Database;
  passwords: PasswordHasher;
  vault: Vault;
  clock: Clock;
  metrics: Metrics;
  /** The sessions that gateways were told of. */
  ended: string[];
  /** From now on the clock of this instance is ahead by so much. */
  advanceMs(ms: number): void;
  /** From now on time passes by `advanceMs` alone. */
  freeze(): void;
}

/** An instance of identity without a bus, on the database at `url`. */
export async function openIdentity(
  url: string,
  settings: Partial<Settings> = {},
  vault = testVault,
): Promise<IdentityUnderTest> {
  const database = await createPool({ url, applicationName: 'identity-test' });
  const passwords = await createPasswordHasher();
  let aheadMs = 0;
  let frozenAtMs: number | undefined;
  const nowMs = (): number => (frozenAtMs ?? systemClock.nowMs()) + aheadMs;
  const clock: Clock = { ...systemClock, nowMs };
  const log = createLogger('identity', 'silent');
  const metrics = createMetrics('identity');
  const db = database.slonik;
  const ended: string[] = [];
  await ensureSigningKey({ db, clock, vault });
  const { useCases: ask, deps } = createUseCases({
    db,
    clock,
    log,
    metrics,
    passwords,
    vault,
    issuer: 'https://florin.test',
    settings: { ...SETTINGS, ...settings },
    wake: () => undefined,
    sessionsEnded: (sessionIds) => void ended.push(...sessionIds),
  });
  return {
    ask,
    deps,
    database,
    passwords,
    vault,
    clock,
    metrics,
    ended,
    advanceMs: (ms) => void (aheadMs += ms),
    freeze: () => void (frozenAtMs ??= systemClock.nowMs()),
    [Symbol.asyncDispose]: () => database.end(),
  };
}
