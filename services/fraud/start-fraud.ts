import { STREAMS, type FlagVariant } from '@florin/contracts';
import { faultText, present, RetryableError, type Clock } from '@florin/kernel';
import {
  createPublisher,
  createSigner,
  createVerifier,
  storeDeadLetter,
  type Bus,
  type SigningKeys,
} from '@florin/messaging';
import type { Artefact } from '@florin/ml/artefact';
import { FEATURES } from '@florin/ml/features';
import { ensurePartitions } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import { createDecisionReads } from './adapters/decision-reads.ts';
import { createFactReader } from './adapters/fact-reader.ts';
import { FOLDED_STREAMS, foldStreams } from './adapters/fold-streams.ts';
import { createLabelBook } from './adapters/label-book.ts';
import { measureDrift } from './adapters/measure-drift.ts';
import { keepPruning } from './adapters/prune-decisions.ts';
import { createFactsAside } from './adapters/put-facts-aside.ts';
import { createScoringMetrics, gaugeScoring } from './adapters/scoring-metrics.ts';
import { serveRequests } from './adapters/serve-requests.ts';
import { createSnapshotStore } from './adapters/snapshot-store.ts';
import { createDecodeInitiated } from './domain/initiated-message.ts';
import type { Answer } from './scoring/answer.ts';
import { createJudge, FEATURE_VERSION } from './scoring/judge.ts';
import { traceJudge } from './scoring/trace-judge.ts';
import { createOwnLanes } from './scoring/own-lanes.ts';
import { openProfiles, type ProfileKeeper } from './scoring/profile-keeper.ts';
import { rebuildProfiles } from './scoring/rebuild-profiles.ts';
import { createRecordKeeping } from './scoring/record-keeping.ts';
import { createScoringLoop, type ScoringLoop, type Source } from './scoring/scoring-loop.ts';
import { rememberFeatures } from './sql/partition-positions.ts';

