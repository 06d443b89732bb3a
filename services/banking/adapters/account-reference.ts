import { z } from 'zod';
import type { PaymentOrder } from '../domain/payment.ts';

const name = z.string().regex(/^[\x21-\x7e]{1,200}$/);

/**
 * What a bank account is at a provider. At Stripe a deposit needs the customer and the payment
 * method, a withdrawal the destination, and the connected account that it belongs to, if any.
 */
export const accountReference = z.object({
  /** Where a bank needs no more than a number. */
  account: name.optional(),
  customer: name.optional(),
  paymentMethod: name.optional(),
  destination: name.optional(),
  stripeAccount: name.optional(),
});
export type AccountReference = z.output<typeof accountReference>;

/** What it is needed for: paying once more is not allowed with an account that was removed. */
export type Wanted = 'to-pay' | 'to-look';

/**
 * The account of an order at its provider; undefined when none is linked, or somebody else's.
 * @throws BankFault when it can't be known now
 */
export type ReadReference = (
  order: PaymentOrder,
  wanted: Wanted,
) => Promise<AccountReference | undefined>;
