import type { Logger, Metrics } from '@florin/runtime';
import { Stripe } from 'stripe';
import type { Answer } from '../domain/apply-answer.ts';
import type { PaymentOrder } from '../domain/payment.ts';
import type { BankApi } from './bank-api.ts';
import { BankFault } from './bank-fault.ts';
import type { ProviderNotes } from './provider-notes.ts';
import type { ReadReference } from './account-reference.ts';
import { stripeAmount } from './stripe-amount.ts';
import {
  answerOfError,
  answerOfIntent,
  answerOfPayout,
  declineCodeOf,
  type IntentAnswer,
} from './stripe-answers.ts';

export interface StripeBankOptions {
  name: string;
  stripe: Stripe;
  notes: ProviderNotes;
  /** Where the money of an order comes from or goes to; undefined where nothing is linked. */
  readReference: ReadReference;
  metrics: Metrics;
  log: Logger;
  nowMs: () => number;
}

/** What our transaction is called in the metadata of Stripe's objects. */
export const TRANSACTION_KEY = 'florin_transaction';

/** Stripe forgets a key after a day or later. Before one that old is used again, it is looked. */
const KEY_LIFE_MS = 23 * 3_600_000;
/** Clocks differ. */
const CLOCK_MS = 300_000;
/** Objects of one customer, or to one account, since a payment was first asked for. */
const LOOKED_THROUGH_MAX = 1_000;

const DECLINED: Answer = { type: 'declined' };

interface Found {
  id: string;
  answer: IntentAnswer;
}

/**
 * Deposits as PaymentIntents and withdrawals as payouts of a Stripe account. The idempotency key of
 * each is the transaction; the metadata of each names it, so that an answer that was lost is found
 * by reading, whatever Stripe remembers of the key. An intent that could still be paid is cancelled
 * before its deposit is declined: "no" is final.
 */
