import { createHash } from 'node:crypto';

/** What is explained together: a person can weigh twelve causes, not sixty. */
export const FEATURE_GROUPS = [
  'amount',
  'timing',
  'velocity',
  'habits',
  'account',
  'payee',
  'network',
  'flow',
  'structuring',
  'device',
  'location',
  'reputation',
] as const;
export type FeatureGroup = (typeof FEATURE_GROUPS)[number];

/**
 * How a value enters the model: as it is, as log(1 + x) for counts, amounts and ages, or as log(x)
 * for ratios, whose normal value is 1.
 */
export type Transform = 'none' | 'log1p' | 'log';

export interface Feature {
  readonly name: string;
  readonly group: FeatureGroup;
  readonly unit:
    | 'USD'
    | 'count'
    | 'seconds'
    | 'minutes'
    | 'hours'
    | 'days'
    | 'ratio'
    | 'share'
    | 'flag'
    | 'level'
    | 'km/h'
    | 'deviations';
  readonly transform: Transform;
  /** The value when what it is about is not known, or does not apply. */
  readonly default: number;
  /** Why it speaks for fraud, in words for the people who decide about a review. */
  readonly reason: string;
}

const feature = <Name extends string>(
  name: Name,
  group: FeatureGroup,
  unit: Feature['unit'],
  transform: Transform,
  defaultValue: number,
  reason: string,
) => ({ name, group, unit, transform, default: defaultValue, reason });

/** Every input of the model, in its order. What a change here means is in REDUCER_VERSION. */
export const FEATURES = [
  feature('amount', 'amount', 'USD', 'log1p', 0, 'The amount'),
  feature('roundness', 'amount', 'share', 'none', 0, 'The amount is a round number'),
  feature('balanceShare', 'amount', 'share', 'none', 0, 'It takes most of the balance'),

  feature('deposit', 'timing', 'flag', 'none', 0, 'It is a deposit'),
  feature('withdrawal', 'timing', 'flag', 'none', 0, 'It is a withdrawal'),
  feature('hourSine', 'timing', 'ratio', 'none', 0, 'The time of day'),
  feature('hourCosine', 'timing', 'ratio', 'none', 0, 'The time of day'),
  feature('weekend', 'timing', 'flag', 'none', 0, 'It is the weekend'),

  feature('attempts5m', 'velocity', 'count', 'log1p', 0, 'Many attempts within five minutes'),
  feature('attempts1h', 'velocity', 'count', 'log1p', 0, 'Many attempts within an hour'),
  feature('attempts24h', 'velocity', 'count', 'log1p', 0, 'Many attempts within a day'),
  feature('attempts7d', 'velocity', 'count', 'log1p', 0, 'Many attempts within a week'),
  feature('spent1h', 'velocity', 'USD', 'log1p', 0, 'Much money sent within an hour'),
  feature('spent24h', 'velocity', 'USD', 'log1p', 0, 'Much money sent within a day'),
  feature('spent7d', 'velocity', 'USD', 'log1p', 0, 'Much money sent within a week'),
  feature('spent30d', 'velocity', 'USD', 'log1p', 0, 'Much money sent within a month'),
  feature(
    'sinceLast',
    'velocity',
    'seconds',
    'log1p',
    2_592_000,
    'It follows the last one quickly',
  ),
  feature('declines1h', 'velocity', 'count', 'log1p', 0, 'Refused attempts within an hour'),
  feature('declines24h', 'velocity', 'count', 'log1p', 0, 'Refused attempts within a day'),
  feature('small1h', 'velocity', 'count', 'log1p', 0, 'Tiny amounts tried within an hour'),

  feature('overMean', 'habits', 'ratio', 'log', 1, 'More than this wallet usually sends'),
  feature('deviation', 'habits', 'deviations', 'none', 0, 'An amount outside its usual range'),
  feature('overLargest', 'habits', 'ratio', 'log', 1, 'More than it ever sent at once'),
  feature('dayOverUsual', 'habits', 'ratio', 'log', 1, 'A day unlike its last month'),
  feature('hourFamiliar', 'habits', 'share', 'none', 0.25, 'Not an hour at which it is used'),

  feature('age', 'account', 'days', 'log1p', 365, 'The wallet is new'),
  feature('kycLevel', 'account', 'level', 'none', 1, 'How well the owner is identified'),
  feature('dormant', 'account', 'days', 'log1p', 0, 'The wallet was not used for long'),
  feature('sinceCredentials', 'account', 'hours', 'log1p', 8760, 'Sign-in details changed lately'),
  feature('lifetime', 'account', 'count', 'log1p', 0, 'The wallet has little history'),

  feature('firstPayment', 'payee', 'flag', 'none', 0, 'Never paid this receiver before'),
  feature('payments', 'payee', 'count', 'log1p', 0, 'How often it paid this receiver'),
  feature('known', 'payee', 'days', 'log1p', 0, 'Knows this receiver for a short time'),
  feature('payees24h', 'payee', 'count', 'log1p', 0, 'Many receivers within a day'),
  feature('newPayees7d', 'payee', 'count', 'log1p', 0, 'Many new receivers within a week'),
  feature('overPayeeMean', 'payee', 'ratio', 'log', 1, 'More than this receiver usually gets'),

  feature('payeeAge', 'network', 'days', 'log1p', 365, 'The receiving wallet is new'),
  feature('payeeSenders24h', 'network', 'count', 'log1p', 0, 'Many people paid it within a day'),
  feature('payeeSenders7d', 'network', 'count', 'log1p', 0, 'Many people paid it within a week'),
  feature('payeeReceived24h', 'network', 'USD', 'log1p', 0, 'It received much within a day'),
  feature('payeeForwards', 'network', 'share', 'none', 0, 'It passes on what it receives'),

  feature('received24h', 'flow', 'USD', 'log1p', 0, 'Much money came in within a day'),
  feature('passThrough', 'flow', 'ratio', 'none', 0, 'Money leaves as fast as it came'),
  feature('sinceCredit', 'flow', 'minutes', 'log1p', 43_200, 'Money came in just before'),
  feature('overCredit', 'flow', 'ratio', 'none', 0, 'Nearly the amount that just came in'),
  feature('senders24h', 'flow', 'count', 'log1p', 0, 'Many people paid this wallet in a day'),
  feature('senders7d', 'flow', 'count', 'log1p', 0, 'Many people paid this wallet in a week'),
  feature('returns', 'flow', 'flag', 'none', 0, 'Money goes back to who just sent it'),
  feature('circles', 'flow', 'flag', 'none', 0, 'Money goes round in a circle'),

  feature('belowLimit', 'structuring', 'share', 'none', 0, 'Just below a reporting limit'),
  feature('belowLimit7d', 'structuring', 'count', 'log1p', 0, 'Often just below a reporting limit'),

  feature('newDevice', 'device', 'flag', 'none', 0, 'A device that it never used before'),
  feature('deviceKnown', 'device', 'days', 'log1p', 90, 'A device that it uses since lately'),
  feature('deviceWallets', 'device', 'count', 'log1p', 1, 'A device that many wallets share'),
  feature('devices30d', 'device', 'count', 'log1p', 1, 'Many devices within a month'),
  feature('noContext', 'device', 'flag', 'none', 1, 'Nothing is known about the device'),

  feature('newCountry', 'location', 'flag', 'none', 0, 'A country that it never paid from'),
  feature('speed', 'location', 'km/h', 'log1p', 0, 'Too far from its last place to travel'),
  feature('addressWallets', 'location', 'count', 'log1p', 1, 'An address that many wallets share'),

  feature('payeeReportRate', 'reputation', 'share', 'none', 0, 'Payments to it were reported'),
  feature('ownReports', 'reputation', 'count', 'log1p', 0, 'Payments of this wallet were reported'),
  feature('originReports', 'reputation', 'count', 'log1p', 0, 'Its device or address was reported'),
] as const satisfies readonly Feature[];

