import { plainText, redirectUri, ROLES, SCOPES } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { z } from 'zod';
import { newUser } from './accounts/new-user.ts';
import { secretHash } from './adapters/opaque-secret.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { normaliseEmail } from './domain/email.ts';
import { isApiKey, isClientId, PLANS } from './domain/machine-client.ts';
import { EMAIL_INDEX } from './open-user.ts';
import { findUserByEmail } from './sql/find-user-by-email.ts';
import { insertUser } from './sql/insert-user.ts';
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

/**
 * Machine clients, and applications of third parties: those have redirect addresses, and a secret
 * only when they can keep one. It is stored as a fast hash, so it must be random, not thought up.
 */
export const seedClients = z.array(
  z
    .strictObject({
      clientId: z
        .string()
        .refine(isClientId, { error: 'must be 1 to 100 of A-Z a-z 0-9 . _ -' })
        .refine((text) => !isApiKey(text), { error: 'is a name that keys of people have' }),
      clientSecret: z.string().min(32).max(200).optional(),
      redirectUris: z.array(redirectUri).default([]),
      name: plainText(100).min(1),
      scopes: z.array(z.enum(SCOPES)).min(1),
      plan: z.enum(PLANS).default('standard'),
    })
    .refine(
      ({ clientSecret, redirectUris }) => clientSecret !== undefined || redirectUris.length > 0,
      {
        error: 'only an application with redirect addresses can do without a secret',
      },
    ),
);

type SeedDeps = Pick<Deps, 'db' | 'clock' | 'vault' | 'passwords' | 'log'>;

/**
 * Brings in the accounts of the configuration, as often as the service starts. A user that exists
 * stays as it is: the password may have been changed since, and whoever took the e-mail first must
 * not become an operator by it. A machine client takes on what the configuration says.
 */
export async function seedAccounts(
  deps: SeedDeps,
  seeds: { users: z.output<typeof seedUsers>; clients: z.output<typeof seedClients> },
): Promise<void> {
  for (const seed of seeds.users) await seedUser(deps, seed);
  for (const { clientSecret, ...client } of seeds.clients) {
    const nowMs = deps.clock.nowMs();
    await upsertMachineClient(deps.db, {
      ...client,
      id: uuidv7(nowMs),
      secretHash: clientSecret === undefined ? null : secretHash(clientSecret),
      createdAt: new Date(nowMs),
    });
  }
}

async function seedUser(
  { db, clock, vault, passwords, log }: SeedDeps,
  { password, ...seed }: z.output<typeof seedUsers>[number],
): Promise<void> {
  const existing = await findUserByEmail(db, vault.blindIndex(EMAIL_INDEX, seed.email));
  if (existing !== null) return warnOfMissingRoles(log, existing, seed.roles);
  const nowMs = clock.nowMs();
  const passwordHash = await passwords.hash(password);
  // Whoever configures an installation vouches for its first users.
  const { row } = newUser(vault, { ...seed, passwordHash, verified: true }, nowMs);
  const { id: userId, createdAt } = row;
  await db.transaction(async (tx) => {
    if (!(await insertUser(tx, row))) return;
    const registered = { userId, createdAt: createdAt.toISOString(), kycLevel: 0 };
    await announce(tx, nowMs, 'user-registered', registered);
    log.info({ userId, roles: seed.roles }, 'user created');
  });
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
