import { InvariantError } from '@florin/kernel';
import { describe, expect, test } from 'vitest';
import { samplePayment } from '../test/sample-payment.ts';
import { applyAnswer, type Answer, type AnswerType } from './apply-answer.ts';
import { PAYMENT_STATES, type Payment, type PaymentState } from './payment.ts';
import { POLICY_DEFAULT } from './policy.ts';

const ANSWERS: { [T in AnswerType]: Answer } = {
  asking: { type: 'asking' },
  settled: { type: 'settled', bankReference: 'bank-1' },
  declined: { type: 'declined' },
  pending: { type: 'pending' },
  'not-executed': { type: 'not-executed' },
  lost: { type: 'lost' },
  'never-seen': { type: 'never-seen' },
  unreachable: { type: 'unreachable' },
  blocked: { type: 'blocked' },
  interrupted: { type: 'interrupted' },
  'given-up': { type: 'given-up' },
  announced: { type: 'announced' },
  confirmed: { type: 'confirmed' },
  unconfirmed: { type: 'unconfirmed' },
};

/** The whole machine, written down a second time: an absent pair must be impossible. */
const NEXT: Record<PaymentState, Partial<Record<AnswerType, PaymentState>>> = {
  requested: { asking: 'asked', 'given-up': 'abandoned', blocked: 'requested' },
  asked: {
    settled: 'settled',
    declined: 'declined',
    pending: 'unknown',
    'not-executed': 'requested',
    lost: 'unknown',
    blocked: 'requested',
    interrupted: 'unknown',
  },
  unknown: {
    settled: 'settled',
    declined: 'declined',
    pending: 'unknown',
    'never-seen': 'requested',
    unreachable: 'unknown',
    blocked: 'unknown',
  },
  settled: {
    announced: 'settled',
    unconfirmed: 'settled',
    unreachable: 'settled',
    confirmed: 'done',
  },
  declined: {
    announced: 'declined',
    unconfirmed: 'declined',
    unreachable: 'declined',
    confirmed: 'done',
  },
  abandoned: {
    announced: 'abandoned',
    unconfirmed: 'abandoned',
    unreachable: 'abandoned',
    confirmed: 'done',
  },
  done: {},
};

const NOW_MS = 1_000;
const apply = (change: Partial<Payment>, type: AnswerType, random = 0.5) =>
  applyAnswer(samplePayment(change), ANSWERS[type], { nowMs: NOW_MS, random }, POLICY_DEFAULT);

describe('the payment saga', () => {
  const pairs = PAYMENT_STATES.flatMap((state) =>
    (Object.keys(ANSWERS) as AnswerType[]).map((answer) => ({
      state,
      answer,
      next: NEXT[state][answer],
    })),
  );

  test.each(pairs.filter(({ next }) => next !== undefined))(
    'goes the one right way: $state, $answer → $next',
    ({ state, answer, next }) => {
      expect(apply({ state, attempts: 1 }, answer).progress.state).toBe(next);
    },
  );

  test.each(pairs.filter(({ next }) => next === undefined))(
    'rejects what can not happen: $state, $answer',
    ({ state, answer }) => {
      expect(() => apply({ state, attempts: 1 }, answer)).toThrow(InvariantError);
    },
  );
});

describe('a request that may have reached the bank is remembered as such', () => {
  test.each(['lost', 'interrupted', 'pending'] as const)('%s exposes it', (answer) => {
    expect(apply({ state: 'asked', attempts: 1 }, answer).progress.exposedAtMs).toBe(NOW_MS);
  });

  test.each(['not-executed', 'blocked'] as const)('%s does not', (answer) => {
    expect(apply({ state: 'asked', attempts: 1 }, answer).progress.exposedAtMs).toBeNull();
  });

  test('an earlier exposure survives a later refused connection', () => {
    const { progress } = apply({ state: 'asked', attempts: 2, exposedAtMs: 7 }, 'not-executed');
    expect(progress.exposedAtMs).toBe(7);
  });
});

describe('nobody who waits is kept waiting without reason', () => {
  test.each([
    ['asked', 'lost'],
    ['asked', 'interrupted'],
    ['asked', 'settled'],
    ['unknown', 'declined'],
    ['requested', 'given-up'],
    ['settled', 'unconfirmed'],
  ] as const)('%s, %s is followed up at once', (state, answer) => {
    expect(apply({ state, attempts: 1 }, answer).dueInMs).toBe(0);
  });

  test('the last refused attempt of a charge is given up at once, a payout goes on', () => {
    const attempts = POLICY_DEFAULT.chargeAttemptsMax;
    expect(apply({ state: 'asked', attempts }, 'not-executed').dueInMs).toBe(0);
    const payout = apply({ kind: 'payout', state: 'asked', attempts }, 'not-executed');
    expect(payout.dueInMs).toBeGreaterThan(0);
  });

  test('all attempts of a refused charge fit into the five seconds of its client', () => {
    const { ask, chargeAttemptsMax } = POLICY_DEFAULT;
    let waitedMs = 0;
    for (let attempt = 1; attempt < chargeAttemptsMax; attempt++) {
      const { dueInMs } = apply({ state: 'asked', attempts: attempt }, 'not-executed', 0.999);
      waitedMs += dueInMs;
    }
    expect(waitedMs).toBeGreaterThan(ask.baseMs);
    expect(waitedMs).toBeLessThan(3_000);
  });
});

describe('back-off grows and stops growing', () => {
  test.each([
    ['requested', 'blocked', POLICY_DEFAULT.ask.capMs],
    ['unknown', 'unreachable', POLICY_DEFAULT.poll.capMs],
    ['unknown', 'pending', POLICY_DEFAULT.poll.capMs],
    ['settled', 'announced', POLICY_DEFAULT.confirm.capMs],
    ['settled', 'unreachable', POLICY_DEFAULT.confirm.capMs],
  ] as const)('%s, %s', (state, answer, capMs) => {
    const delays = [0, 1, 5, 60].map((rounds) => apply({ state, rounds }, answer, 0.99).dueInMs);
    expect(delays).toEqual(delays.toSorted((a, b) => a - b));
    expect(delays.at(-1)).toBe(
      Math.floor(capMs * (answer === 'unreachable' || answer === 'blocked' ? 0.99 : 0.995)),
    );
  });
});

describe('counting', () => {
  test('asking is an attempt, a call that the breaker blocked is none', () => {
    expect(apply({ attempts: 1 }, 'asking').progress.attempts).toBe(2);
    expect(apply({ state: 'asked', attempts: 2 }, 'blocked').progress.attempts).toBe(1);
  });

  test('an outcome the ledger has not heard of is announced again, ever more rarely', () => {
    const { progress } = apply({ state: 'settled', announced: true, rounds: 3 }, 'unconfirmed');
    expect(progress).toMatchObject({ announced: false, rounds: 3 });
  });

  test('the bank’s reference and the reason of a no are kept', () => {
    expect(apply({ state: 'unknown' }, 'settled').progress.bankReference).toBe('bank-1');
    expect(apply({ state: 'asked' }, 'declined').progress.failureCode).toBe('bank-declined');
    expect(apply({}, 'given-up').progress.failureCode).toBe('bank-unavailable');
  });
});