export type FeatureName = (typeof FEATURES)[number]['name'];
export const FEATURE_COUNT = FEATURES.length;

/** Where each feature stands in a vector. */
export const F = Object.fromEntries(FEATURES.map(({ name }, index) => [name, index])) as Record<
  FeatureName,
  number
>;

/** Raised by every change to what the reducer computes; a test pins values, so none slips by. */
export const REDUCER_VERSION = 2;

/** Binds a model to these features: a scorer refuses an artefact that was trained on others. */
export const FEATURE_HASH = createHash('sha256')
  .update(JSON.stringify({ version: REDUCER_VERSION, groups: FEATURE_GROUPS, features: FEATURES }))
  .digest('hex');

const RATIO_MIN = 0.001;

const indicesOf = (transform: Transform): number[] =>
  FEATURES.flatMap((one, index) => (one.transform === transform ? [index] : []));
const LOGARITHMS = { log1p: indicesOf('log1p'), log: indicesOf('log') };

/** Values as the model takes them: rows of FEATURE_COUNT, transformed in place. */
export function transformFeatures(rows: Float32Array): Float32Array {
  for (let from = 0; from < rows.length; from += FEATURE_COUNT) {
    for (const index of LOGARITHMS.log1p) {
      rows[from + index] = Math.log1p(rows[from + index] as number);
    }
    for (const index of LOGARITHMS.log) {
      rows[from + index] = Math.log(Math.max(rows[from + index] as number, RATIO_MIN));
    }
  }
  return rows;
}
