import type { Incoming, OutgoingMessage } from '@florin/messaging';
import type { Verdict } from '../domain/verdict.ts';

/** What becomes of one initiated message. */
export interface Answer {
  /** Of the initiated message in the stream. */
  sequence: number;
  /** Of the initiated message. */
  messageId: string;
  /** When the stream had stored it, ms. */
  storedAtMs: number;
  /** Into the ready lane; undefined when nothing of it could be understood. */
  ready: OutgoingMessage | undefined;
  /** Whose orders it has: the answers to these leave one after the other. */
  wallets: readonly string[];
  /** To be written down, and why parts of the message were put aside. */
  verdicts: Verdict[];
  buried: { incoming: Incoming; reasons: string[] } | undefined;
}
