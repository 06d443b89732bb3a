import type { Adjustment } from '@florin/contracts';
import type { AdjustmentState } from './book.ts';
import { isoFromMicros } from './iso-time.ts';

/** An adjustment in the words of the contracts, as it stands at a time. */
export function toAdjustment(state: AdjustmentState, nowUs: number): Adjustment {
  const isOver = state.status === 'open' && nowUs >= state.expiresAtUs;
  return {
    id: state.id,
    status: isOver ? 'expired' : state.status,
    walletId: state.walletId,
    direction: state.direction,
    amount: String(state.amount),
    currency: state.currency,
    reason: state.reason,
    proposedBy: state.proposedBy,
    proposedAt: isoFromMicros(state.proposedAtUs),
    expiresAt: isoFromMicros(state.expiresAtUs),
    ...(state.decidedBy === null ? {} : { decidedBy: state.decidedBy }),
    ...(state.decidedAtUs === null ? {} : { decidedAt: isoFromMicros(state.decidedAtUs) }),
    ...(state.note === null ? {} : { note: state.note }),
  };
}
