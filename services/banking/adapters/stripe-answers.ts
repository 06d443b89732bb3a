import { Stripe } from 'stripe';
import type { Answer } from '../domain/apply-answer.ts';
import { BankFault, bankFaultOf } from './bank-fault.ts';

/** A payout takes days: later on it is looked at so often at most. Webhooks tell sooner. */
const POLL_CAP_MS = 600_000;

const PENDING: Answer = { type: 'pending', pollCapMs: POLL_CAP_MS };

/** Something that nobody has paid yet and somebody still could: it must be made to end. */
export type IntentAnswer = Answer | { readonly type: 'open' };

/** @throws BankFault for a status that is not known here */
export function answerOfIntent(
  bank: string,
  { id, status }: Pick<Stripe.PaymentIntent, 'id' | 'status'>,
): IntentAnswer {
  switch (status) {
    case 'succeeded':
      return { type: 'settled', bankReference: id };
    case 'processing':
      return PENDING;
    case 'canceled':
      return { type: 'declined' };
    case 'requires_action':
    case 'requires_capture':
    case 'requires_confirmation':
    case 'requires_payment_method':
      return { type: 'open' };
    default:
      throw new BankFault(`bank ${bank} has a payment that is ${String(status)}`, true);
  }
}

/** @throws BankFault for a status that is not known here */
export function answerOfPayout(
  bank: string,
  { id, status }: Pick<Stripe.Payout, 'id' | 'status'>,
): Answer {
  switch (status) {
    case 'paid':
      return { type: 'settled', bankReference: id };
    case 'pending':
    case 'in_transit':
      return PENDING;
    case 'canceled':
    case 'failed':
      return { type: 'declined' };
    default:
      throw new BankFault(`bank ${bank} has a payout that is ${status}`, true);
  }
}

/** Not the customer's affair: our balance there, our account, our keys. Nothing was executed. */
const OUR_AFFAIR = new Set([
  'account_invalid',
  'balance_insufficient',
  'insufficient_funds',
  'livemode_mismatch',
  'lock_timeout',
  'payouts_limit_exceeded',
  'payouts_not_allowed',
  'platform_account_required',
  'rate_limit',
  'secret_key_required',
  'testmode_charges_only',
]);
const TURNED_AWAY = new Set([401, 403, 429]);
/** The request was understood and will never be executed. */
const UNDERSTOOD = new Set([400, 402, 404, 422]);

/**
 * What an error of the `stripe` package says of what was asked.
 * @throws BankFault where the payment may have been executed, and what is no error of Stripe's
 */
export function answerOfError(bank: string, error: unknown): Answer {
  const { StripeError, StripeConnectionError, StripeIdempotencyError } = Stripe.errors;
  if (!(error instanceof StripeError)) throw error;
  const { code, statusCode = 0 } = error;
  if (error instanceof StripeConnectionError) throw bankFaultOf(bank, error.detail ?? error);
  // The key stands for another order: what it stands for has to be looked up.
  const isDoubtful = error instanceof StripeIdempotencyError;
  const isOurs = code !== undefined && OUR_AFFAIR.has(code) && statusCode !== 402;
  if (!isDoubtful && (isOurs || TURNED_AWAY.has(statusCode))) return { type: 'not-executed' };
  if (!isDoubtful && UNDERSTOOD.has(statusCode)) return { type: 'declined' };
  throw new BankFault(`bank ${bank} answered ${statusCode} (${code ?? error.type})`, true, {
    cause: error,
  });
}

/** Why Stripe said no, in its own short words. */
export function declineCodeOf(error: unknown): string {
  if (!(error instanceof Stripe.errors.StripeError)) return 'unknown';
  return error.decline_code ?? error.code ?? 'unknown';
}
