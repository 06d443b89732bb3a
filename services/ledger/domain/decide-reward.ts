import type { FollowUpOrder } from '@florin/contracts';
import type { Asked, Undecidable } from './asked.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import { decideFollowUp, relatedOf } from './decide-follow-up.ts';

/**
 * Takes a reward back, as any payment is reversed. Whoever may ask for this may take back rewards
 * and nothing else.
 */
export function decideRewardReversal(
  book: Book,
  requestId: string,
  order: FollowUpOrder,
  asked: Asked,
  changes: Changes,
): Undecidable | undefined {
  const related = relatedOf(book, order);
  if (related !== undefined && related.type !== 'reward') {
    return { undecidable: `reversal of a ${related.type} as if it were a reward` };
  }
  return decideFollowUp(book, requestId, order, asked, changes);
}
