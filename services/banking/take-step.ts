import { present, unreachable, type Clock } from '@florin/kernel';
import { withTraceparent } from '@florin/runtime';
import type { Bank } from './adapters/bank.ts';
import type { PaymentStore } from './adapters/payment-store.ts';
import { applyAnswer, type Answer } from './domain/apply-answer.ts';
import { isCallable } from './domain/circuit.ts';
import { nextStep, type Step } from './domain/next-step.ts';
import type { Payment } from './domain/payment.ts';
import type { PaymentPolicy } from './domain/policy.ts';
import type { ClaimedPayment } from './sql/claimed-row.ts';

export interface StepDeps {
  store: Pick<PaymentStore, 'save'>;
  banks: ReadonlyMap<string, Pick<Bank, 'ask' | 'checkStatus' | 'circuit'>>;
  /** Tells the ledger the outcome; resolves when the lane has stored it. */
  announce(payment: Payment): Promise<Answer>;
  /** Asks the ledger whether it has made the outcome final. */
  confirm(payment: Payment): Promise<Answer>;
  policy: PaymentPolicy;
  clock: Pick<Clock, 'nowMs'>;
  random?: () => number;
}

/** What to do with a payment after a step: nothing when another process has it now. */
export type Taken = { payment: ClaimedPayment; dueInMs: number } | 'claim-lost';

/**
 * Takes one step of a claimed payment and stores what came of it. Killed at any point it loses
 * nothing: what may leave this process is written down before it leaves, and every effect outside
 * carries the same key each time.
 * @returns a function that takes the payment and whether its writer will go on with it at once
 */
export function createTakeStep(deps: StepDeps) {
  const { store, banks, announce, confirm, policy, clock, random = Math.random } = deps;

  const bankOf = (payment: Payment) => present(banks.get(payment.bank), `bank ${payment.bank}`);

  function save(payment: ClaimedPayment, answer: Answer, mayGoOn: boolean): Promise<Taken> {
    const moment = { nowMs: clock.nowMs(), random: random() };
    const advance = applyAnswer(payment, answer, moment, policy);
    const { dueInMs } = advance;
    const keepClaim = mayGoOn && dueInMs === 0;
    return store
      .save({ payment, answer: answer.type, advance, keepClaim })
      .then((saved) => (saved === undefined ? 'claim-lost' : { payment: saved, dueInMs }));
  }

  async function ask(payment: ClaimedPayment, mayGoOn: boolean): Promise<Taken> {
    const asked = await save(payment, { type: 'asking' }, true);
    if (asked === 'claim-lost') return asked;
    const answer = await bankOf(payment).ask(asked.payment);
    return save(asked.payment, answer, mayGoOn);
  }

  function answerTo(step: Exclude<Step, 'ask' | 'nothing'>, payment: Payment) {
    switch (step) {
      case 'check-status':
        return bankOf(payment).checkStatus(payment);
      case 'recover':
        return { type: 'interrupted' } as const;
      case 'give-up':
        return { type: 'given-up' } as const;
      case 'wait-for-bank':
        return { type: 'blocked' } as const;
      case 'announce':
        return announce(payment);
      case 'confirm':
        return confirm(payment);
      default:
        return unreachable(step);
    }
  }

  async function make(
    step: Exclude<Step, 'nothing'>,
    payment: ClaimedPayment,
    mayGoOn: boolean,
  ): Promise<Taken> {
    if (step === 'ask') return ask(payment, mayGoOn);
    return save(payment, await answerTo(step, payment), mayGoOn);
  }

  return async function takeStep(payment: ClaimedPayment, mayGoOn: boolean): Promise<Taken> {
    const bankCallable = isCallable(banks.get(payment.bank)?.circuit() ?? 'open');
    const step = nextStep(payment, { nowMs: clock.nowMs(), bankCallable }, policy);
    if (step === 'nothing') return { payment, dueInMs: 0 };
    // Steps of payments that nobody traces belong to no trace, either.
    if (payment.traceparent === null) return make(step, payment, mayGoOn);
    return withTraceparent(payment.traceparent, step, () => make(step, payment, mayGoOn));
  };
}
