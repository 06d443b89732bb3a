import { present, type Clock } from '@florin/kernel';
import {
  createFlags,
  createPublisher,
  createSigner,
  createVerifier,
  type Bus,
  type SigningKeys,
} from '@florin/messaging';
import { ensurePartitions } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import { checkStatements } from './adapters/check-statements.ts';
import { createFeeSchedules } from './adapters/fee-schedules.ts';
import { followShards } from './adapters/follow-shards.ts';
import { keepMonthsOpen } from './adapters/keep-months-open.ts';
import { measureLanes } from './adapters/measure-lanes.ts';
import { measureShard } from './adapters/measure-shard.ts';
import { createMicrosecondClock } from './adapters/microsecond-clock.ts';
import { openArchive } from './archive/open-archive.ts';
import { createReads } from './adapters/create-reads.ts';
import { askForKeys } from './adapters/ask-for-keys.ts';
import { newestFees } from './adapters/newest-fees.ts';
import { serveReads } from './adapters/serve-reads.ts';
import { keepPartitions } from './keep-partitions.ts';
import type { ApproveLimits } from './domain/amount-policy.ts';
import { createAnswerOrigins } from './lane/answer-origins.ts';
import { createDecodeMessage } from './lane/decode-message.ts';
import { createForwardUnscored } from './lane/forward-unscored.ts';
import { startCheckKeys } from './lane/check-keys.ts';
import { createFindElsewhere } from './lane/keys-elsewhere.ts';
import { createLaneKeeper, type LaneKeeper } from './lane/lane-keeper.ts';
import { createPostBatch } from './lane/post-batch.ts';
import { startRepeatDepartures } from './lane/repeat-departures.ts';
import { createSendLetters } from './lane/send-letters.ts';
import { othersOf, type ShardPlace } from './lane/shard-view.ts';
import { startSweep } from './lane/start-sweep.ts';
import { createReviewReads } from './reads/reviews.ts';
import { createSimulate } from './reads/simulate.ts';

export interface LedgerParts {
  bus: Bus;
  postings: pg.Pool;
  reads: pg.Pool;
  leases: pg.Pool;
  owner: string;
  partitions: number;
  /** Absent where all books are in one place. */
  shard?: ShardPlace | undefined;
  leaseMs: number;
  /** How long a transaction waits for a person before it is declined. */
  reviewForMs: number;
  /** How long an order waits for its score before a policy on its amount decides. */
  watchdogDeadlineMs: number;
  /** Up to these amounts it lets money move. */
  approveLimits: ApproveLimits;
  signingKeys: SigningKeys;
  /** Where archived months of entries are; undefined where no archive is mounted. */
  archiveDirectory?: string | undefined;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export interface Ledger {
  keeper: LaneKeeper;
  /** Gives the lanes back, tells what is committed, answers what was asked. */
  stop(): Promise<void>;
}

/** Puts a ledger together and lets it take its share of the lanes. */
export async function startLedger(parts: LedgerParts): Promise<Ledger> {
  const { bus, log, metrics, signingKeys } = parts;
  if (parts.shard === undefined) await ensurePartitions(parts.reads, parts.partitions);
  else await keepPartitions(parts.reads, parts.shard);
  const shard =
    parts.shard && (await followShards({ bus, pool: parts.reads, shard: parts.shard, log }));
  await checkStatements(parts.reads);
  const nowUs = createMicrosecondClock(parts.clock);
  const [kid, key] = present(Object.entries(signingKeys['ledger'] ?? {})[0], 'signing key');
  const events = createPublisher(bus, { signer: createSigner({ kid, key }) });
  const flags = createFlags(bus);
  const schedules = createFeeSchedules({
    ...parts,
    pool: parts.reads,
    newestElsewhere: newestFees(bus, shard),
  });
  await schedules.reload();
  const decodeMessage = createDecodeMessage({
    partitions: parts.partitions,
    verify: createVerifier(signingKeys),
  });
  const elsewhere = shard && { others: () => othersOf(shard), ask: askForKeys(bus), log };
  const sendLetters = createSendLetters({ ...parts, publisher: events });
  const keeper = createLaneKeeper({
    pool: parts.postings,
    leasePool: parts.leases,
    bus,
    events,
    owner: parts.owner,
    leaseMs: parts.leaseMs,
    log,
    metrics,
    decodeMessage,
    watchdogDeadlineMs: parts.watchdogDeadlineMs,
    forwardUnscored: createForwardUnscored({
      pool: parts.reads,
      publisher: events,
      decodeMessage,
      limits: parts.approveLimits,
      flag: () => flags.variant('fraud-scoring'),
      log,
      metrics,
    }),
    postBatch: createPostBatch({
      pool: parts.postings,
      nowUs,
      fees: schedules.current,
      reviewForMs: parts.reviewForMs,
      shard,
      findElsewhere:
        elsewhere &&
        createFindElsewhere({
          ...elsewhere,
          nowMs: parts.clock.monotonicMs,
        }),
    }),
    sendLetters: shard && sendLetters,
    answer: createAnswerOrigins(bus),
  });
  measureLanes(metrics, keeper, createReviewReads(parts.reads).countOpen);
  if (shard !== undefined) measureShard({ metrics, keeper, pool: parts.reads, shard });
  const months = keepMonthsOpen({ pool: parts.reads, log, metrics });
  await keeper.start();
  const ours = { pool: parts.reads, partitions: () => keeper.lanes().keys(), nowUs, log };
  const sweep = startSweep({ ...ours, publisher: events });
  const repeating = shard && startRepeatDepartures({ ...ours, send: sendLetters });
  const checking = elsewhere && startCheckKeys({ ...ours, ...elsewhere });
  const simulate = createSimulate({
    ...parts,
    shard,
    pool: parts.reads,
    nowUs,
    fees: schedules.current,
  });
  const archive = openArchive(parts.archiveDirectory);
  const reads = createReads(parts.reads, nowUs, simulate, schedules, bus, archive);
  const served = serveReads(bus, reads, shard);
  return {
    keeper,
    async stop() {
      months.stop();
      sweep.stop();
      await repeating?.stop();
      await checking?.stop();
      await keeper.stop();
      await Promise.all(served.map((one) => one.stop()));
      schedules.stop();
      events.close();
      await shard?.stop();
      await flags.stop();
    },
  };
}
