import type { Metrics } from '@florin/runtime';
import type { Artefact } from '@florin/ml/artefact';
import type { Profiles } from '@florin/ml/features';
import type { Answer } from '../scoring/answer.ts';
import type { ScoringLoop } from '../scoring/scoring-loop.ts';
import type { Recorder } from '../scoring/recorder.ts';

const BINS = 10;
const binOf = (score: number): number => Math.min(BINS - 1, Math.floor(score * BINS));
const DECISIONS = ['approve', 'review', 'block'] as const;

export interface ScoringMetrics {
  answered(answer: Answer): void;
  scored(orders: number, seconds: number): void;
  overtaken(): void;
  refused(stream: string): void;
  disorder(stream: string): void;
  snapshot(pauseSeconds: number, bytes: number): void;
  pruned(decisions: number): void;
  reconstructed(decisions: number): void;
}

/** What is counted as it happens. Every bin exists from the start: shares can be reckoned. */
export function createScoringMetrics(
  metrics: Metrics,
  models: { champion: Artefact; challengers: readonly Artefact[] },
): ScoringMetrics {
  const decisions = metrics.counter({
    name: 'fraud_decisions_total',
    help: 'Decisions about transactions, by decision and model; those of challengers have no say',
    labelNames: ['decision', 'model', 'role'],
  });
  const bins = metrics.counter({
    name: 'fraud_score_bin_total',
    help: 'Scored transactions by tenths of the score',
    labelNames: ['bin', 'model'],
  });
  const inference = metrics.histogram({
    name: 'fraud_inference_duration_seconds',
    help: 'Time of one batch: scores of all models, rules and reasons',
  });
  const batch = metrics.histogram({
    name: 'fraud_batch_orders',
    help: 'Orders scored by one pass',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  });
  const answering = metrics.histogram({
    name: 'fraud_answer_duration_seconds',
    help: 'From when the stream had stored a message to when it had stored its answer',
  });
  const overtaken = metrics.counter({
    name: 'fraud_answers_overtaken_total',
    help: 'Messages that were answered already, most often by the policy on the amount',
  });
  const refused = metrics.counter({
    name: 'fraud_messages_refused_total',
    help: 'Messages that can never be understood, by stream',
    labelNames: ['stream'],
  });
  const disorders = metrics.counter({
    name: 'fraud_stream_disorders_total',
    help: 'Streams that were found to be others than those that were folded',
    labelNames: ['stream'],
  });
  const pause = metrics.histogram({
    name: 'fraud_snapshot_pause_seconds',
    help: 'The longest that a snapshot kept scoring from its work at a time',
  });
  const snapshotBytes = metrics.gauge({
    name: 'fraud_snapshot_bytes',
    help: 'Size of the last snapshot before it was compressed',
  });
  const snapshotAt = metrics.gauge({
    name: 'fraud_snapshot_timestamp_seconds',
    help: 'When this process stored its last snapshot',
  });
  const pruned = metrics.counter({
    name: 'fraud_decisions_pruned_total',
    help: 'Decisions that were deleted because of their age',
  });
  const reconstructed = metrics.counter({
    name: 'fraud_decisions_reconstructed_total',
    help: 'Decisions of others that were looked up in the ready lanes for the record',
  });
  const roles: Record<string, string> = { [models.champion.manifest.modelVersion]: 'champion' };
  for (const { manifest } of models.challengers) roles[manifest.modelVersion] ??= 'challenger';
  for (const [model, role] of Object.entries(roles)) {
    for (let bin = 0; bin < BINS; bin++) bins.inc({ bin, model }, 0);
    for (const decision of DECISIONS) decisions.inc({ decision, model, role }, 0);
  }

  return {
    answered({ verdicts, storedAtMs }) {
      for (const { decision, score, modelVersion, challengers } of verdicts) {
        decisions.inc({ decision, model: modelVersion, role: 'champion' });
        bins.inc({ bin: binOf(score), model: modelVersion });
        for (const other of challengers) {
          decisions.inc({
            decision: other.decision,
            model: other.modelVersion,
            role: 'challenger',
          });
          bins.inc({ bin: binOf(other.score), model: other.modelVersion });
        }
      }
      if (verdicts.length > 0) answering.observe(Math.max(0, Date.now() - storedAtMs) / 1000);
    },
    scored(orders, seconds) {
      inference.observe(seconds);
      batch.observe(orders);
    },
    overtaken: () => overtaken.inc(),
    refused: (stream) => refused.inc({ stream }),
    disorder: (stream) => disorders.inc({ stream }),
    pruned: (rows) => pruned.inc(rows),
    reconstructed: (rows) => reconstructed.inc(rows),
    snapshot(pauseSeconds, bytes) {
      pause.observe(pauseSeconds);
      snapshotBytes.set(bytes);
      snapshotAt.setToCurrentTime();
    },
  };
}

/** What is looked up when metrics are read. */
export function gaugeScoring(
  metrics: Metrics,
  parts: { loop: ScoringLoop; recorder: Recorder; profiles: Profiles; backend: string },
): void {
  const { loop, recorder, profiles, backend } = parts;
  metrics.gauge({
    name: 'fraud_partition_backlog',
    help: 'Messages that wait for their answer to be stored',
    labelNames: ['partition'],
    collect() {
      this.reset();
      for (const [partition, lane] of loop.lanes()) this.set({ partition }, lane.backlog());
    },
  });
  metrics.gauge({
    name: 'fraud_scoring_lag_seconds',
    help: 'Age of the oldest message that waits for its answer',
    labelNames: ['partition'],
    collect() {
      this.reset();
      const now = Date.now();
      for (const [partition, lane] of loop.lanes()) {
        this.set({ partition }, Math.max(0, now - (lane.oldestMs() ?? now)) / 1000);
      }
    },
  });
  metrics.gauge({
    name: 'fraud_unfolded_messages',
    help: 'Messages that were read and wait to be folded',
    collect() {
      this.set(loop.waiting());
    },
  });
  metrics.gauge({
    name: 'fraud_unwritten_decisions',
    help: 'Decisions that wait to be written down',
    collect() {
      this.set(recorder.waiting());
    },
  });
  metrics.gauge({
    name: 'fraud_profiles_in_memory',
    help: 'Wallets whose profile is in memory',
    collect() {
      this.set(profiles.wallets.size);
    },
  });
  metrics
    .gauge({
      name: 'fraud_backend_info',
      help: '1 for the backend of TensorFlow.js that scores',
      labelNames: ['backend'],
    })
    .set({ backend }, 1);
}
