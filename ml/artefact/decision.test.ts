import { describe, expect, it } from 'vitest';
import { F, FEATURE_COUNT, type FeatureName } from '../features/mod.ts';
import { RULES } from '../training/rules.ts';
import { applyRules, decide, decideWithRules, degradedDecision } from './decision.ts';
import { policySchema, type Policy } from './manifest.ts';

const policy: Policy = {
  version: 2,
  review: 0.2,
  block: 0.7,
  costs: { review: 4, delayedCustomer: 2, blockedCustomer: 40, missedInReview: 0.1 },
  limits: { legitimateBlocked: 0.001, alerts: 0.01 },
  rules: [...RULES],
  degraded: { approveUpToCents: 10_000, holdWithdrawals: true, holdNewPayees: true },
};

const vector = (values: Partial<Record<FeatureName, number>>): Float32Array => {
  const features = new Float32Array(FEATURE_COUNT);
  for (const [name, value] of Object.entries(values)) features[F[name as FeatureName]] = value;
  return features;
};

const NEW_AND_LARGE = { age: 30, amount: 10_000 };
const TESTED_CARDS = { small1h: 5, declines1h: 3 };

describe('the model’s decision', () => {
  it('hunts thresholds that decide on the wrong side of their own value', () => {
    const cases = [0, 0.19999, 0.2, 0.69999, 0.7, 1];
    expect(cases.map((probability) => decide(policy, probability))).toEqual([
      'approve',
      'approve',
      'review',
      'review',
      'block',
      'block',
    ]);
  });
});

describe('rules', () => {
  it.each([
    ['both bounds exactly', NEW_AND_LARGE, 'transfer', ['new-account-large-transfer']],
    ['a withdrawal as well', NEW_AND_LARGE, 'withdrawal', ['new-account-large-transfer']],
    ['not a deposit, which brings money', NEW_AND_LARGE, 'deposit', []],
    ['one condition of two', { age: 31, amount: 10_000 }, 'transfer', []],
    ['cards that are tried', TESTED_CARDS, 'deposit', ['many-small-declined']],
    [
      'several at once, in the order of the policy',
      { ...NEW_AND_LARGE, payeeReportRate: 0.5, firstPayment: 1, newDevice: 1, speed: 5000 },
      'transfer',
      ['new-account-large-transfer', 'reported-counterparty', 'impossible-travel'],
    ],
    [
      'an emptied wallet',
      { age: 90, sinceCredentials: 2, newDevice: 1, balanceShare: 0.9 },
      'transfer',
      ['emptied-after-credentials-changed'],
    ],
    [
      'a device of thieves',
      { age: 90, newDevice: 1, originReports: 3, sinceCredentials: 99 },
      'transfer',
      ['reported-device'],
    ],
  ] as const)('hunts one that holds for too much or too little: %s', (_, values, type, codes) => {
    const features = vector({ sinceCredentials: 8760, ...values });
    expect(applyRules(policy, features, { type }).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    [0.1, 'review'],
    [0.3, 'review'],
    [0.9, 'block'],
  ])('hunts one that makes a decision milder: probability %d', (probability, decision) => {
    const features = vector({ ...NEW_AND_LARGE, sinceCredentials: 8760 });
    const decided = decideWithRules(policy, probability, features, { type: 'transfer' });
    expect(decided.decision).toBe(decision);
    expect(decided.rules).toHaveLength(1);
  });

  it('hunts one that may block but only reviews', () => {
    const features = vector(TESTED_CARDS);
    expect(decideWithRules(policy, 0, features, { type: 'deposit' }).decision).toBe('block');
  });

  it('hunts a policy file that names a feature which there is not', () => {
    const [first] = policy.rules;
    const misspelt = { ...first, when: { ammount: { min: 1 } } };
    expect(policySchema.safeParse({ ...policy, rules: [misspelt] }).success).toBe(false);
    expect(policySchema.safeParse(policy).success).toBe(true);
  });
});

describe('the decision without a score', () => {
  const known = { type: 'transfer', amount: 10_000, currency: 'USD', isNewPayee: false } as const;
  it.each([
    ['a small sum to a known payee', known, 'approve'],
    ['a cent more than the limit', { ...known, amount: 10_001n }, 'review'],
    ['a currency that is worth less', { ...known, amount: 1_400_000, currency: 'KRW' }, 'review'],
    ['the same sum in won', { ...known, amount: 10_000, currency: 'KRW' }, 'approve'],
    ['a new payee', { ...known, isNewPayee: true }, 'review'],
    ['a withdrawal', { ...known, type: 'withdrawal' }, 'review'],
    ['a small deposit from anywhere', { ...known, type: 'deposit', isNewPayee: true }, 'approve'],
  ] as const)('hunts money that leaves unwatched, or is held for nothing: %s', (_, asked, then) => {
    expect(degradedDecision(policy.degraded, asked)).toBe(then);
  });

  it('hunts a policy whose switches do nothing', () => {
    const open = { approveUpToCents: 10_000, holdWithdrawals: false, holdNewPayees: false };
    expect(degradedDecision(open, { ...known, isNewPayee: true })).toBe('approve');
    expect(degradedDecision(open, { ...known, type: 'withdrawal' })).toBe('approve');
  });
});
