import type { conversionBody, SignedQuote, Transaction, TransactionOrder } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { z } from 'zod';
import type { Banking } from './adapters/banking.ts';
import type { OrderIdentity } from './domain/order.ts';
import { refusal, type Refusal } from './domain/refusal.ts';
import type { FindTransaction } from './find-transaction.ts';
import { keyReused, type Placement } from './place-transaction.ts';

export type ConversionRequest = z.output<typeof conversionBody>;
export type ConversionOrder = Extract<TransactionOrder, { type: 'conversion' }>;

interface OrderConversionDeps {
  banking: Pick<Banking, 'getQuote'>;
  findTransaction: FindTransaction;
}

/** A conversion that was decided before, whatever has become of its quote. */
interface Known {
  known: Placement;
}

const orderOf = (
  identity: Omit<OrderIdentity, 'currency'>,
  quote: SignedQuote,
  request: ConversionRequest,
): ConversionOrder => ({
  ...identity,
  type: 'conversion',
  walletId: request.fromWalletId,
  counterpartyWalletId: request.toWalletId,
  amount: quote.fromAmount,
  currency: quote.fromCurrency,
  quote,
  ...(request.description === undefined ? {} : { description: request.description }),
  ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
});

function placementOf(transaction: Transaction, request: ConversionRequest): Placement {
  const { walletId, counterpartyWalletId, conversion, status } = transaction;
  const isSame =
    conversion?.quoteId === request.quoteId &&
    walletId === request.fromWalletId &&
    counterpartyWalletId === request.toWalletId;
  if (!isSame) return keyReused;
  const state = status === 'pending' ? 'pending' : 'decided';
  return { state, transaction, replayed: true };
}

/**
 * Makes an order of a quote, which banking hands out to nobody but whoever it was promised to.
 * While banking is away, or has forgotten the quote, what was decided before is still answered.
 */
export function createOrderConversion({ banking, findTransaction }: OrderConversionDeps) {
  return async (
    identity: Omit<OrderIdentity, 'currency'>,
    request: ConversionRequest,
  ): Promise<ConversionOrder | Known | Refusal> => {
    const { quoteId: id } = request;
    const { clientId, transactionId } = identity;
    let away: RetryableError | undefined;
    const quote = await banking.getQuote({ id, clientId }).then(
      (found) => found.quote,
      (error: unknown) => {
        if (!(error instanceof RetryableError)) throw error;
        away = error;
        return null;
      },
    );
    if (quote !== null) return orderOf(identity, quote, request);
    const known = await findTransaction(transactionId);
    if (known !== undefined) return { known: placementOf(known, request) };
    if (away !== undefined) throw away;
    return refusal('not-found', `there is no quote ${id}`);
  };
}

export type OrderConversion = ReturnType<typeof createOrderConversion>;
