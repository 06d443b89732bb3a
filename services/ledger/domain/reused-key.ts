import { LANE_TYPES, type LaneMessage } from '@florin/contracts';
import type { Asked } from './asked.ts';
import type { Book } from './book.ts';
import { answerWith, type Changes } from './changes.ts';

/** The transactions that a message asks for. Their ids follow from keys of clients. */
export function orderedIds(message: LaneMessage): string[] {
  switch (message.type) {
    case LANE_TYPES.transactionInitiated:
    case LANE_TYPES.followUpInitiated:
      return [message.data.transactionId];
    case LANE_TYPES.bulkInitiated:
      return message.data.orders.map(({ transactionId }) => transactionId);
    default:
      return [];
  }
}

/** All that may be used once only, whatever lane asks for it: keys, and quotes. */
export const keysOf = (message: LaneMessage): string[] =>
  message.type === LANE_TYPES.transactionInitiated && 'quote' in message.data
    ? [...orderedIds(message), message.data.quote.id]
    : orderedIds(message);

/**
 * Whether a key stands for a payment in another shard: then it is none of this wallet. What is
 * known here was decided here, and is told again.
 */
export function isUsedElsewhere(
  { transactions, otherShards }: Book,
  message: LaneMessage,
): boolean {
  const used = otherShards?.usedElsewhere;
  if (used === undefined || used.size === 0) return false;
  const ids = orderedIds(message);
  return ids.some((id) => used.has(id)) && !ids.some((id) => transactions.has(id));
}

/** Nothing is written down, as for a key that is used again in one shard. */
export function refuseReusedKey(message: LaneMessage, asked: Asked, changes: Changes): void {
  if (asked.origin === '') return;
  const outcome = { kind: 'key-reused', requestId: message.id } as const;
  changes.outcomes.push(answerWith(asked.origin, outcome));
}
