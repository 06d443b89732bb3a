import type { Bus } from './connect.ts';
import { HEADERS } from './headers.ts';

export interface StreamState {
  /** Another creation time means another stream of the same name: its sequences start anew. */
  createdAt: string;
  firstSequence: number;
  /** Of the last message ever stored, also when it has expired since. 0 in a new stream. */
  lastSequence: number;
}

/** @throws JetStreamApiError when there is no such stream; other errors when the server is away */
export async function streamState(bus: Bus, stream: string): Promise<StreamState> {
  const { created, state } = await bus.jsm.streams.info(stream);
  return {
    createdAt: created,
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
  };
}

/**
 * The Nats-Msg-Id of the message stored at a sequence, undefined when it carries none, null when
 * nothing is stored there (any more).
 */
export async function messageIdAt(
  bus: Bus,
  stream: string,
  sequence: number,
): Promise<string | undefined | null> {
  if (sequence < 1) return null;
  const message = await bus.jsm.streams.getMessage(stream, { seq: sequence });
  return message === null ? null : message.header.get(HEADERS.messageId) || undefined;
}
