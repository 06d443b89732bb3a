import { uuidv7, type Clock } from '@florin/kernel';
import { answerTimeMs, type Bank } from './domain/bank.ts';
import { answerToRepeat, reactToPayment, type Reaction } from './domain/behaviour.ts';
import { isSameOrder, type Payment, type PaymentOrder } from './domain/payment.ts';

export interface TakePaymentDeps {
  clock: Clock;
  random: () => number;
  wait: (ms: number) => Promise<unknown>;
  /** Writes the payment where it outlasts this process, before it returns. */
  remember: (bankName: string, payment: Payment) => void;
}

/** What the caller of the bank gets to see. */
export type PaymentAnswer =
  | { type: 'verdict'; payment: Payment }
  | { type: 'error' }
  | { type: 'nothing' }
  | { type: 'key-reused' };

/**
 * Takes one payment order as the bank's behaviour has it. Looking the key up and recording the
 * payment happen without an await between them: of two calls at the same time with the same key,
 * one executes and the other is its repetition.
 */
export function createTakePayment({ clock, random, wait, remember }: TakePaymentDeps) {
  function execute(bank: Bank, order: PaymentOrder, reaction: Reaction): Payment | undefined {
    if (reaction.records === undefined) return undefined;
    const nowMs = clock.nowMs();
    const payment: Payment = {
      ...order,
      paymentId: uuidv7(nowMs),
      verdict: reaction.records,
      standsAtMs: reaction.takesTime ? nowMs + bank.settings.settleMs : nowMs,
    };
    remember(bank.name, payment);
    bank.payments.set(order.idempotencyKey, payment);
    return payment;
  }

  async function answerWith(
    payment: Payment | undefined,
    answers: Reaction['answers'],
    delayMs: number,
  ): Promise<PaymentAnswer> {
    if (answers === 'nothing') return { type: 'nothing' };
    await wait(delayMs);
    if (answers === 'error' || payment === undefined) return { type: 'error' };
    const restMs = payment.standsAtMs - clock.nowMs();
    if (restMs > 0) await wait(restMs);
    return { type: 'verdict', payment };
  }

  return async (bank: Bank, order: PaymentOrder): Promise<PaymentAnswer> => {
    const { behaviour, failureRate } = bank.settings;
    const delayMs = answerTimeMs(bank.settings, random());
    if (random() < failureRate) return answerWith(undefined, 'error', delayMs);
    const known = bank.payments.get(order.idempotencyKey);
    if (known !== undefined) {
      if (!isSameOrder(known, order)) return { type: 'key-reused' };
      return answerWith(known, answerToRepeat(behaviour), delayMs);
    }
    bank.calls++;
    const reaction = reactToPayment(behaviour, bank.calls);
    return answerWith(execute(bank, order, reaction), reaction.answers, delayMs);
  };
}

export type TakePayment = ReturnType<typeof createTakePayment>;
