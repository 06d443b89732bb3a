import { describe, expect, it } from 'vitest';
import { apply } from './apply-event.ts';
import { extract } from './extract-features.ts';
import { F, FEATURE_COUNT, FEATURES, type FeatureName } from './feature-table.ts';
import type { FoldedEvent, ScoredTransaction } from './folded-event.ts';
import { createProfiles } from './profiles.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const NOON = Date.UTC(2025, 2, 5, 12);

type Step = Partial<ScoredTransaction> & { fails?: boolean };

/** Plays payments of 20.00 from a to b, unless a step says otherwise, and returns features of c. */
function features(steps: (Step | FoldedEvent)[], last: Step = {}): Record<FeatureName, number> {
  const state = createProfiles();
  for (const step of steps) for (const event of eventsOf(step)) apply(state, event);
  const values = extract(state, transaction(last));
  return Object.fromEntries(
    FEATURES.map(({ name }) => [name, values[F[name]] as number]),
  ) as Record<FeatureName, number>;
}

const transaction = (step: Step): ScoredTransaction => ({
  at: NOON,
  type: 'transfer',
  walletId: 'a',
  ...(step.type === undefined || step.type === 'transfer' ? { counterpartyWalletId: 'b' } : {}),
  amount: 2000,
  currency: 'USD',
  ...step,
});

function eventsOf(step: Step | FoldedEvent): FoldedEvent[] {
  if ('kind' in step) return [step];
  const asked = transaction(step);
  const { at, walletId } = asked;
  const end: FoldedEvent = step.fails
    ? { kind: 'failed', at, walletId }
    : { kind: 'completed', ...asked };
  return [{ kind: 'initiated', transaction: asked }, end];
}

const ago = (ms: number, step: Step = {}): Step => ({ at: NOON - ms, ...step });
const opened = (walletId: string, daysAgo: number): FoldedEvent => ({
  kind: 'account',
  at: NOON - daysAgo * DAY_MS,
  walletId,
  ownerId: `owner of ${walletId}`,
  openedAt: NOON - daysAgo * DAY_MS,
});
const place = (latitude: number, longitude: number, deviceId = 'phone') => ({
  context: { deviceId, address: 'home', country: longitude > 0 ? 'DE' : 'US', latitude, longitude },
});

