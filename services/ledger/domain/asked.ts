import type { FeeRules } from './fee.ts';

/** What a decision may know besides the books: who asks, from which lane, and when. */
export interface Asked {
  partition: number;
  /** The gateway that waits; empty when nobody does. */
  origin: string;
  /** The trace that this belongs to: what is not final yet hands it on. */
  traceparent?: string | undefined;
  /** The time of this decision: later than that of every decision before it in this process. */
  nowUs: number;
  /** Numbers the next event of the partition. */
  nextEvent(): number;
  /** What payments cost. */
  fees: FeeRules;
  /** How long a transaction waits for a person before it is declined. */
  reviewForUs: number;
}

/** Why a message can't be decided, however often it is tried. It goes to the dead letters. */
export type Undecidable = { undecidable: string };
