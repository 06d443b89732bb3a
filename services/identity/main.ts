import {
  IDENTITY_REQUESTS,
  KYC_REQUESTS,
  OBJECT_STORES,
  SESSIONS_ENDED_SUBJECT,
} from '@florin/contracts';
import { present } from '@florin/kernel';
import { connectService, createPublisher, createSigner, openObjectStore } from '@florin/messaging';
import { createPool } from '@florin/postgres';
import { printableConfig, runService } from '@florin/runtime';
import { answerRequests } from './adapters/answer-requests.ts';
import { createOutboxRelay } from './adapters/outbox-relay.ts';
import { createPasswordHasher } from './adapters/password-hasher.ts';
import { readIdentityConfig } from './config.ts';
import { createVault } from './domain/vault.ts';
import { ensureSigningKey, rotateSigningKey } from './keys/ensure-signing-key.ts';
import { endOldApprovals, removeFilesOfErased } from './kyc/decide-document.ts';
import { createKycCases } from './kyc/kyc-cases.ts';
import { rewrapKeys } from './keys/rewrap-keys.ts';
import { sealPlainRows } from './keys/seal-plain-rows.ts';
import { eraseDue } from './privacy/erase-user.ts';
import { seedAccounts } from './seed-accounts.ts';
import { everyHour, sweepAll } from './sessions/sweep-sessions.ts';
import { createUseCases } from './use-cases.ts';

const config = readIdentityConfig();

await runService('identity', config, async (service) => {
  const { log, metrics, clock, onStop } = service;
  log.info(printableConfig(config), 'starting');
  const { postgresUrl, issuer, signingKeys, masterKeys, indexKey } = config;

  const database = await createPool({ url: postgresUrl, applicationName: 'identity' });
  onStop('database', () => database.end());
  const db = database.slonik;
  const bus = await connectService(service, config);
  const [kid, key] = present(Object.entries(signingKeys.identity)[0], 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  onStop('publisher', async () => publisher.close());

  const vault = createVault({ masterKeys, indexKey });
  const relay = createOutboxRelay({
    db,
    publisher,
    log,
    metrics,
  });
  onStop('outbox', () => relay.stop());

  const options = {
    db,
    clock,
    log,
    metrics,
    vault,
    issuer,
    settings: config,
    passwords: await createPasswordHasher(),
    wake: relay.wake,
    sessionsEnded(sessionIds: readonly string[]): void {
      if (sessionIds.length === 0) return;
      bus.nc.publish(SESSIONS_ENDED_SUBJECT, JSON.stringify({ sessionIds }));
    },
  };
  const sealed = await sealPlainRows(options);
  const rewrapped = await rewrapKeys(options);
  if (sealed + rewrapped > 0) log.info({ sealed, rewrapped }, 'personal data brought up to date');
  await ensureSigningKey(options);
  await seedAccounts(options, { users: config.seedUsers, clients: config.seedClients });

  const { useCases, deps } = createUseCases(options);
  const requests = answerRequests(bus, IDENTITY_REQUESTS, useCases);
  onStop('requests', () => requests.stop());
  const kycRequests = answerRequests(bus, KYC_REQUESTS, createKycCases(deps));
  onStop('requests about documents', () => kycRequests.stop());
  const kycFiles = openObjectStore(bus, OBJECT_STORES.kyc);
  const duties = everyHour(log, {
    sweep: () => sweepAll(deps),
    'erase those whose time has come': () => eraseDue(deps),
    'end old approvals': () => endOldApprovals(deps),
    'remove files of the erased': () => removeFilesOfErased(deps, kycFiles),
    'rotate the signing key': () => rotateSigningKey(deps, config.keyRotationMs),
  });
  onStop('duties', async () => duties.stop());
});
