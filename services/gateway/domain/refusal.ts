import type { ProblemCode, Problem } from '@florin/contracts';

/**
 * An expected "no" on its way to the client: its code decides the status (PROBLEMS in contracts),
 * its detail is for people.
 */
export interface Refusal {
  refused: ProblemCode;
  detail: string;
  /** What a client may build upon besides the code. */
  facts?: Partial<Pick<Problem, 'errors' | 'available' | 'remaining' | 'items' | 'transaction'>>;
  /** When trying again may help. */
  retryAfterSeconds?: number;
  /** The caller had proven who they are, only too long ago: no try at guessing. */
  expired?: boolean;
  /** It had been refused before: this is the same answer again. */
  replayed?: boolean;
}

export const refusal = (
  refused: ProblemCode,
  detail: string,
  more: Omit<Refusal, 'refused' | 'detail'> = {},
): Refusal => ({ refused, detail, ...more });

export const isRefusal = (value: object): value is Refusal => 'refused' in value;

export const walletNotFound = (walletId: string): Refusal =>
  refusal('not-found', `there is no wallet ${walletId}`);

/** A second is enough for a queue to empty or a neighbour to come back, and short for a person. */
const RETRY_AFTER_SECONDS = 1;

export const overloaded = (detail: string): Refusal =>
  refusal('overloaded', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
