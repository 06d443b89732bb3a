import { assert } from '@florin/kernel';
import type { Payment, PaymentProgress, PaymentState } from './payment.ts';
import { jitteredMs, steadyMs, type PaymentPolicy } from './policy.ts';

/** What a step has brought. */
export type Answer =
  /** About to ask the bank. */
  | { readonly type: 'asking' }
  /** The bank has executed it, now or earlier. */
  | { readonly type: 'settled'; readonly bankReference: string | null }
  /** The bank has said no, for good. */
  | { readonly type: 'declined' }
  /** The bank works on it. Where that takes days, it says how rarely to ask. */
  | { readonly type: 'pending'; readonly pollCapMs?: number }
  /** The request has certainly not been executed: no connection, or turned away at the door. */
  | { readonly type: 'not-executed' }
  /** The request may or may not have been executed. */
  | { readonly type: 'lost' }
  /** The status endpoint knows nothing of this payment. */
  | { readonly type: 'never-seen' }
  /** The status endpoint, or the ledger, gave no answer. */
  | { readonly type: 'unreachable' }
  /** The circuit breaker let no call out. */
  | { readonly type: 'blocked' }
  /** Whoever asked died before the answer. */
  | { readonly type: 'interrupted' }
  /** No longer worth asking. */
  | { readonly type: 'given-up' }
  /** The settlement is in the lane. */
  | { readonly type: 'announced' }
  /** The ledger has made the transaction final. */
  | { readonly type: 'confirmed' }
  /** The ledger has not heard of the outcome. */
  | { readonly type: 'unconfirmed' };

export type AnswerType = Answer['type'];

export interface Moment {
  readonly nowMs: number;
  /** 0 ≤ random < 1, for jitter. */
  readonly random: number;
}

export interface Advance {
  readonly progress: PaymentProgress;
  /** When to look at it again; 0 = go on at once. */
  readonly dueInMs: number;
}

type Rule = (payment: Payment, moment: Moment, policy: PaymentPolicy, answer: Answer) => Advance;

function progressOf(payment: Payment): PaymentProgress {
  const { state, attempts, rounds, exposedAtMs, deadlineAtMs } = payment;
  const { failureCode, bankReference, announced } = payment;
  return {
    state,
    attempts,
    rounds,
    exposedAtMs,
    deadlineAtMs,
    failureCode,
    bankReference,
    announced,
  };
}

/** Enters a state, where the counting of rounds starts anew. */
function enter(payment: Payment, state: PaymentState, change: Partial<PaymentProgress> = {}) {
  return { ...progressOf(payment), rounds: 0, ...change, state };
}

/** One more round in the same state. */
function stay(payment: Payment, change: Partial<PaymentProgress> = {}) {
  return { ...progressOf(payment), rounds: payment.rounds + 1, ...change };
}

const ask: Rule = (payment) => ({
  progress: enter(payment, 'asked', { attempts: payment.attempts + 1 }),
  dueInMs: 0,
});

const settle: Rule = (payment, _moment, _policy, answer) => ({
  progress: enter(payment, 'settled', {
    bankReference: answer.type === 'settled' ? answer.bankReference : null,
  }),
  dueInMs: 0,
});

const decline: Rule = (payment) => ({
  progress: enter(payment, 'declined', { failureCode: 'bank-declined' }),
  dueInMs: 0,
});

const giveUp: Rule = (payment) => ({
  progress: enter(payment, 'abandoned', { failureCode: 'bank-unavailable' }),
  dueInMs: 0,
});

/** The last attempt of a charge is followed at once by giving up: somebody waits. */
const askAgainLater: Rule = (payment, { random }, policy) => {
  const last = payment.kind === 'charge' && payment.attempts >= policy.chargeAttemptsMax;
  return {
    progress: enter(payment, 'requested'),
    dueInMs: last ? 0 : jitteredMs(payment.attempts, policy.ask, random),
  };
};

