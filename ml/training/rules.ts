import type { DegradedPolicy, Rule } from '../artefact/mod.ts';

const OUTGOING: Rule['types'] = ['withdrawal', 'transfer'];

/**
 * What is stopped whatever the model says, because a regulator, a network or common sense asks for
 * it. Thresholds were set on training days; `npm run ml:evaluate` says how often each was right.
 */
export const RULES: readonly Rule[] = [
  {
    code: 'new-account-large-transfer',
    text: 'A wallet younger than a month sends more than 10,000 dollars',
    types: OUTGOING,
    when: { age: { max: 30 }, amount: { min: 10_000 } },
    decision: 'review',
  },
  {
    code: 'reported-counterparty',
    text: 'Two in five payments to the receiver were reported as fraud',
    types: ['transfer'],
    when: { payeeReportRate: { min: 0.4 }, firstPayment: { min: 1 } },
    decision: 'review',
  },
  {
    code: 'reported-device',
    text: 'A device that is new to this wallet, and with which fraud was reported',
    types: OUTGOING,
    when: { newDevice: { min: 1 }, originReports: { min: 3 } },
    decision: 'review',
  },
  {
    code: 'impossible-travel',
    text: 'Another device, too far from the last place for anybody to have travelled',
    types: OUTGOING,
    when: { newDevice: { min: 1 }, speed: { min: 900 } },
    decision: 'review',
  },
  {
    code: 'many-small-declined',
    text: 'One tiny amount after the other is tried, and many are declined',
    types: ['deposit'],
    when: { small1h: { min: 5 }, declines1h: { min: 3 } },
    decision: 'block',
  },
  {
    code: 'emptied-after-credentials-changed',
    text: 'Sign-in details changed today, and a new device takes most of the balance',
    types: OUTGOING,
    when: { sinceCredentials: { max: 24 }, newDevice: { min: 1 }, balanceShare: { min: 0.5 } },
    decision: 'review',
  },
];

/** When nothing can be scored. */
export const DEGRADED: DegradedPolicy = {
  approveUpToCents: 10_000,
  holdWithdrawals: true,
  holdNewPayees: true,
};
