import { FEATURES } from '../features/mod.ts';
import type { Contribution } from './scorer.ts';

/** Why a transaction looks like fraud, as people are told it. */
export interface Reason {
  /** The group of features. */
  code: string;
  /** What its most suspicious feature says. */
  text: string;
  /** The group's part of all that speaks for fraud, 0 to 1. */
  share: number;
  /** That feature here, and as it normally is for this wallet, in `unit`. */
  value: number;
  usual: number;
  unit: string;
}

/** What explains less than this only distracts. */
const SHARE_MIN = 0.02;
/** People read these numbers. */
const DIGITS = 6;

/**
 * The groups that speak for fraud, the strongest first. `usual` is what the wallet's profile knows
 * (NaN for what it doesn't): then the median legitimate transaction says what is normal.
 */
export function reasonsOf(
  contributions: readonly Contribution[],
  features: Float32Array,
  usual: Float32Array,
  medianLegitimate: ArrayLike<number>,
): Reason[] {
  return contributions
    .filter(({ share }) => share >= SHARE_MIN)
    .toSorted((a, b) => b.share - a.share)
    .map(({ group, share, feature }) => {
      const { reason, unit } = FEATURES[feature] as (typeof FEATURES)[number];
      const own = usual[feature] as number;
      const normal = Number.isNaN(own) ? (medianLegitimate[feature] as number) : own;
      const value = features[feature] as number;
      return {
        code: group,
        text: reason,
        share: rounded(share),
        value: rounded(value),
        usual: rounded(normal),
        unit,
      };
    });
}

const rounded = (value: number): number => Number(value.toPrecision(DIGITS));