export function createStripeBank(options: StripeBankOptions): BankApi {
  const { name, stripe, notes, readReference, metrics, log, nowMs } = options;
  const declines = metrics.counter({
    name: 'bank_declines_total',
    help: 'Payments that a provider declined, by its own code',
    labelNames: ['bank', 'code'],
  });

  const metadataOf = ({ transactionId }: PaymentOrder) => ({ [TRANSACTION_KEY]: transactionId });
  const inAccount = (stripeAccount: string | undefined) =>
    stripeAccount === undefined ? {} : { stripeAccount };

  async function told({ transactionId }: PaymentOrder, error: unknown): Promise<Answer> {
    const answer = answerOfError(name, error);
    const code = declineCodeOf(error);
    if (answer.type === 'declined') {
      declines.inc({ bank: name, code });
      return answer;
    }
    log.warn({ bank: name, transactionId, code }, 'the bank turns us away');
    // Stripe would repeat under this key for a day what it has said now.
    await notes.renewKey(transactionId);
    return answer;
  }

  const fault = (text: string, cause?: unknown): BankFault =>
    new BankFault(`bank ${name} ${text}`, true, { cause });

  /** Nobody can pay it any more, or it has been paid meanwhile. */
  async function closeIntent(id: string): Promise<Answer> {
    const intent = await stripe.paymentIntents
      .cancel(id)
      .catch(() => stripe.paymentIntents.retrieve(id))
      .catch((error: unknown) => {
        throw fault('does not say whether a payment has ended', error);
      });
    const answer = answerOfIntent(name, intent);
    if (answer.type !== 'open') return answer;
    throw fault('neither takes nor ends a payment');
  }

  async function finish(order: PaymentOrder, { id, answer }: Found): Promise<Answer> {
    await notes.found(order.transactionId, id);
    return answer.type === 'open' ? closeIntent(id) : answer;
  }

  async function charge(
    order: PaymentOrder,
    amount: number,
    idempotencyKey: string,
  ): Promise<Answer> {
    const reference = await readReference(order, 'to-pay');
    const { customer, paymentMethod } = reference ?? {};
    if (customer === undefined || paymentMethod === undefined) return DECLINED;
    try {
      const intent = await stripe.paymentIntents.create(
        {
          amount,
          currency: order.currency.toLowerCase(),
          customer,
          payment_method: paymentMethod,
          confirm: true,
          // Who asked for it is not at a page of Stripe's: what needs a person there is refused.
          off_session: true,
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
          metadata: metadataOf(order),
        },
        { idempotencyKey },
      );
      return await finish(order, { id: intent.id, answer: answerOfIntent(name, intent) });
    } catch (error) {
      if (error instanceof BankFault) throw error;
      const answer = await told(order, error);
      const failed = error instanceof Stripe.errors.StripeError ? error.payment_intent : undefined;
      if (answer.type !== 'declined' || failed === undefined) return answer;
      return finish(order, { id: failed.id, answer: answerOfIntent(name, failed) });
    }
  }

  async function payOut(
    order: PaymentOrder,
    amount: number,
    idempotencyKey: string,
  ): Promise<Answer> {
    const { destination, stripeAccount } = (await readReference(order, 'to-pay')) ?? {};
    if (destination === undefined) return DECLINED;
    try {
      const currency = order.currency.toLowerCase();
      const payout = await stripe.payouts.create(
        { amount, currency, destination, metadata: metadataOf(order) },
        { idempotencyKey, ...inAccount(stripeAccount) },
      );
      return await finish(order, { id: payout.id, answer: answerOfPayout(name, payout) });
    } catch (error) {
      if (error instanceof BankFault) throw error;
      return await told(order, error);
    }
  }

  /** Looks through what was made for the same customer or account since. */
  async function search(order: PaymentOrder, sinceMs: number): Promise<Found | undefined> {
    const { customer, destination, stripeAccount } = (await readReference(order, 'to-look')) ?? {};
    const created = { gte: Math.floor((sinceMs - CLOCK_MS) / 1_000) };
    const isOf = ({ metadata }: { metadata: Stripe.Metadata | null }): boolean =>
      metadata?.[TRANSACTION_KEY] === order.transactionId;
    if (order.kind === 'charge') {
      if (customer === undefined) return undefined;
      const list = stripe.paymentIntents.list({ customer, created, limit: 100 });
      const intents = await list.autoPagingToArray({ limit: LOOKED_THROUGH_MAX });
      const found = intents.find(isOf);
      return found && { id: found.id, answer: answerOfIntent(name, found) };
    }
    if (destination === undefined) return undefined;
    const list = stripe.payouts.list(
      { destination, created, limit: 100 },
      inAccount(stripeAccount),
    );
    const found = (await list.autoPagingToArray({ limit: LOOKED_THROUGH_MAX })).find(isOf);
    return found && { id: found.id, answer: answerOfPayout(name, found) };
  }

  async function read(order: PaymentOrder, id: string): Promise<Found> {
    if (order.kind === 'charge') {
      return { id, answer: answerOfIntent(name, await stripe.paymentIntents.retrieve(id)) };
    }
    const { stripeAccount } = (await readReference(order, 'to-look')) ?? {};
    const payout = await stripe.payouts.retrieve(id, {}, inAccount(stripeAccount));
    return { id, answer: answerOfPayout(name, payout) };
  }

  /** What is there of a payment that was asked for before. Every error leaves it open. */
  async function lookUp(order: PaymentOrder): Promise<Answer | undefined> {
    const note = await notes.read(order.transactionId);
    if (note.askedAtMs === null && note.reference === null) return undefined;
    try {
      const found =
        note.reference === null
          ? await search(order, note.askedAtMs ?? 0)
          : await read(order, note.reference);
      return found && (await finish(order, found));
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeError)) throw error;
      throw fault(`does not tell what it did (${error.type})`, error);
    }
  }

  return {
    async ask(order) {
      const amount = stripeAmount(order.amount, order.currency);
      if (amount === undefined) return DECLINED;
      const { transactionId } = order;
      const { askedAtMs, reference, keys } = await notes.asking(transactionId);
      const isOld = reference !== null || nowMs() - askedAtMs > KEY_LIFE_MS;
      const before = isOld ? await lookUp(order) : undefined;
      const key = keys === 0 ? transactionId : `${transactionId}-${keys}`;
      return before ?? (order.kind === 'charge' ? charge : payOut)(order, amount, key);
    },
    checkStatus: async (order) => (await lookUp(order)) ?? { type: 'never-seen' },
    close: async () => undefined,
  };
}
