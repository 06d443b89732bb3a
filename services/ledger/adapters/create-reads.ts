import type { Bus } from '@florin/messaging';
import type pg from 'pg';
import type { Archive } from '../archive/open-archive.ts';
import { createAdjustmentReads } from '../reads/adjustments.ts';
import { createArchivedEntries } from '../reads/archived-entries.ts';
import { createClearingReads } from '../reads/clearing.ts';
import { createFindKeys } from '../reads/find-keys.ts';
import { createLaneReads } from '../reads/lanes.ts';
import { createPeriodReads } from '../reads/periods.ts';
import { createListPositions } from '../reads/positions.ts';
import { createReviewReads } from '../reads/reviews.ts';
import type { createSimulate } from '../reads/simulate.ts';
import { createSumTransit } from '../reads/sum-transit.ts';
import { createTransactionReads } from '../reads/transactions.ts';
import { createVerifyBooks } from '../reads/verify-books.ts';
import { createWalletReads } from '../reads/wallets.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import type { FeeSchedules } from './fee-schedules.ts';
import type { LedgerReads } from './ledger-reads.ts';

/** Everything that can be read in the books of this process. */
export function createReads(
  pool: pg.Pool,
  nowUs: () => number,
  simulate: ReturnType<typeof createSimulate>,
  schedules: FeeSchedules,
  bus: Bus,
  archive: Archive,
): LedgerReads {
  const archived = createArchivedEntries(pool, archive);
  const { listReviews } = createReviewReads(pool);
  return {
    ...createWalletReads(pool, archived),
    ...createTransactionReads(pool, archived),
    ...createPeriodReads(pool, archived),
    ...createAdjustmentReads(pool, nowUs),
    ...createClearingReads(pool, nowUs, archived),
    ...createLaneReads(pool, bus, nowUs),
    listReviews,
    simulate,
    listPositions: createListPositions(pool),
    verifyBooks: createVerifyBooks(pool, () => isoFromMicros(nowUs())),
    sumTransit: createSumTransit(pool),
    findKeys: createFindKeys(pool),
    getFees: schedules.get,
    listFees: schedules.list,
    setFees: schedules.set,
  };
}
