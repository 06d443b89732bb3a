import type { JsMsg } from '@nats-io/jetstream';
import { HEADERS } from './headers.ts';

/**
 * A stored message as it is read. `body` is a view of a network buffer: copy what you keep long.
 */
export interface Incoming {
  readonly subject: string;
  /** In the stream; the streams of all partitions share one count, so it has gaps. */
  readonly sequence: number;
  /** When the stream stored it. */
  readonly time: Date;
  /** Nats-Msg-Id */
  readonly id: string | undefined;
  readonly body: Uint8Array;
  /** Messages of the same filter that were stored behind this one when it was sent. */
  readonly pending: number;
  /** Names are case-sensitive, see HEADERS. */
  header(name: string): string | undefined;
}

export function incoming(message: JsMsg): Incoming {
  const { headers, info } = message;
  return {
    subject: message.subject,
    sequence: info.streamSequence,
    time: new Date(info.timestampNanos / 1e6),
    id: headers?.get(HEADERS.messageId) || undefined,
    body: message.data,
    pending: info.pending,
    header: (name) => headers?.get(name) || undefined,
  };
}

/** The body as JSON, undefined when it is none. */
export function jsonOf({ body }: Incoming): unknown {
  try {
    return JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  } catch {
    return undefined;
  }
}
