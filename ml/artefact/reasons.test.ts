import { describe, expect, it } from 'vitest';
import { F, FEATURE_COUNT } from '../features/mod.ts';
import { reasonsOf } from './reasons.ts';
import type { Contribution } from './scorer.ts';

const contributions: Contribution[] = [
  { group: 'device', logit: 1, share: 0.25, feature: F.newDevice },
  { group: 'velocity', logit: 2.94, share: 0.735, feature: F.spent24h },
  { group: 'timing', logit: 0.06, share: 0.015, feature: F.weekend },
  { group: 'payee', logit: -1, share: 0, feature: F.firstPayment },
];
const features = new Float32Array(FEATURE_COUNT);
features[F.newDevice] = 1;
features[F.spent24h] = 1234.567;
const median = new Float32Array(FEATURE_COUNT).fill(0.5);

describe('reasons', () => {
  it('hunts reasons that are out of order, explain nothing, or speak against fraud', () => {
    const usual = new Float32Array(FEATURE_COUNT).fill(Number.NaN);
    usual[F.spent24h] = 20;
    expect(reasonsOf(contributions, features, usual, median)).toEqual([
      {
        code: 'velocity',
        text: 'Much money sent within a day',
        share: 0.735,
        value: 1234.57,
        usual: 20,
        unit: 'USD',
      },
      {
        code: 'device',
        text: 'A device that it never used before',
        share: 0.25,
        value: 1,
        usual: 0.5,
        unit: 'flag',
      },
    ]);
  });
});
