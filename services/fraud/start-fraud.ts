import { STREAMS, type FlagVariant } from '@florin/contracts';
import { present, RetryableError, faultText, type Clock } from '@florin/kernel';
import {
  createPublisher,
  createSigner,
  createVerifier,
  storeDeadLetter,
  type Bus,
  type SigningKeys,
} from '@florin/messaging';
import type { Artefact } from '@florin/ml/artefact';
import { createProfiles, FEATURES, foldedEventOf } from '@florin/ml/features';
import { ensurePartitions } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import { foldStreams, FOLDED_STREAMS } from './adapters/fold-streams.ts';
import { createScoringMetrics, gaugeScoring } from './adapters/scoring-metrics.ts';
import { decodeFacts, FACT_STREAMS } from './domain/decode-facts.ts';
import { createDecodeInitiated } from './domain/initiated-message.ts';
import { createJudge, FEATURE_VERSION } from './scoring/judge.ts';
import { createOwnLanes } from './scoring/own-lanes.ts';
import { createRecorder } from './scoring/recorder.ts';
import { createScoringLoop, type Source } from './scoring/scoring-loop.ts';
import { rememberFeatures } from './sql/partition-positions.ts';

export interface FraudParts {
  bus: Bus;
  pool: pg.Pool;
  leasePool: pg.Pool;
  owner: string;
  partitions: number;
  leaseMs: number;
  signingKeys: SigningKeys;
  models: { champion: Artefact; challengers: Artefact[] };
  backend: string;
  variant: () => FlagVariant;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

export interface Fraud {
  /** Answers what is under way, gives the partitions back, stores what is known. */
  stop(): Promise<void>;
}

/**
 * Puts a scorer together. Resolves when it has folded all that was stored, and has its share of the
 * partitions.
 */
export async function startFraud(parts: FraudParts): Promise<Fraud> {
  const { bus, pool, log, metrics, signingKeys, clock } = parts;
  await ensurePartitions(pool, parts.partitions);
  const names = FEATURES.map(({ name }) => name);
  await pool.query({ ...rememberFeatures, values: [FEATURE_VERSION, names] });

  const profiles = createProfiles();
  const verify = createVerifier(signingKeys);
  const [kid, key] = present(Object.entries(signingKeys['fraud'] ?? {}).at(-1), 'signing key');
  const publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
  const judge = createJudge({ ...parts.models, profiles: () => profiles });
  const counted = createScoringMetrics(metrics, {
    champion: parts.models.champion.manifest.modelVersion,
    challengers: parts.models.challengers.map(({ manifest }) => manifest.modelVersion),
  });

  const loop = createScoringLoop({
    profiles: () => profiles,
    decodeInitiated: createDecodeInitiated({ partitions: parts.partitions, verify }),
    decodeFacts(source, message) {
      const stream = present(
        FACT_STREAMS.find((one) => one.stream === source.stream),
        'a stream of facts',
      );
      const facts = decodeFacts(verify, stream, message);
      if (!facts.ok) {
        counted.refused(source.stream);
        log.error({ stream: source.stream, sequence: message.sequence }, facts.error);
        return [];
      }
      return facts.value.map(foldedEventOf).filter((event) => event !== undefined);
    },
    judge,
    variant: parts.variant,
    onFull: (full) => (full ? streams.pause() : streams.resume()),
    onScored: counted.scored,
    log,
  });

  const recorder = createRecorder({
    pool,
    nowMs: () => clock.nowMs(),
    streamCreatedAt: () => orders().createdAt,
    log,
  });

  const lanes = createOwnLanes({
    pool,
    leasePool: parts.leasePool,
    bus,
    loop,
    recorder,
    publisher,
    orders,
    owner: parts.owner,
    leaseMs: parts.leaseMs,
    async bury({ incoming, reasons }) {
      const place = { reader: 'fraud', stream: STREAMS.transactions };
      try {
        await storeDeadLetter(bus, place, incoming, reasons.join('; '));
      } catch (error) {
        throw new RetryableError(`dead letter not stored: ${faultText(error)}`, { cause: error });
      }
      counted.refused(STREAMS.transactions);
      log.error({ sequence: incoming.sequence, reasons }, 'dead letter');
    },
    onAnswered: (_, answer) => counted.answered(answer),
    metrics,
    log,
  });

  const caughtUp = new Set<string>();
  const allCaughtUp = Promise.withResolvers<void>();
  const streams = foldStreams({
    bus,
    positions: [],
    onMessage: loop.take,
    onCaughtUp(stream) {
      loop.afterwards(() => {
        caughtUp.add(stream);
        if (caughtUp.size === FOLDED_STREAMS.length) allCaughtUp.resolve();
      });
    },
    onDisorder({ stream }) {
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
  await allCaughtUp.promise;
  gaugeScoring(metrics, { loop, recorder, profiles: () => profiles, backend: parts.backend });
  await lanes.start();
  return {
    async stop() {
      await lanes.stop();
      await streams.stop();
      loop.stop();
      await recorder.flushed();
      await recorder.stop();
      publisher.close();
      judge[Symbol.dispose]();
    },
  };
}
