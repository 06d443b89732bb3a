import { headers as createHeaders } from '@nats-io/transport-node';
import { faultText } from '@florin/kernel';
import type { Bus } from './connect.ts';
import { HEADERS } from './headers.ts';
import type { Incoming } from './incoming.ts';
import { deadLetterSubject } from './topology.ts';

/**
 * What goes along. The id that the message was stored under goes by another name: the server would
 * obey it.
 */
export const KEPT = [
  HEADERS.signature,
  HEADERS.time,
  HEADERS.type,
  HEADERS.reply,
  HEADERS.contentType,
  HEADERS.traceparent,
];

/**
 * Puts a message aside where operators find it, with its own headers, where it came from and why.
 * Stored once however often it is tried: the id follows from the message's place.
 * @param reader who could not handle it: another reader of the stream may have been able to
 */
export async function storeDeadLetter(
  bus: Bus,
  { reader, stream }: { reader: string; stream: string },
  message: Incoming,
  reason: unknown,
): Promise<void> {
  const headers = createHeaders();
  for (const name of KEPT) {
    const value = message.header(name);
    if (value !== undefined) headers.append(name, value);
  }
  if (message.id !== undefined) headers.set(HEADERS.deadLetterMessageId, message.id);
  const text = typeof reason === 'string' ? reason : faultText(reason);
  headers.set(HEADERS.deadLetterSubject, message.subject);
  headers.set(HEADERS.deadLetterSequence, String(message.sequence));
  headers.set(HEADERS.deadLetterReason, text.replaceAll(/\s+/g, ' ').slice(0, 500));
  await bus.js.publish(deadLetterSubject(bus.name, stream), message.body, {
    msgID: `${reader}:${stream}:${message.sequence}`,
    headers,
  });
}
