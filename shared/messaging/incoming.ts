import type { JsMsg } from '@nats-io/jetstream';
import { HEADERS } from './headers.ts';

/** A stored message as it is read. `body` is a view of a network buffer: copy what you keep long. */
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

/** Nothing is decoded before it is asked for. */
export const incoming = (message: JsMsg): Incoming => ({
  subject: message.subject,
  sequence: message.seq,
  get time() {
    return message.time;
  },
  get id() {
    return message.headers?.get(HEADERS.messageId) || undefined;
  },
  get body() {
    return message.data;
  },
  get pending() {
    return message.info.pending;
  },
  header: (name) => message.headers?.get(name) || undefined,
});
