import type { LaneMessage } from '@florin/contracts';
import type { DeadLetter } from '../domain/changes.ts';

/** One message of a lane, decoded: its commands in order, and what could not be understood. */
export interface LaneItem {
  partition: number;
  sequence: number;
  messageId: string;
  /** The service that signed it; empty when nobody did whom we know. */
  signatory: string;
  /** The gateway that waits for outcomes; empty when nobody does. */
  origin: string;
  commands: { item: number; message: LaneMessage }[];
  /** Transactions that the commands may make: what a batch should not have too many of. */
  weight: number;
  deadLetters: DeadLetter[];
}

/** Our hold on a partition while a batch is posted, and where the partition stands. */
export interface LaneClaim {
  partition: number;
  epoch: bigint;
  eventSequence: number;
  publishedSequence: number;
  /** Orders up to here have been answered by a scorer, or by us in its place. */
  watchedPosition: number;
}
