import {
  PROBLEMS,
  REFUSAL_CODES,
  transactionView,
  type Risk,
  type Transaction,
} from '@florin/contracts';
import { asClientId } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import type { Caller } from './caller.ts';
import { counterpartyView, insightOf, ownView, refusalOfFailed } from './transaction-view.ts';

const failed: Transaction = {
  id: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
  type: 'withdrawal',
  status: 'failed',
  walletId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c073990',
  amount: '2500',
  currency: 'USD',
  balances: { posted: '100', held: '40', available: '60' },
  bankAccount: 'ok:DE00',
  createdAt: '2026-01-01T00:00:00.000Z',
};

const risk: Risk = {
  score: 0.93,
  decision: 'block',
  reasons: [{ code: 'velocity', text: 'Many payments at once', share: 0.7 }],
  modelVersion: 'wallets-1',
  featureVersion: 'abc',
  mode: 'enforce',
  degraded: false,
};

const reviewed: Transaction = {
  ...failed,
  status: 'held',
  risk: { ...risk, decision: 'review' },
  review: {
    status: 'approved',
    openedAt: '2026-01-01T00:00:00.000Z',
    expiresAt: '2026-01-04T00:00:00.000Z',
    decidedAt: '2026-01-02T00:00:00.000Z',
    decidedBy: 'olga',
    note: 'called her',
  },
};

describe('hunts facts that reach somebody whom they do not concern', () => {
  test('nobody sees the bank account', () => {
    expect(ownView(failed, 'all')).not.toHaveProperty('bankAccount');
    const refused = refusalOfFailed(
      { ...failed, failure: { code: 'bank-declined' } },
      false,
      'all',
    );
    expect(refused.facts?.transaction).not.toHaveProperty('bankAccount');
  });

  test('the receiver does not see what the payer has left, nor that anybody had doubts', () => {
    expect(ownView(failed)).toHaveProperty('balances');
    const seen = counterpartyView(reviewed);
    for (const name of ['balances', 'risk', 'review', 'bankAccount']) {
      expect(seen).not.toHaveProperty(name);
    }
  });

  test.each<[string, Risk | undefined, object | undefined]>([
    ['blocked', risk, { decision: 'block', degraded: false, mode: 'enforce' }],
    [
      'held by the policy',
      { ...risk, score: null, decision: 'review', degraded: true },
      { decision: 'review', degraded: true, mode: 'enforce' },
    ],
    ['approved', { ...risk, decision: 'approve' }, undefined],
    ['only watched', { ...risk, mode: 'shadow' }, undefined],
    ['never asked about', undefined, undefined],
  ])('whoever pays sees of a payment that was %s no score and no reason', (_, given, seen) => {
    const transaction = given === undefined ? failed : { ...failed, risk: given };
    expect(ownView(transaction, 'owner').risk).toEqual(seen);
    const refused = refusalOfFailed(
      { ...transaction, failure: { code: 'risk-blocked' } },
      false,
      'owner',
    );
    expect(refused.facts?.transaction?.risk).toEqual(seen);
    expect(ownView(transaction, 'all').risk).toEqual(given);
  });

  test('whoever pays sees of a review how it stands and until when, not who looks', () => {
    expect(ownView(reviewed, 'owner').review).toEqual({
      status: 'approved',
      expiresAt: '2026-01-04T00:00:00.000Z',
    });
    expect(ownView(reviewed, 'all').review).toEqual(reviewed.review);
  });

  test.each<[string, Partial<Caller>, 'all' | 'owner']>([
    ['a person', { kind: 'user', roles: new Set(['user']) }, 'owner'],
    [
      'an operator',
      { kind: 'user', roles: new Set(['user', 'operator']), scopes: new Set(['admin']) },
      'all',
    ],
    ['an operator whose token is for less', { roles: new Set(['operator']) }, 'owner'],
    ['a machine client', { kind: 'machine' }, 'all'],
  ])('%s', (_, changes, insight) => {
    const nobody: Caller = {
      id: asClientId('x'),
      kind: 'user',
      scopes: new Set(),
      roles: new Set(),
    };
    expect(insightOf({ ...nobody, ...changes })).toBe(insight);
  });

  test('what is shown is what the schema promises', () => {
    for (const insight of ['owner', 'all'] as const) {
      expect(transactionView.strict().parse(ownView(reviewed, insight))).toBeDefined();
    }
  });
});

describe('hunts refusals of the ledger without a status, or with another one the next time', () => {
  test.each(REFUSAL_CODES)('%s', (code) => {
    const refused = refusalOfFailed({ ...failed, failure: { code } }, true, 'owner');
    expect(PROBLEMS[refused.refused].status).toBeGreaterThanOrEqual(400);
    expect(refused).toMatchObject({ refused: code, replayed: true, facts: { transaction: {} } });
    expect(refused.detail).not.toBe('');
  });

  test('too little money says how much there is', () => {
    const poor = { ...failed, failure: { code: 'insufficient-funds' } } as const;
    expect(refusalOfFailed(poor, false, 'owner').facts?.available).toBe('60');
  });
});
