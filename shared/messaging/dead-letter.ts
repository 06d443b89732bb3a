import type { JsMsg } from '@nats-io/jetstream';
import { headers as createHeaders } from '@nats-io/transport-node';
import { faultText } from '@florin/kernel';
import type { Bus } from './connect.ts';
import { HEADERS } from './headers.ts';
import { deadLetterSubject } from './topology.ts';

/**
 * Puts a message aside where operators find it, with its own headers, where it came from and why.
 * Stored once however often it is tried: the id follows from the message's place.
 */
export async function storeDeadLetter(
  bus: Bus,
  durable: string,
  message: JsMsg,
  error: unknown,
): Promise<void> {
  const { stream, streamSequence } = message.info;
  const headers = createHeaders();
  for (const [name, values] of message.headers ?? []) {
    // The server obeys headers of its own, like the id that this message was stored under.
    if (name.startsWith('Nats-')) continue;
    for (const value of values) headers.append(name, value);
  }
  headers.set(HEADERS.deadLetterSubject, message.subject);
  headers.set(HEADERS.deadLetterSequence, String(streamSequence));
  headers.set(HEADERS.deadLetterReason, faultText(error).replaceAll(/\s+/g, ' ').slice(0, 500));
  await bus.js.publish(deadLetterSubject(bus.name, stream), message.data, {
    msgID: `${durable}:${stream}:${streamSequence}`,
    headers,
  });
}
