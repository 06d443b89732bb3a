import { plainText, ROLES, SCOPES } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { z } from 'zod';
import { secretHash } from './adapters/opaque-secret.ts';
import type { PasswordHasher } from './adapters/password-hasher.ts';
import { normaliseEmail } from './domain/email.ts';
import { isClientId, PLANS } from './domain/machine-client.ts';
import { findUserByEmail } from './sql/find-user-by-email.ts';
import { insertUser } from './sql/insert-user.ts';
import type { Queries } from './sql/queries.ts';
import { upsertMachineClient } from './sql/upsert-machine-client.ts';

/** People that exist from the start: the first operator, who can't register as one. */
export const seedUsers = z.array(
  z.strictObject({
    email: z.string().transform(normaliseEmail).pipe(z.email()),
    password: z.string().min(10).max(200),
    name: plainText(100).min(1),
    roles: z.array(z.enum(ROLES)).min(1).default(['user']),
  }),
);

/** Machine clients. A secret is stored as a fast hash, so it must be random and not thought up. */
export const seedClients = z.array(
  z.strictObject({
    clientId: z.string().refine(isClientId, { error: 'must be 1 to 100 of A-Z a-z 0-9 . _ -' }),
    clientSecret: z.string().min(32).max(200),
    name: plainText(100).min(1),
    scopes: z.array(z.enum(SCOPES)).min(1),
    plan: z.enum(PLANS).default('standard'),
  }),
);

interface Deps {
  db: Queries;
  clock: Clock;
  passwords: PasswordHasher;
  log: Logger;
}

/**
 * Brings in the accounts of the configuration, as often as the service starts. A user that exists
 * stays as it is: the password may have been changed since, and whoever took the e-mail first must
 * not become an operator by it. A machine client takes on what the configuration says.
 */
export async function seedAccounts(
  deps: Deps,
  seeds: { users: z.output<typeof seedUsers>; clients: z.output<typeof seedClients> },
): Promise<void> {
  for (const seed of seeds.users) await seedUser(deps, seed);
  for (const { clientSecret, ...client } of seeds.clients) {
    const nowMs = deps.clock.nowMs();
    await upsertMachineClient(deps.db, {
      ...client,
      id: uuidv7(nowMs),
      secretHash: secretHash(clientSecret),
      createdAt: new Date(nowMs),
    });
  }
}

async function seedUser(
  { db, clock, passwords, log }: Deps,
  { password, ...seed }: z.output<typeof seedUsers>[number],
): Promise<void> {
  const existing = await findUserByEmail(db, seed.email);
  if (existing !== null) return warnOfMissingRoles(log, existing, seed.roles);
  const nowMs = clock.nowMs();
  const passwordHash = await passwords.hash(password);
  const created = await insertUser(db, {
    ...seed,
    id: uuidv7(nowMs),
    passwordHash,
    createdAt: new Date(nowMs),
  });
  if (created) log.info({ userId: created.id, roles: seed.roles }, 'user created');
}

function warnOfMissingRoles(
  log: Logger,
  user: { id: string; roles: string[] },
  wanted: string[],
): void {
  const missing = wanted.filter((role) => !user.roles.includes(role));
  if (missing.length === 0) return;
  log.warn(
    { userId: user.id, missing },
    'a user of SEED_USERS existed before, without these roles',
  );
}
