import type { Artefact } from '@florin/ml/artefact';
import { FEATURES } from '@florin/ml/features';
import type { Clock } from '@florin/kernel';
import type { Metrics } from '@florin/runtime';
import { partOf, referenceOf, stabilityIndex } from '../domain/drift.ts';
import type { Verdict } from '../domain/verdict.ts';

/** What is compared with the training data: a day, forgotten hour by hour. */
const HOURS = 24;
const HOUR_MS = 3_600_000;
const PARTS = 10;
/** Fewer say more about chance than about the world. */
const SAMPLES_MIN = 5_000;

/**
 * Compares the scores and features of the last day with those that the model was trained on, when
 * metrics are read. Returns what is to be told of each verdict.
 */
export function measureDrift(
  metrics: Metrics,
  { manifest }: Artefact,
  clock: Clock,
): (verdict: Verdict) => void {
  const references = [
    manifest.deciles.probability,
    ...FEATURES.map(({ name }) => manifest.deciles.features[name] ?? []),
  ].map(referenceOf);
  const cells = references.length * PARTS;
  const hours = Array.from({ length: HOURS }, () => ({
    hour: 0,
    samples: 0,
    counts: new Float64Array(cells),
  }));

  function hourOf(nowMs: number) {
    const hour = Math.floor(nowMs / HOUR_MS);
    const slot = hours[hour % HOURS] as (typeof hours)[number];
    if (slot.hour !== hour) {
      slot.hour = hour;
      slot.samples = 0;
      slot.counts.fill(0);
    }
    return slot;
  }

  function lastDay(): { samples: number; counts: Float64Array } {
    const since = Math.floor(clock.nowMs() / HOUR_MS) - HOURS;
    const counts = new Float64Array(cells);
    let samples = 0;
    for (const one of hours) {
      if (one.hour <= since) continue;
      samples += one.samples;
      for (let cell = 0; cell < cells; cell++) {
        counts[cell] = (counts[cell] as number) + (one.counts[cell] as number);
      }
    }
    return { samples, counts };
  }

  const indexOf = (counts: Float64Array, series: number): number => {
    const reference = references[series] as (typeof references)[number];
    return stabilityIndex(reference, counts.subarray(series * PARTS, (series + 1) * PARTS));
  };

  metrics.gauge({
    name: 'fraud_drift_samples',
    help: `Scored transactions of the last day; drift is told from ${SAMPLES_MIN} on`,
    collect() {
      this.set(lastDay().samples);
    },
  });
  metrics.gauge({
    name: 'fraud_score_psi',
    help: 'Population stability index of the scores of the last day against the training data',
    labelNames: ['model'],
    collect() {
      this.reset();
      const { samples, counts } = lastDay();
      const model = manifest.modelVersion;
      if (samples >= SAMPLES_MIN) this.set({ model }, indexOf(counts, 0));
    },
  });
  metrics.gauge({
    name: 'fraud_feature_psi',
    help: 'The same of each feature',
    labelNames: ['feature'],
    collect() {
      this.reset();
      const { samples, counts } = lastDay();
      if (samples < SAMPLES_MIN) return;
      for (const [at, { name }] of FEATURES.entries()) {
        this.set({ feature: name }, indexOf(counts, at + 1));
      }
    },
  });

  return ({ score, features }) => {
    const slot = hourOf(clock.nowMs());
    slot.samples += 1;
    for (let series = 0; series < references.length; series++) {
      const value = series === 0 ? score : (features[series - 1] as number);
      const part = partOf(references[series] as (typeof references)[number], value);
      const cell = series * PARTS + part;
      slot.counts[cell] = (slot.counts[cell] as number) + 1;
    }
  };
}
