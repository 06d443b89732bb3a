import { readyMessageId } from '@florin/contracts';
import type { Incoming } from '@florin/messaging';

/** Answers that came before their orders were read, kept so that the two can meet. */
const EARLY_ANSWERS_MAX = 10_000;

export interface Unscored {
  incoming: Incoming;
  /** The id of the message that answers it. */
  answer: string;
  /** When it was initiated, on our monotonic clock. */
  sinceMs: number;
}

/** The order messages of a partition that nobody has scored yet. Two readers meet here. */
export interface UnscoredOrders {
  initiated(incoming: Incoming, sinceMs: number): void;
  /** A message of the lane was read, or stored by us: the orders that it answers wait no longer. */
  answered(messageId: string): void;
  /** When the oldest that nobody has taken yet was initiated. */
  oldestSinceMs(): number | undefined;
  /** Those initiated at or before a time, the oldest first. They stay unscored until answered. */
  take(upToMs: number, max: number): Unscored[];
  size(): number;
  /** The last sequence before which everything is answered. */
  position(): number;
}

export function createUnscoredOrders(startAfter: number): UnscoredOrders {
  const waiting = new Map<string, Unscored>();
  const taken = new Map<string, Unscored>();
  const early = new Set<string>();
  let read = startAfter;

  const oldestOf = (orders: Map<string, Unscored>): Unscored | undefined =>
    orders.values().next().value;

  return {
    initiated(incoming, sinceMs) {
      read = incoming.sequence;
      // Without an id nobody can answer it: it is only there to be buried.
      const answer = incoming.id ? readyMessageId(incoming.id) : `unnamed ${incoming.sequence}`;
      // The same id twice is the same message: what answers the first answers both.
      if (early.delete(answer) || waiting.has(answer) || taken.has(answer)) return;
      waiting.set(answer, { incoming, answer, sinceMs });
    },
    answered(messageId) {
      if (waiting.delete(messageId) || taken.delete(messageId)) return;
      if (!messageId.startsWith(readyMessageId(''))) return;
      early.add(messageId);
      // The oldest is about orders from before we began to read: it will never be asked for.
      if (early.size > EARLY_ANSWERS_MAX) early.delete(early.values().next().value as string);
    },
    oldestSinceMs: () => oldestOf(waiting)?.sinceMs,
    take(upToMs, max) {
      const due: Unscored[] = [];
      for (const [answer, order] of waiting) {
        if (order.sinceMs > upToMs || due.length === max) break;
        waiting.delete(answer);
        taken.set(answer, order);
        due.push(order);
      }
      return due;
    },
    size: () => waiting.size + taken.size,
    position() {
      const open = [oldestOf(waiting), oldestOf(taken)];
      const first = open.map((order) => (order ? order.incoming.sequence - 1 : read));
      return Math.min(read, ...first);
    },
  };
}
