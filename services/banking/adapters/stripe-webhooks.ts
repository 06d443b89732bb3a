import { Stripe } from 'stripe';
import { z } from 'zod';
import { TRANSACTION_KEY } from './stripe-bank.ts';

/** What a provider says has happened to something that we had asked it for. */
export interface ProviderHint {
  transactionId: string;
  reference: string;
  /** What it means for the payment, where it says so. */
  says: 'settled' | 'declined' | undefined;
}

const SAYS: Record<string, ProviderHint['says']> = {
  'payment_intent.succeeded': 'settled',
  'payout.paid': 'settled',
  'payout.failed': 'declined',
  'payout.canceled': 'declined',
};

const ours = z.object({
  id: z.string().regex(/^(pi|po)_[A-Za-z0-9_]{1,90}$/),
  metadata: z.object({ [TRANSACTION_KEY]: z.uuid() }),
});

/** Stripe signs with a time stamp: an old webhook that somebody has kept is not believed. */
const TOLERANCE_SECONDS = 300;

/**
 * Reads a webhook by its signature.
 * @returns 'forged' when no secret of ours has signed it; undefined for what is not about a payment
 */
export function readStripeWebhook(
  payload: string,
  signature: string,
  secrets: readonly string[],
): ProviderHint | 'forged' | undefined {
  for (const secret of secrets) {
    try {
      const event = Stripe.webhooks.constructEvent(payload, signature, secret, TOLERANCE_SECONDS);
      const object = ours.safeParse(event.data.object);
      if (!object.success) return undefined;
      const { id: reference, metadata } = object.data;
      return { transactionId: metadata[TRANSACTION_KEY], reference, says: SAYS[event.type] };
    } catch (error) {
      const isForged = error instanceof Stripe.errors.StripeSignatureVerificationError;
      if (!isForged && !(error instanceof SyntaxError)) throw error;
    }
  }
  return 'forged';
}
