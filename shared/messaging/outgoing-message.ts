import { headers as createHeaders } from '@nats-io/transport-node';
import type { MsgHdrs } from '@nats-io/transport-node';
import { HEADERS } from './headers.ts';
import type { Signer } from './signing.ts';

export interface OutgoingMessage {
  subject: string;
  body: Uint8Array | string;
  /** De-duplicates in the stream, and is covered by the signature. */
  id: string;
  /** Of a batch: the type of its first event. */
  type: string;
  /** Of a batch: the wallet in the subject. */
  wallet: string;
  partition: number;
  /** More headers, by their exact names: trace context, content type. */
  headers?: Record<string, string>;
}

/** The headers of a message, signed once: a repetition is the same message. */
export function headersOf(message: OutgoingMessage, signer: Signer | undefined): MsgHdrs {
  const { id, type, wallet, partition, body } = message;
  const headers = createHeaders();
  // append() is a third cheaper than set(), and every name comes once.
  headers.append(HEADERS.messageId, id);
  headers.append(HEADERS.type, type);
  if (signer !== undefined) {
    const signed = signer({ messageId: id, type, wallet, partition, body });
    headers.append(HEADERS.signature, signed.signature);
    headers.append(HEADERS.time, signed.time);
  }
  for (const name in message.headers) headers.append(name, message.headers[name] ?? '');
  return headers;
}
