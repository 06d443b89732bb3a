import { findTransactions } from './find-transactions.ts';
import { lockPartitions } from './lock-partitions.ts';
import { lockWallets } from './lock-wallets.ts';
import { openWallets } from './open-wallets.ts';
import { postBatch, postBatchSpending } from './post-batch.ts';
import { readPartition } from './read-partition.ts';
import { reverseTransactions } from './reverse-transactions.ts';
import { settleTransactions } from './settle-transactions.ts';
import { unpublishedStoredEvents, unpublishedTransactions } from './unpublished-events.ts';
import { bindStream, haltPartition, saveProgress } from './update-partition.ts';
import { writeDeadLetters } from './write-dead-letters.ts';
import { writeFees } from './write-fees.ts';
import { writeFollowUps } from './write-follow-ups.ts';
import { drawHolds, placeHolds } from './write-holds.ts';
import { writeReviews } from './write-reviews.ts';
import { writeStoredEvents } from './write-stored-events.ts';

/** What opening a lane and posting what it carries is made of. */
export const LANE_STATEMENTS: readonly { name: string; text: string }[] = [
  readPartition,
  bindStream,
  unpublishedTransactions,
  unpublishedStoredEvents,
  lockPartitions,
  lockWallets,
  findTransactions,
  openWallets,
  postBatch,
  postBatchSpending,
  settleTransactions,
  reverseTransactions,
  placeHolds,
  drawHolds,
  writeFees,
  writeFollowUps,
  writeReviews,
  writeStoredEvents,
  writeDeadLetters,
  saveProgress,
  haltPartition,
];
