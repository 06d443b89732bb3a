import type {
  AnyOrder,
  bankPaymentBody,
  Conversion,
  FollowUpOrder,
  holdBody,
  RequestContext,
  SignedQuote,
  Transaction,
  TransactionOrder,
  transferBody,
} from '@florin/contracts';
import type { ClientId, Currency, TransactionId } from '@florin/kernel';
import type { z } from 'zod';

export type TransferRequest = z.output<typeof transferBody>;
export type BankPaymentRequest = z.output<typeof bankPaymentBody>;
export type HoldRequest = z.output<typeof holdBody>;

/** Who orders it, under which id, and how the request is recognised when it comes again. */
export interface OrderIdentity {
  transactionId: TransactionId;
  clientId: ClientId;
  bodyHash: string;
  /** Of the wallet that decides. */
  currency: Currency;
  /** Where it was asked for: no part of what the request is recognised by. */
  context: RequestContext;
}

type Payment = Pick<TransferRequest, 'amount' | 'description' | 'metadata'>;

const paymentFields = (payment: Payment) => ({
  amount: payment.amount.toString(),
  ...(payment.description === undefined ? {} : { description: payment.description }),
  ...(payment.metadata === undefined ? {} : { metadata: payment.metadata }),
});

export const transferOrderOf = (
  identity: OrderIdentity,
  request: Payment & { fromWalletId: string },
  toWalletId: string,
): TransactionOrder => ({
  ...identity,
  ...paymentFields(request),
  type: 'transfer',
  walletId: request.fromWalletId,
  counterpartyWalletId: toWalletId,
});

export const bankOrderOf = (
  type: 'deposit' | 'withdrawal',
  identity: OrderIdentity,
  request: BankPaymentRequest,
): TransactionOrder => ({
  ...identity,
  ...paymentFields(request),
  type,
  walletId: request.walletId,
  bankAccount: request.bankAccount,
});

export const holdOrderOf = (identity: OrderIdentity, request: HoldRequest): TransactionOrder => ({
  ...identity,
  ...paymentFields(request),
  type: 'hold',
  walletId: request.walletId,
  counterpartyWalletId: request.toWalletId,
  expiresInSeconds: request.expiresInSeconds,
});

/** What follows from a transaction was scored with it: the ledger hears of it at once. */
export const isFollowUp = (order: AnyOrder): order is FollowUpOrder =>
  'relatedTransactionId' in order;

const conversionOf = ({ id: quoteId, toCurrency, toAmount, rate }: SignedQuote): Conversion => ({
  quoteId,
  toCurrency,
  toAmount,
  rate,
});

/** A transaction that the ledger has not decided yet, as far as its order tells. */
export function pendingTransactionOf(order: AnyOrder, createdAt: string): Transaction {
  const { transactionId, type, walletId, amount, currency, description, metadata } = order;
  return {
    id: transactionId,
    type,
    status: 'pending',
    walletId,
    ...('counterpartyWalletId' in order
      ? { counterpartyWalletId: order.counterpartyWalletId }
      : {}),
    ...(isFollowUp(order) ? { relatedTransactionId: order.relatedTransactionId } : {}),
    amount,
    currency,
    ...('quote' in order ? { conversion: conversionOf(order.quote) } : {}),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
    createdAt,
  };
}
