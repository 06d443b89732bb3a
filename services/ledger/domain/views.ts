import type {
  Balances,
  Conversion,
  Entry,
  Hold,
  RefusalCode,
  Review,
  Transaction,
  Wallet,
} from '@florin/contracts';
import { present } from '@florin/kernel';
import type {
  ConversionState,
  EntryState,
  HoldState,
  ReviewState,
  TransactionState,
  WalletState,
} from './book.ts';
import { isArrivalId, shownId } from './arrival-id.ts';
import { isoFromMicros } from './iso-time.ts';

/** The books in the words of the contracts. */

const balancesOf = (posted: bigint, held: bigint): Balances => ({
  posted: String(posted),
  held: String(held),
  available: String(posted - held),
});

export function toTransaction(state: TransactionState): Transaction {
  const view: Transaction = {
    id: shownId(state.id),
    type: state.type,
    status: state.status,
    walletId: state.walletId,
    amount: String(state.amount),
    currency: state.currency,
    balances: balancesOf(state.walletPosted, state.walletHeld),
    createdAt: isoFromMicros(state.createdAtUs),
  };
  // What the payer has left is known in the other shard.
  if (isArrivalId(state.id)) delete view.balances;
  if (state.counterpartyWalletId !== null) view.counterpartyWalletId = state.counterpartyWalletId;
  if (state.failureCode !== null) view.failure = failureOf(state.failureCode, state.review);
  if (state.bankAccount !== null) view.bankAccount = state.bankAccount;
  if (state.description !== null) view.description = state.description;
  if (state.metadata !== null) view.metadata = state.metadata;
  if (state.risk !== null) view.risk = state.risk;
  if (state.review !== null) view.review = toReview(state.review);
  if (state.followUp !== null) {
    view.relatedTransactionId = shownId(state.followUp.relatedId);
    view.remaining = String(state.followUp.remaining);
  }
  if (state.reversed > 0n) view.reversedAmount = String(state.reversed);
  if (state.hold !== null) view.hold = toHold(state.hold);
  if (state.conversion !== null) view.conversion = toConversion(state.conversion);
  if (state.direction !== null) view.direction = state.direction;
  if (state.splitId !== null) view.splitId = state.splitId;
  if (state.fee !== null) view.fee = { ...state.fee, amount: String(state.fee.amount) };
  if (state.completedAtUs !== null) view.completedAt = isoFromMicros(state.completedAtUs);
  return view;
}

/** Of what was blocked at once the reasons are in its risk. */
function failureOf(
  code: RefusalCode,
  review: ReviewState | null,
): NonNullable<Transaction['failure']> {
  if (code !== 'risk-blocked' || review === null) return { code };
  return {
    code,
    detail: review.status === 'expired' ? 'not reviewed in time' : 'declined in review',
  };
}

const toConversion = ({ quoteId, toCurrency, toAmount, rate }: ConversionState): Conversion => ({
  quoteId,
  toCurrency,
  toAmount: String(toAmount),
  rate,
});

const toHold = ({ captured, released, expiresAtUs }: HoldState): Hold => ({
  capturedAmount: String(captured),
  releasedAmount: String(released),
  expiresAt: isoFromMicros(expiresAtUs),
});

function toReview(review: ReviewState): Review {
  const view: Review = {
    status: review.status,
    openedAt: isoFromMicros(review.openedAtUs),
    expiresAt: isoFromMicros(review.expiresAtUs),
  };
  if (review.decidedAtUs !== null) view.decidedAt = isoFromMicros(review.decidedAtUs);
  if (review.decidedBy !== null) view.decidedBy = review.decidedBy;
  if (review.note !== null) view.note = review.note;
  return view;
}

export const toEntry = (entry: EntryState): Entry => ({
  walletId: entry.walletId,
  sequence: entry.sequence,
  transactionId: shownId(entry.transactionId),
  direction: entry.delta < 0n ? 'debit' : 'credit',
  amount: String(entry.delta < 0n ? -entry.delta : entry.delta),
  balanceAfter: String(entry.balanceAfter),
  createdAt: isoFromMicros(entry.createdAtUs),
});

export const toWallet = (wallet: WalletState): Wallet => ({
  id: wallet.id,
  ownerId: present(wallet.ownerId, 'owner of a wallet that is shown'),
  name: wallet.name,
  ...(wallet.purpose === null ? {} : { purpose: wallet.purpose }),
  currency: wallet.currency,
  status: wallet.status,
  balances: balancesOf(wallet.posted, wallet.held),
  ...(wallet.overdraftLimit === 0n ? {} : { overdraftLimit: String(wallet.overdraftLimit) }),
  version: wallet.version,
  createdAt: isoFromMicros(wallet.createdAtUs),
});
