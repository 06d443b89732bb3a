import { expect, test } from 'vitest';
import { calibrate, fitCalibration } from './calibration.ts';
import { sigmoid } from './metrics.ts';
import { createSeededRandom } from './seeded-random.ts';

/** Labels that happen with probability sigmoid(0.5 * logit - 2). */
function overconfident(rows: number): { logits: Float32Array; labels: Float32Array } {
  const random = createSeededRandom(1);
  const logits = Float32Array.from({ length: rows }, () => 4 * random.normal());
  const labels = logits.map((logit) => (random.next() < sigmoid(0.5 * logit - 2) ? 1 : 0));
  return { logits, labels };
}

test('hunts wrong probabilities: the true slope and offset are found again', () => {
  const { logits, labels } = overconfident(50_000);
  const fitted = fitCalibration(logits, labels);
  expect(fitted.slope).toBeCloseTo(0.5, 1);
  expect(fitted.offset).toBeCloseTo(-2, 1);
  const mean = (values: Float32Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
  expect(mean(calibrate(fitted, logits))).toBeCloseTo(mean(labels), 4);
});

test('hunts false certainty: perfectly separated rows do not get probability 0 and 1', () => {
  const fitted = fitCalibration(Float32Array.of(-3, -2, 2, 3), Float32Array.of(0, 0, 1, 1));
  const [lowest, , , highest] = calibrate(fitted, Float32Array.of(-3, -2, 2, 3));
  expect(lowest).toBeGreaterThan(0.1);
  expect(highest).toBeLessThan(0.9);
});

test('hunts division by nothing: equal logits calibrate to the share of frauds', () => {
  const fitted = fitCalibration(new Float32Array(1000), new Float32Array(1000).fill(1, 0, 100));
  expect(calibrate(fitted, Float32Array.of(0))[0]).toBeCloseTo(0.1, 2);
});
