import type { AdjustmentProposal, AdjustmentVerdict, Outcome } from '@florin/contracts';
import { toAdjustment } from './adjustment-view.ts';
import type { Asked } from './asked.ts';
import {
  availableOf,
  BALANCE_MAX,
  type AdjustmentState,
  type Book,
  type TransactionState,
  type WalletState,
} from './book.ts';
import { answerWith, type Changes } from './changes.ts';
import { transactionEvent, transactionText } from './events.ts';
import { clearingAccount, post, systemAccount } from './posting.ts';
import { toTransaction } from './views.ts';

type Refusal = Extract<Outcome, { kind: 'adjustment-refused' }>['code'];

/** Writes a proposal down, once per id. No money moves before somebody else has looked at it. */
export function decideProposal(
  book: Book,
  requestId: string,
  proposal: AdjustmentProposal,
  asked: Asked,
  changes: Changes,
): undefined {
  const known = book.adjustments.get(proposal.adjustmentId);
  if (known !== undefined) {
    const { bodyHash, proposedBy } = known;
    const same = bodyHash === proposal.bodyHash && proposedBy === proposal.proposedBy;
    return same
      ? tell(book, requestId, known, true, asked, changes)
      : refuse('idempotency-key-reused', requestId, asked, changes);
  }
  const wallet = accountOf(book, proposal, asked);
  if (wallet === undefined) return refuse('not-found', requestId, asked, changes);
  if (wallet.status === 'closed') return refuse('wallet-closed', requestId, asked, changes);
  const state: AdjustmentState = {
    id: proposal.adjustmentId,
    partition: asked.partition,
    walletId: wallet.id,
    direction: proposal.direction,
    amount: BigInt(proposal.amount),
    currency: wallet.currency,
    reason: proposal.reason,
    bodyHash: proposal.bodyHash,
    proposedBy: proposal.proposedBy,
    proposedAtUs: asked.nowUs,
    expiresAtUs: asked.nowUs + proposal.expiresInSeconds * 1_000_000,
    status: 'open',
    decidedBy: null,
    decidedAtUs: null,
    note: null,
  };
  book.adjustments.set(state.id, state);
  changes.adjusted.add(state);
  return tell(book, requestId, state, false, asked, changes);
}

/**
 * The word of somebody else on a proposal. The first verdict stands; the same one by the same
 * person again shows what came of it. An approval that the books don't allow leaves the proposal
 * open.
 */
export function decideAdjustment(
  book: Book,
  requestId: string,
  verdict: AdjustmentVerdict,
  asked: Asked,
  changes: Changes,
): undefined {
  const state = book.adjustments.get(verdict.adjustmentId);
  const wallet = accountOf(book, verdict, asked);
  if (state === undefined || wallet === undefined || state.walletId !== wallet.id) {
    return refuse('not-found', requestId, asked, changes);
  }
  const status = verdict.verdict === 'approve' ? 'approved' : 'rejected';
  if (state.status === status && state.decidedBy === verdict.decidedBy) {
    return tell(book, requestId, state, true, asked, changes);
  }
  const refusal = refusalOf(state, wallet, verdict, asked.nowUs);
  if (refusal !== undefined) return refuse(refusal, requestId, asked, changes);
  state.status = status;
  state.decidedBy = verdict.decidedBy;
  state.decidedAtUs = asked.nowUs;
  state.note = verdict.note ?? null;
  changes.adjusted.add(state);
  if (status === 'approved') carryOut(book, state, wallet, asked, changes);
  return tell(book, requestId, state, false, asked, changes);
}

/** What is corrected: somebody's wallet, or this lane's part of a bank's clearing account. */
function accountOf(
  book: Book,
  { account, walletId }: Pick<AdjustmentProposal, 'account' | 'walletId'>,
  { partition, nowUs }: Asked,
): WalletState | undefined {
  if (account !== undefined) {
    return clearingAccount(book, account.bank, account.currency, partition, nowUs);
  }
  const wallet = book.wallets.get(walletId);
  return wallet?.kind === 'user' ? wallet : undefined;
}

/** A frozen wallet is corrected like any other: its owner may not act, the staff may. */
function refusalOf(
  state: AdjustmentState,
  wallet: WalletState,
  { verdict, decidedBy }: AdjustmentVerdict,
  nowUs: number,
): Refusal | undefined {
  if (state.status !== 'open') return 'adjustment-decided';
  if (nowUs >= state.expiresAtUs) return 'adjustment-expired';
  if (decidedBy === state.proposedBy) return 'four-eyes';
  if (verdict === 'reject') return undefined;
  if (wallet.status === 'closed') return 'wallet-closed';
  if (state.direction === 'credit') {
    return wallet.posted + state.amount > BALANCE_MAX ? 'limit-exceeded' : undefined;
  }
  const isShort = availableOf(wallet) - state.amount < -wallet.overdraftLimit;
  return isShort ? 'insufficient-funds' : undefined;
}

/** Posts it between the wallet and the suspense account, as a transaction of the same id. */
function carryOut(
  book: Book,
  adjustment: AdjustmentState,
  wallet: WalletState,
  asked: Asked,
  changes: Changes,
): void {
  const { currency, direction } = adjustment;
  const state = newTransaction(adjustment, wallet, asked);
  book.transactions.set(state.id, state);
  changes.newTransactions.push(state);
  const suspense = systemAccount(book, 'suspense', '', currency, asked.partition, asked.nowUs);
  const [from, to] = direction === 'credit' ? [suspense, wallet] : [wallet, suspense];
  const { debit, credit } = post(state, from, to, asked.nowUs, changes);
  state.walletSequence = direction === 'credit' ? credit.sequence : debit.sequence;
  state.walletPosted = wallet.posted;
  state.walletHeld = wallet.held;
  const told = transactionText(state);
  // No row leads to the entry of the suspense account.
  changes.events.push(transactionEvent(state, [debit, credit], state.eventSequence, true, told));
}

const newTransaction = (
  { id, walletId, amount, currency, proposedBy, bodyHash, direction }: AdjustmentState,
  wallet: WalletState,
  asked: Asked,
): TransactionState => ({
  id,
  partition: asked.partition,
  eventSequence: asked.nextEvent(),
  type: 'adjustment',
  status: 'completed',
  walletId,
  counterpartyWalletId: null,
  amount,
  currency,
  clientId: proposedBy,
  bodyHash,
  origin: asked.origin,
  failureCode: null,
  walletSequence: null,
  counterpartySequence: null,
  walletPosted: wallet.posted,
  walletHeld: wallet.held,
  bankAccount: null,
  description: null,
  metadata: null,
  risk: null,
  review: null,
  followUp: null,
  reversed: 0n,
  hold: null,
  conversion: null,
  splitId: null,
  direction,
  fee: null,
  createdAtUs: asked.nowUs,
  completedAtUs: asked.nowUs,
});

function tell(
  book: Book,
  requestId: string,
  state: AdjustmentState,
  replayed: boolean,
  asked: Asked,
  changes: Changes,
): undefined {
  if (asked.origin === '') return;
  const made = book.transactions.get(state.id);
  const outcome: Outcome = {
    kind: 'adjustment',
    requestId,
    adjustment: toAdjustment(state, asked.nowUs),
    ...(made === undefined ? {} : { transaction: toTransaction(made) }),
    replayed,
  };
  changes.outcomes.push(answerWith(asked.origin, outcome));
}

function refuse(code: Refusal, requestId: string, asked: Asked, changes: Changes): undefined {
  if (asked.origin === '') return;
  changes.outcomes.push(answerWith(asked.origin, { kind: 'adjustment-refused', requestId, code }));
}
