import { connectService } from '@florin/messaging';
import { createPool } from '@florin/postgres';
import { printableConfig, runService } from '@florin/runtime';
import { answerRequests } from './adapters/answer-requests.ts';
import { createPasswordHasher } from './adapters/password-hasher.ts';
import { readIdentityConfig } from './config.ts';
import { ensureSigningKey } from './ensure-signing-key.ts';
import { seedAccounts } from './seed-accounts.ts';
import { sweepHourly } from './sweep-sessions.ts';
import { createUseCases } from './use-cases.ts';

const config = readIdentityConfig();

await runService('identity', config, async (service) => {
  const { log, metrics, clock, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const { postgresUrl, issuer, sessionLifetimeMs } = config;

  const database = await createPool({ url: postgresUrl, applicationName: 'identity' });
  onStop('database', () => database.end());
  const bus = await connectService(service, config);

  const passwords = await createPasswordHasher();
  const shared = { db: database.slonik, clock, log, passwords };
  await ensureSigningKey(shared);
  await seedAccounts(shared, { users: config.seedUsers, clients: config.seedClients });

  const useCases = createUseCases({ ...shared, metrics, issuer, sessionLifetimeMs });
  const requests = answerRequests(bus, useCases);
  onStop('requests', () => requests.stop());
  const sweeps = sweepHourly(shared);
  onStop('sweeps', async () => sweeps.stop());
});
