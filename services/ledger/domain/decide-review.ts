import type { Outcome, RefusalCode, ReviewVerdict } from '@florin/contracts';
import { assert, present } from '@florin/kernel';
import { unspend } from './allowance.ts';
import { answer } from './answer.ts';
import type { Asked } from './asked.ts';
import type { Book, EntryState, ReviewState, TransactionState, WalletState } from './book.ts';
import { answerWith, type Changes } from './changes.ts';
import { depart } from './depart.ts';
import { transactionEvent, transactionText } from './events.ts';
import { settleHold } from './holds.ts';
import { postConversion } from './conversion.ts';
import { pay } from './posting.ts';
import { walletRefusal } from './rules.ts';
import { isElsewhere } from './shards.ts';

type ReviewRefusal = Extract<Outcome, { kind: 'review-refused' }>['code'];

const STATUS_OF = {
  approve: 'approved',
  decline: 'declined',
  expire: 'expired',
} as const satisfies Record<ReviewVerdict['verdict'], ReviewState['status']>;

/**
 * A person's word on a transaction under review, or the end of the time they had for it. The first
 * verdict stands: the same one again shows what came of it, another one is refused. An approval
 * that the books don't allow any more changes nothing, so that it can be repeated or declined.
 */
export function decideReview(
  book: Book,
  requestId: string,
  verdict: ReviewVerdict,
  asked: Asked,
  changes: Changes,
): undefined {
  const state = book.transactions.get(verdict.transactionId);
  if (state === undefined || state.review === null || state.walletId !== verdict.walletId) {
    return refuse('not-found', requestId, asked, changes);
  }
  const { review } = state;
  // A process whose clock is ahead of ours says this too early, and will say it again.
  if (verdict.verdict === 'expire' && asked.nowUs < review.expiresAtUs) return undefined;
  if (review.status === STATUS_OF[verdict.verdict]) {
    const told = transactionText(state);
    told();
    answer(requestId, told, true, asked.origin, changes);
    return undefined;
  }
  const refusal = refusalOf(book, state, review, verdict, asked);
  if (refusal !== undefined) return refuse(refusal, requestId, asked, changes);
  state.review = {
    ...review,
    status: STATUS_OF[verdict.verdict],
    decidedAtUs: Math.max(asked.nowUs, review.openedAtUs),
    decidedBy: verdict.decidedBy ?? null,
    note: verdict.note ?? null,
  };
  conclude(book, requestId, state, verdict, asked, changes);
  return undefined;
}

function refusalOf(
  book: Book,
  state: TransactionState,
  review: ReviewState,
  { verdict }: ReviewVerdict,
  asked: Asked,
): ReviewRefusal | undefined {
  if (review.status === 'expired') return 'hold-expired';
  if (review.status !== 'open') return 'hold-already-settled';
  if (verdict !== 'approve') return undefined;
  if (asked.nowUs >= review.expiresAtUs) return 'hold-expired';
  if (state.hold !== null && asked.nowUs >= state.hold.expiresAtUs) return 'hold-expired';
  const wallet = present(book.wallets.get(state.walletId), 'wallet of a transaction');
  return asReviewRefusal(walletRefusal(book, state, wallet));
}

/** Of the rules that an order has to pass these can be broken later: the others tell of facts. */
function asReviewRefusal(code: RefusalCode | undefined): ReviewRefusal | undefined {
  const known =
    code === undefined ||
    code === 'wallet-closed' ||
    code === 'wallet-frozen' ||
    code === 'limit-exceeded';
  assert(known, `a transaction under review is refused for ${code}`);
  return code;
}

function conclude(
  book: Book,
  requestId: string,
  state: TransactionState,
  { verdict }: ReviewVerdict,
  asked: Asked,
  changes: Changes,
): void {
  const wallet = present(book.wallets.get(state.walletId), 'wallet of a transaction');
  const entries =
    verdict === 'approve'
      ? approve(book, state, wallet, asked, changes)
      : decline(state, wallet, asked, changes);
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  changes.changedTransactions.add(state);
  changes.reviewed.add(state);
  const told = transactionText(state);
  changes.events.push(
    transactionEvent(state, entries, asked.nextEvent(), true, told, asked.traceparent),
  );
  answer(requestId, told, false, asked.origin, changes);
  // Whoever asked for the transaction may still be waiting for it.
  if (state.id !== requestId) answer(state.id, told, false, state.origin, changes);
}

/** Goes on as it would have without the review: at once, or with the bank. */
function approve(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  if (state.type === 'withdrawal' || state.type === 'hold') return [];
  if (state.type === 'deposit') {
    state.status = 'pending';
    return [];
  }
  const payee = present(state.counterpartyWalletId, 'counterparty of a transfer');
  if (isElsewhere(book, payee)) {
    depart(book, state, asked, changes);
    return [];
  }
  const counterparty = present(book.wallets.get(payee), 'wallet that was just checked');
  settleHold(state, wallet, 'captured', asked, changes);
  if (state.type === 'conversion') {
    return postConversion(book, state, wallet, counterparty, asked, changes);
  }
  const paid = pay(book, state, wallet, counterparty, asked.nowUs, changes);
  state.status = 'completed';
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  state.walletSequence = paid.debit.sequence;
  state.counterpartySequence = paid.credit.sequence;
  return paid.entries;
}

function decline(
  state: TransactionState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  if (state.type !== 'deposit') {
    settleHold(state, wallet, 'released', asked, changes);
    unspend(wallet, state);
  }
  state.status = 'failed';
  state.failureCode = 'risk-blocked';
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  return [];
}

function refuse(code: ReviewRefusal, requestId: string, asked: Asked, changes: Changes): undefined {
  if (asked.origin === '') return;
  changes.outcomes.push(answerWith(asked.origin, { kind: 'review-refused', requestId, code }));
}