export interface FraudParts {
  bus: Bus;
  pool: pg.Pool;
  leasePool: pg.Pool;
  owner: string;
  partitions: number;
  leaseMs: number;
  snapshotEveryMs: number;
  parkAfterMs: number;
  keepDecisionsMs: number;
  signingKeys: SigningKeys;
  models: { champion: Artefact; challengers: Artefact[] };
  backend: string;
  variant: () => FlagVariant;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export interface Fraud {
  readonly keeper: ProfileKeeper;
  readonly loop: ScoringLoop;
  /** Each stream, and how far it is folded. */
  sources(): readonly Source[];
  /** Answers what is under way, gives the partitions back and writes down what was decided. */
  stop(): Promise<void>;
}

/** What facts lead to besides profiles has happened when they came first. */
const WITHOUT_TRACE = {
  labels: { note: () => undefined },
  aside: { put: () => undefined },
  onRefused: () => undefined,
};

/** Who takes the snapshots and deletes what is old: whoever owns this partition. */
const WRITER_PARTITION = 0;

/**
 * Puts a scorer together. Resolves when it has folded all that was stored, and has its share of the
 * partitions.
 */
export async function startFraud(parts: FraudParts): Promise<Fraud> {
  const { bus, pool, log, metrics, signingKeys, clock, models } = parts;
  await ensurePartitions(pool, parts.partitions);
  const names = FEATURES.map(({ name }) => name);
  await pool.query({ ...rememberFeatures, values: [FEATURE_VERSION, names] });

  const counted = createScoringMetrics(metrics, models);
  const noteDrift = measureDrift(metrics, models.champion, clock);
  const verify = createVerifier(signingKeys);
  const [kid, key] = present(Object.entries(signingKeys['fraud'] ?? {}).at(-1), 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  const labels = createLabelBook({ pool, publisher, clock, log });
  const aside = createFactsAside({ bus, pool, log });
  const isWriter = (): boolean => loop.lanes().has(WRITER_PARTITION);
  const store = createSnapshotStore(pool, FEATURE_VERSION);
  const keeper = await openProfiles({
    store,
    isWriter,
    between: (work) => loop.afterwards(work),
    positions: () => streams.sources(),
    settled: async () => void (await Promise.all([labels.settled(), aside.settled()])),
    parkAfterMs: parts.parkAfterMs,
    onSnapshot: counted.snapshot,
    log,
  });
  const { profiles } = keeper;
  const judge = traceJudge(createJudge({ ...models, profiles }));

  /** Nothing more is read while one of them has too much to do: what waits is in memory. */
  const full = new Set<'scoring' | 'recording'>();
  const noteFull = (who: 'scoring' | 'recording') => (isFull: boolean) => {
    if (isFull) full.add(who);
    else full.delete(who);
    if (full.size > 0) streams.pause();
    else streams.resume();
  };

  const decodeInitiated = createDecodeInitiated({ partitions: parts.partitions, verify });
  const loop = createScoringLoop({
    profiles,
    bring: keeper.bring,
    decodeInitiated,
    decodeFacts: createFactReader({ verify, labels, aside, onRefused: counted.refused }),
    judge,
    variant: parts.variant,
    onFull: noteFull('scoring'),
    onScored: counted.scored,
  });

  const { recorder, reconstruct } = createRecordKeeping({
    bus,
    pool,
    verify,
    loop,
    streamCreatedAt: () => orders().createdAt,
    onReconstructed: counted.reconstructed,
    onFull: noteFull('recording'),
    clock,
    log,
  });

  async function bury({ incoming, reasons }: NonNullable<Answer['buried']>): Promise<void> {
    const place = { reader: 'fraud', stream: STREAMS.transactions };
    try {
      await storeDeadLetter(bus, place, incoming, reasons.join('; '));
    } catch (error) {
      throw new RetryableError(`dead letter not stored: ${faultText(error)}`, { cause: error });
    }
    counted.refused(STREAMS.transactions);
    log.error({ sequence: incoming.sequence, reasons }, 'dead letter');
  }

  const lanes = createOwnLanes({
    pool,
    leasePool: parts.leasePool,
    owner: parts.owner,
    leaseMs: parts.leaseMs,
    bus,
    loop,
    recorder,
    reconstruct,
    publisher,
    orders,
    bury,
    onOvertaken: counted.overtaken,
    onAnswered(_, answer) {
      counted.answered(answer);
      for (const verdict of answer.verdicts) noteDrift(verdict);
    },
    metrics,
    log,
  });

  let disorders = 0;
  const behind = new Set<string>(FOLDED_STREAMS);
  const caughtUp = Promise.withResolvers<void>();
  const streams = foldStreams({
    bus,
    positions: keeper.positions,
    onMessage: loop.take,
    onCaughtUp(stream) {
      loop.afterwards(() => {
        behind.delete(stream);
        if (behind.size === 0) caughtUp.resolve();
      });
    },
    onDisorder({ stream }) {
      disorders += 1;
      counted.disorder(stream);
      if (stream === STREAMS.transactions) lanes.reopen();
    },
    log,
  });

  function orders(): Source {
    const source = streams.sources().find(({ stream }) => stream === STREAMS.transactions);
    return present(source, 'the stream of orders');
  }

  await streams.start();
  await caughtUp.promise;
  gaugeScoring(metrics, { loop, recorder, profiles, backend: parts.backend });
  await lanes.start();
  keeper.start(parts.snapshotEveryMs);
  const pruning = keepPruning({
    pool,
    keepMs: parts.keepDecisionsMs,
    isOurs: isWriter,
    onPruned: counted.pruned,
    clock,
    log,
  });
  const decisions = createDecisionReads(pool);
  const rebuild = () =>
    rebuildProfiles({
      bus,
      store,
      profiles,
      afterwards: loop.afterwards,
      positions: streams.sources,
      knowMore: () => disorders > 0,
      decodeInitiated,
      decodeFacts: createFactReader({ verify, ...WITHOUT_TRACE }),
      log,
    });
  const { backend } = parts;
  const served = serveRequests(bus, { decisions, labels, models, backend, rebuild });
  await bus.nc.flush();

  return {
    keeper,
    loop,
    sources: streams.sources,
    async stop() {
      await Promise.all(served.map((one) => one.stop()));
      await pruning.stop();
      await keeper.stop();
      await lanes.stop();
      await streams.stop();
      loop.stop();
      labels.stop();
      aside.stop();
      await recorder.stop();
      publisher.close();
      judge[Symbol.dispose]();
    },
  };
}