/** After "never seen" the request may still be under way, so giving up is no reason to hurry. */
const askAgainAfterLoss: Rule = (payment, { random }, policy) => ({
  progress: enter(payment, 'requested'),
  dueInMs: jitteredMs(payment.attempts, policy.ask, random),
});

/** No request has left, so this was no attempt. */
const takeBackAttempt: Rule = (payment, { random }, policy) => ({
  progress: enter(payment, 'requested', { attempts: payment.attempts - 1 }),
  dueInMs: jitteredMs(1, policy.ask, random),
});

const waitForBank: Rule = (payment, { random }, policy) => ({
  progress: stay(payment),
  dueInMs: jitteredMs(payment.rounds + 1, policy.ask, random),
});

/** The status is looked at straight away: the request is answered or lost, and somebody waits. */
const doubt: Rule = (payment, { nowMs }) => ({
  progress: enter(payment, 'unknown', { exposedAtMs: nowMs }),
  dueInMs: 0,
});

/** The bank has it, but needs time. Should it ever deny that, it has seen a request of ours. */
const waitForResult: Rule = (payment, { nowMs, random }, policy) => ({
  progress: enter(payment, 'unknown', { rounds: 1, exposedAtMs: nowMs }),
  dueInMs: steadyMs(1, policy.poll, random),
});

const pollPending: Rule = (payment, { random }, policy, answer) => {
  const capMs = (answer.type === 'pending' ? answer.pollCapMs : undefined) ?? policy.poll.capMs;
  return {
    progress: stay(payment),
    dueInMs: steadyMs(payment.rounds + 1, { ...policy.poll, capMs }, random),
  };
};

const pollLater: Rule = (payment, { random }, policy) => ({
  progress: stay(payment),
  dueInMs: jitteredMs(payment.rounds + 1, policy.poll, random),
});

const confirmLater: Rule = (payment, { random }, policy) => ({
  progress: stay(payment, { announced: true }),
  dueInMs: steadyMs(payment.rounds + 1, policy.confirm, random),
});

const announceAgain: Rule = (payment) => ({
  progress: { ...progressOf(payment), announced: false },
  dueInMs: 0,
});

const retryLedger: Rule = (payment, { random }, policy) => ({
  progress: stay(payment),
  dueInMs: jitteredMs(payment.rounds + 1, policy.confirm, random),
});

const finish: Rule = (payment) => ({ progress: enter(payment, 'done'), dueInMs: 0 });

const OUTCOME_RULES: Partial<Record<AnswerType, Rule>> = {
  announced: confirmLater,
  unconfirmed: announceAgain,
  unreachable: retryLedger,
  confirmed: finish,
};

/** Every legal pair of state and answer. Any other is a mistake of ours. */
const RULES: Record<PaymentState, Partial<Record<AnswerType, Rule>>> = {
  requested: { asking: ask, 'given-up': giveUp, blocked: waitForBank },
  asked: {
    settled: settle,
    declined: decline,
    pending: waitForResult,
    'not-executed': askAgainLater,
    lost: doubt,
    blocked: takeBackAttempt,
    interrupted: doubt,
  },
  unknown: {
    settled: settle,
    declined: decline,
    pending: pollPending,
    'never-seen': askAgainAfterLoss,
    unreachable: pollLater,
    blocked: pollLater,
  },
  settled: OUTCOME_RULES,
  declined: OUTCOME_RULES,
  abandoned: OUTCOME_RULES,
  done: {},
};

/**
 * The state after an answer, and when to look again.
 * @throws InvariantError when the answer can't come in this state
 */
export function applyAnswer(
  payment: Payment,
  answer: Answer,
  moment: Moment,
  policy: PaymentPolicy,
): Advance {
  const rule = RULES[payment.state][answer.type];
  assert(rule !== undefined, `a payment that is ${payment.state} can't be ${answer.type}`);
  return rule(payment, moment, policy, answer);
}
