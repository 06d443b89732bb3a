import { OBJECT_STORES } from '@florin/contracts';
import { openObjectStore, type Bus } from '@florin/messaging';
import { followKycLevels } from './adapters/follow-kyc-levels.ts';
import { createKyc } from './adapters/kyc.ts';
import { createKycFiles } from './adapters/kyc-files.ts';
import type { ReadCaches } from './cache/start-read-caches.ts';
import { createApplyKycLevel, type ApplyKycLevelDeps } from './apply-kyc-level.ts';

/** All that the gateway has to do with how well people are known. */
export function startKyc(
  bus: Bus,
  deps: Omit<ApplyKycLevelDeps, 'kyc'> & { caches: Pick<ReadCaches, 'profiles'> },
) {
  const kyc = createKyc(bus);
  const applyKycLevel = createApplyKycLevel({ ...deps, kyc });
  const consumer = followKycLevels(bus, async (userId) => {
    await deps.caches.profiles.forget([userId]);
    await applyKycLevel.toPerson(userId);
  });
  const kycFiles = createKycFiles(openObjectStore(bus, OBJECT_STORES.kyc));
  return { routes: { kyc, kycFiles, applyKycLevel }, stop: () => consumer.stop() };
}
