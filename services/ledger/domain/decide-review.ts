import type { ReviewVerdict } from '@florin/contracts';
import type { Asked, Undecidable } from './asked.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';

/** A person's word on a transaction under review. */
export function decideReview(
  _book: Book,
  _requestId: string,
  verdict: ReviewVerdict,
  _asked: Asked,
  _changes: Changes,
): Undecidable {
  return { undecidable: `transaction ${verdict.transactionId} is not under review` };
}
