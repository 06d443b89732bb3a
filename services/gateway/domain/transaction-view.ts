import { PROBLEMS, type Transaction, type transactionView } from '@florin/contracts';
import type { z } from 'zod';
import { mayLookIntoEverything, type Caller } from './caller.ts';
import { refusal, type Refusal } from './refusal.ts';

export type TransactionView = z.output<typeof transactionView>;

/**
 * Who looks: `all` sees why a payment was suspected, `owner` (of its wallet) only that it was,
 * `counterparty` neither that nor what the wallet has left.
 */
export type Insight = 'counterparty' | 'owner' | 'all';

/** Machine clients speak for the platform they belong to, and the staff works with what it sees. */
export const insightOf = (caller: Caller): Insight =>
  mayLookIntoEverything(caller) ? 'all' : 'owner';

/**
 * What a person may know of the risk of their own payment: that it was stopped or held, or that a
 * policy did so because nobody could look. Scores and reasons would teach frauds what to avoid, and
 * what a model thinks that only watches is nobody's business.
 */
function ownRisk({ risk }: Transaction): Pick<TransactionView, 'risk'> {
  if (risk === undefined || risk.decision === 'approve' || risk.mode === 'shadow') return {};
  const { decision, degraded, mode } = risk;
  return { risk: { decision, degraded, mode } };
}

/** Not who decides, nor what they noted. */
function ownReview({ review }: Transaction): Pick<TransactionView, 'review'> {
  if (review === undefined) return {};
  const { status, expiresAt } = review;
  return { review: { status, expiresAt } };
}

/** What the owner of the deciding wallet sees. The bank account stays between us and the bank. */
export function ownView(transaction: Transaction, insight: Insight = 'owner'): TransactionView {
  if (insight === 'counterparty') return counterpartyView(transaction);
  const { bankAccount: _, ...view } = transaction;
  if (insight === 'all') return view;
  const { risk: __, review: ___, ...own } = view;
  return { ...own, ...ownRisk(transaction), ...ownReview(transaction) };
}

/**
 * What the other wallet's owner sees: neither how much money the payer has left nor doubts, and a
 * fee only if it is theirs.
 */
export function counterpartyView(transaction: Transaction): TransactionView {
  const { balances: _, risk: __, review: ___, fee, ...view } = ownView(transaction);
  return fee?.paidBy === 'recipient' ? { ...view, fee } : view;
}

/** A transaction that failed, as the problem that its client gets each time it asks. */
export function refusalOfFailed(
  transaction: Transaction,
  replayed: boolean,
  insight: Insight,
): Refusal {
  const code = transaction.failure?.code ?? 'internal';
  const { balances, failure } = transaction;
  const shortOf = code === 'insufficient-funds' ? balances?.available : undefined;
  return refusal(code, failure?.detail ?? PROBLEMS[code].title, {
    facts: {
      ...(shortOf === undefined ? {} : { available: shortOf }),
      ...(transaction.remaining === undefined ? {} : { remaining: transaction.remaining }),
      transaction: ownView(transaction, insight),
    },
    replayed,
  });
}
