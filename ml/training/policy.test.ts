import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../model/seeded-random.ts';
import { choosePolicy, LIMITS } from './policy.ts';

/** Frauds score high, but so do some of the others. */
function outcomes(fraudShare: number, noise: number, dollars: number) {
  const random = createSeededRandom(3);
  const rows = 20_000;
  const labels = Float32Array.from({ length: rows }, () => (random.next() < fraudShare ? 1 : 0));
  const probabilities = labels.map((label) => {
    const logit = (label === 1 ? 2 : -7) + noise * random.normal();
    return 1 / (1 + Math.exp(-logit));
  });
  return { labels, probabilities, cents: new Float64Array(rows).fill(dollars * 100) };
}

describe('the choice of thresholds', () => {
  it.each([
    ['clean scores', 1],
    ['noisy scores', 3],
    ['useless scores', 30],
  ])('hunts thresholds that break a limit: %s', (_, noise) => {
    const { labels, probabilities, cents } = outcomes(0.005, noise, 500);
    const { review, block } = choosePolicy({ labels, probabilities, cents });
    const legitimate = probabilities.filter((__, row) => labels[row] === 0);
    const blocked = legitimate.filter((probability) => probability >= block).length;
    const alerts = probabilities.filter((probability) => probability >= review).length;
    expect(blocked / legitimate.length).toBeLessThanOrEqual(LIMITS.legitimateBlocked);
    expect(alerts / probabilities.length).toBeLessThanOrEqual(LIMITS.alerts);
    expect(review).toBeLessThanOrEqual(block);
  });

  it('hunts a policy that is blind to money: larger frauds are worth more reviews', () => {
    const small = choosePolicy(outcomes(0.004, 3, 8));
    const large = choosePolicy(outcomes(0.004, 3, 8000));
    expect(large.review).toBeLessThan(small.review);
  });
});