/** One row per fact: what happened, what is asked for, and what the features say about it. */
const CASES: [string, (Step | FoldedEvent)[], Step, Partial<Record<FeatureName, number>>][] = [
  ['an unknown wallet', [], {}, { age: 0, firstPayment: 1, attempts1h: 1, spent24h: 20 }],
  ['money in another currency', [], { currency: 'JPY', amount: 10_000 }, { amount: 67 }],
  ['a weekend', [], { at: NOON + 3 * DAY_MS }, { weekend: 1 }],
  ['a working day', [], {}, { weekend: 0 }],
  ['a round amount', [], { amount: 10_000 }, { roundness: 1 }],
  [
    'windows that contain the transaction itself',
    [ago(60_000), ago(600_000), ago(5 * HOUR_MS), ago(3 * DAY_MS), ago(20 * DAY_MS)],
    {},
    { attempts5m: 2, attempts1h: 3, attempts24h: 4, attempts7d: 5, spent1h: 60, spent30d: 120 },
  ],
  [
    'refusals and tiny deposits',
    [ago(9e5, { type: 'deposit', amount: 100, fails: true }), ago(8e5, { fails: true })],
    { type: 'deposit', amount: 120, bankAccount: 'x:1' },
    { declines1h: 2, declines24h: 2, small1h: 2, deposit: 1, spent24h: 20 },
  ],
  [
    'an amount far above the habit',
    [ago(9 * DAY_MS), ago(8 * DAY_MS), ago(7 * DAY_MS)],
    { amount: 20_000 },
    { overMean: 10, overLargest: 10, overPayeeMean: 10, deviation: 8, payments: 3, known: 9 },
  ],
  ['an old account that slept', [opened('a', 80)], {}, { age: 80, dormant: 80, lifetime: 0 }],
  [
    'a share of the balance',
    [{ kind: 'held', at: NOON - 5, walletId: 'a', currency: 'USD', balance: 2500 }],
    {},
    { balanceShare: 0.8 },
  ],
  [
    'credentials that changed before the wallet was opened',
    [
      { kind: 'identified', at: NOON - 9 * HOUR_MS, ownerId: 'owner of a', kycLevel: 2 },
      { kind: 'credentials-changed', at: NOON - 2 * HOUR_MS, ownerId: 'owner of a' },
      opened('a', 0.05),
    ],
    {},
    { sinceCredentials: 2, kycLevel: 2 },
  ],
  [
    'an owner who was erased',
    [
      opened('a', 9),
      { kind: 'credentials-changed', at: NOON - 2 * HOUR_MS, ownerId: 'owner of a' },
      { kind: 'erased', at: NOON - HOUR_MS, ownerId: 'owner of a' },
    ],
    {},
    { sinceCredentials: 8760, kycLevel: 1 },
  ],
  [
    'distinct and new payees',
    [ago(8 * HOUR_MS), ago(7 * HOUR_MS), ago(6 * HOUR_MS, { counterpartyWalletId: 'c' })],
    { counterpartyWalletId: 'd' },
    { payees24h: 3, newPayees7d: 3, firstPayment: 1 },
  ],
  [
    'a payee that many just paid',
    ['c', 'd', 'e'].map((walletId) => ago(2 * HOUR_MS, { walletId })),
    {},
    { payeeSenders24h: 3, payeeSenders7d: 3, payeeReceived24h: 60 },
  ],
  [
    'money that is passed on',
    [ago(HOUR_MS, { walletId: 'c', counterpartyWalletId: 'a', amount: 5000 })],
    { amount: 4500 },
    { received24h: 50, passThrough: 0.9, overCredit: 0.9, sinceCredit: 60, senders24h: 1 },
  ],
  [
    'money that is returned',
    [ago(HOUR_MS, { walletId: 'b', counterpartyWalletId: 'a' })],
    {},
    { returns: 1 },
  ],
  [
    'money that goes round',
    [
      ago(3 * HOUR_MS, { walletId: 'b', counterpartyWalletId: 'c' }),
      ago(2 * HOUR_MS, { walletId: 'c', counterpartyWalletId: 'a' }),
    ],
    {},
    { circles: 1, returns: 0 },
  ],
  [
    'amounts below a limit',
    [ago(DAY_MS, { amount: 290_000 })],
    { amount: 985_000 },
    { belowLimit: 0.9, belowLimit7d: 2 },
  ],
  ['an amount above it', [], { amount: 1_000_100 }, { belowLimit: 0 }],
  ['no context', [], {}, { noContext: 1, newDevice: 0, speed: 0 }],
  [
    'another device in another country',
    [ago(2 * HOUR_MS, place(52.5, 13.4)), ago(HOUR_MS, { walletId: 'c', ...place(52.5, 13.4) })],
    place(40.7, -74, 'rig'),
    { noContext: 0, newDevice: 1, newCountry: 1, deviceWallets: 1, devices30d: 2 },
  ],
  [
    'a shared device and address',
    [ago(2 * HOUR_MS, { walletId: 'c', ...place(52.5, 13.4) })],
    place(52.5, 13.4),
    { deviceWallets: 2, addressWallets: 2, newCountry: 0 },
  ],
  [
    'reports',
    [
      ago(2 * DAY_MS, place(52.5, 13.4)),
      {
        kind: 'reported',
        at: NOON - 5,
        walletId: 'a',
        counterpartyWalletId: 'b',
        deviceId: 'phone',
      },
    ],
    place(52.5, 13.4),
    { ownReports: 1, payeeReportRate: 1, originReports: 1 },
  ],
  [
    'a device that was reported before it was seen here, as another stream may tell it',
    [{ kind: 'reported', at: NOON - 5, walletId: 'c', deviceId: 'phone', address: 'home' }],
    place(52.5, 13.4),
    { originReports: 2, deviceWallets: 1, addressWallets: 1, newDevice: 1 },
  ],
];

describe('features', () => {
  it.each(CASES)('hunts wrong values for %s', (_, steps, last, expected) => {
    const found = features(steps, last);
    for (const [name, value] of Object.entries(expected)) {
      expect([name, found[name as FeatureName]]).toEqual([name, expect.closeTo(value, 3)]);
    }
  });

  it('hunts a journey that nobody can make', () => {
    const { speed } = features([ago(HOUR_MS, place(52.5, 13.4))], place(40.7, -74));
    expect(speed).toBeGreaterThan(6000);
    expect(features([ago(HOUR_MS, place(52.5, 13.4))], place(52.6, 13.3)).speed).toBeLessThan(20);
  });

  it('hunts a table that is ambiguous, or has more groups than a person can weigh', () => {
    expect(new Set(FEATURES.map(({ name }) => name)).size).toBe(FEATURE_COUNT);
    expect(new Set(FEATURES.map(({ group }) => group)).size).toBeLessThanOrEqual(12);
  });
});
