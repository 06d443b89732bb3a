import { describe, expect, it } from 'vitest';
import type { Policy } from '../artefact/mod.ts';
import { F, FEATURE_COUNT, type ScoredTransaction } from '../features/mod.ts';
import { describeReplay } from './describe-replay.ts';
import { createReplay, tallyOf, type RecordedDecision } from './replay-decisions.ts';

const policy: Policy = {
  version: 2,
  review: 0.2,
  block: 0.7,
  costs: { review: 4, delayedCustomer: 2, blockedCustomer: 40, missedInReview: 0.1 },
  limits: { legitimateBlocked: 0.001, alerts: 0.01 },
  rules: [
    {
      code: 'large',
      text: 'It is large',
      types: ['transfer'],
      when: { amount: { min: 5000 } },
      decision: 'review',
    },
  ],
  degraded: { approveUpToCents: 10_000, holdWithdrawals: true, holdNewPayees: true },
};

/** A model that takes a feature for the probability. */
const candidate = {
  policy,
  scorer: {
    probabilities: ({ rows, values }: { rows: number; values: Float32Array }) =>
      Float32Array.from(
        { length: rows },
        (_, row) => values[row * FEATURE_COUNT + F.balanceShare] ?? 0,
      ),
  },
};

function recorded(
  probability: number,
  decision: RecordedDecision['decision'],
  dollars: number,
  label?: 'fraud' | 'legitimate',
  type: ScoredTransaction['type'] = 'transfer',
): RecordedDecision {
  const features = new Float32Array(FEATURE_COUNT);
  features[F.balanceShare] = probability;
  features[F.amount] = dollars;
  return { features, type, cents: dollars * 100, decision, label };
}

function replayed(...batches: RecordedDecision[][]) {
  const replay = createReplay(candidate);
  for (const batch of batches) replay.add(batch);
  return replay.report();
}

describe('a replay', () => {
  it('hunts payments that are counted for another move, or whose money is lost', () => {
    const report = replayed(
      [recorded(0.9, 'approve', 300, 'fraud'), recorded(0.9, 'review', 50, 'legitimate')],
      [recorded(0.1, 'block', 80, 'legitimate'), recorded(0.1, 'approve', 20)],
    );
    expect(report.decisions).toBe(4);
    expect(tallyOf(report, 'fraud', { to: ['block'] })).toEqual({ count: 1, cents: 30_000 });
    const passed = { from: ['block'], to: ['approve'] } as const;
    expect(tallyOf(report, 'legitimate', passed)).toEqual({ count: 1, cents: 8000 });
    expect(tallyOf(report, 'unknown', {})).toEqual({ count: 1, cents: 2000 });
  });

  it('hunts a candidate whose rules are forgotten', () => {
    const report = replayed([
      recorded(0, 'approve', 6000),
      recorded(0, 'approve', 6000, undefined, 'deposit'),
    ]);
    expect(tallyOf(report, 'unknown', { to: ['review'] }).count).toBe(1);
  });

  it('hunts a report that says something else than its numbers', () => {
    const report = replayed([
      recorded(0.9, 'approve', 1200, 'fraud'),
      recorded(0.3, 'approve', 10, 'legitimate'),
      recorded(0.3, 'approve', 10, 'legitimate'),
      recorded(0.1, 'review', 99, 'fraud'),
    ]);
    const text = describeReplay(report, 'wallets-1');
    expect(text).toContain('# wallets-1 on 4 recorded decisions');
    expect(text).toContain('Fraud stopped: +$1,101. Honest payments stopped: +2. Reviews: +1.');
    expect(text).toContain('| newly blocked | 1 ($1,200) | – | – |');
    expect(text).toContain('| newly held for review | – | 2 ($20) | – |');
    expect(text).toContain('| newly passed | 1 ($99) | – | – |');
  });

  it('hunts a history of nothing that breaks the report', () => {
    expect(describeReplay(replayed([]), 'wallets-1')).toContain('on 0 recorded decisions');
  });
});
