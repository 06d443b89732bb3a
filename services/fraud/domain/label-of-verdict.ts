import type { FraudLabel } from '@florin/contracts';
import type { Fact } from './decode-facts.ts';

const LABELS = { approved: 'legitimate', declined: 'fraud' } as const;

/** What a person's word about a payment teaches; a review that expired teaches nothing. */
export function labelOfVerdict(fact: Fact): FraudLabel | undefined {
  if (!('transaction' in fact.data)) return undefined;
  const { id, walletId, counterpartyWalletId, review } = fact.data.transaction;
  if (review?.status !== 'approved' && review?.status !== 'declined') return undefined;
  return {
    transactionId: id,
    walletId,
    ...(counterpartyWalletId !== undefined && { counterpartyWalletId }),
    label: LABELS[review.status],
    source: 'review',
    reportedBy: review.decidedBy ?? 'unknown',
  };
}
