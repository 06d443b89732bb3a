import { announce } from './announce.ts';
import type { PaymentRequestRow } from './sql/payment-requests.ts';
import type { Queries } from './sql/queries.ts';

type Ending = 'received' | 'declined' | 'cancelled' | 'expired';

const factsOf = (request: PaymentRequestRow) => ({
  paymentRequestId: request.id,
  requesterId: request.requesterId,
  ...(request.payerId !== null && { payerId: request.payerId }),
  toWalletId: request.toWalletId,
  amount: request.amount.toString(),
  currency: request.currency,
  expiresAt: request.expiresAt.toISOString(),
});

/** Tells both sides of a request what became of it. */
export const announceRequest = (
  tx: Queries,
  name: `payment-request-${Ending}`,
  request: PaymentRequestRow,
  nowMs: number,
): Promise<void> => announce(tx, { name, about: request.id, nowMs }, factsOf(request));

export const announceAcceptance = (
  tx: Queries,
  request: PaymentRequestRow,
  transactionId: string,
  nowMs: number,
): Promise<void> =>
  announce(
    tx,
    { name: 'payment-request-accepted', about: request.id, nowMs },
    { ...factsOf(request), transactionId },
  );
