import { F, FEATURE_COUNT, type FeatureName } from '../features/mod.ts';
import type { Matrix } from '../model/mod.ts';

type Value = (name: FeatureName) => number;

/**
 * What a careful analyst would write down without a model. Thresholds and points follow from how
 * often each rule was right on the training days (5: three in four, 1: one in fifty), so that the
 * model is not compared with rules that drown the alerts in noise.
 */
const RULES: [number, (value: Value) => boolean][] = [
  [5, (value) => value('attempts1h') >= 5 && value('small1h') >= 4],
  [5, (value) => value('speed') > 900 && value('newDevice') === 1],
  [5, (value) => value('newDevice') === 1 && value('newCountry') === 1],
  [4, (value) => value('newDevice') === 1 && value('balanceShare') > 0.5],
  [4, (value) => value('sinceCredentials') < 24 && value('balanceShare') > 0.5],
  [4, (value) => value('age') < 30 && value('amount') > 4000 && value('deposit') === 0],
  [4, (value) => value('originReports') > 0 && value('newDevice') === 1],
  [3, (value) => value('payeeReportRate') > 0.2],
  [3, (value) => value('newDevice') === 1 && isFirst(value)],
  [2, (value) => value('payeeReportRate') > 0.05],
  [2, (value) => value('payeeAge') < 14 && value('amount') > 200 && isFirst(value)],
  [2, (value) => value('declines1h') >= 3],
  [2, (value) => value('belowLimit7d') >= 2 && value('belowLimit') > 0 && value('deposit') === 0],
  [1, (value) => value('overLargest') > 2 && value('amount') > 300 && isFirst(value)],
  [1, (value) => value('originReports') > 0],
  [1, (value) => value('speed') > 900],
];

const isFirst = (value: Value): boolean => value('firstPayment') === 1 && value('deposit') === 0;

/** A score per row: the points of all rules that fire. Of equals the larger amount goes first. */
export function scoreByRules({ rows, values }: Matrix): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    const value: Value = (name) => values[row * FEATURE_COUNT + F[name]] as number;
    const points = RULES.reduce((sum, [own, fires]) => sum + (fires(value) ? own : 0), 0);
    return points + Math.log1p(value('amount')) / 100;
  });
}
