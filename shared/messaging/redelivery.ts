import { faultText } from '@florin/kernel';
import { z } from 'zod';
import { accessOf } from './access-table.ts';
import type { Bus } from './connect.ts';
import type { EventConsumerOptions } from './event-consumer.ts';
import type { Incoming } from './incoming.ts';
import { serve, type Served } from './serve.ts';

/** A message as it lay in its stream, handed over by hand. */
const handedOver = z.object({
  subject: z.string(),
  sequence: z.number().int().positive(),
  at: z.iso.datetime(),
  headers: z.record(z.string(), z.string()),
  body: z.base64(),
  id: z.string().optional(),
});
export type HandedOver = z.infer<typeof handedOver>;

/** Asks the readers of a durable consumer to handle a message once more. */
export const redeliveryOf = (service: string, durable: string) => ({
  subject: `rpc.${service}.redeliver-${durable}`,
  request: handedOver,
  response: z.object({ handled: z.boolean(), problem: z.string().optional() }),
});

/** Whether this reader of a service takes messages again: it has to be one that can be asked. */
export function takesAgain(service: string, durable: string): boolean {
  const { consumes = [], serves = [] } = accessOf(service) ?? {};
  return serves.length > 0 && consumes.some((consumer) => consumer.durable === durable);
}

/** As filters of consumers mean it: `*` stands for one token, `>` for all that follow. */
function fits(filter: string, subject: string): boolean {
  const [wanted, given] = [filter.split('.'), subject.split('.')];
  const rest = wanted.indexOf('>');
  if (rest >= 0) return fits(wanted.slice(0, rest).join('.'), given.slice(0, rest).join('.'));
  return (
    wanted.length === given.length && wanted.every((token, at) => ['*', given[at]].includes(token))
  );
}

/**
 * Handles a message that was put aside when an operator asks for it. A consumer takes every message
 * more than once and in any order, and checks who has signed it: this is one delivery more. What
 * still can't be handled is told to who asked, and stays where it is.
 */
export function serveRedelivery(
  bus: Bus,
  { durable, filterSubject, handle }: EventConsumerOptions,
  onHandled: () => void,
): Served {
  return serve(bus, redeliveryOf(bus.name, durable), async (message) => {
    const { subject, sequence, at, headers, body, id } = message;
    if (!fits(filterSubject, subject)) return { handled: false, problem: 'of another subject' };
    const event: Incoming = {
      subject,
      sequence,
      time: new Date(at),
      id,
      body: Buffer.from(body, 'base64'),
      pending: 0,
      header: (name) => headers[name],
    };
    try {
      await handle(event);
    } catch (error) {
      const problem = faultText(error).replaceAll(/\s+/g, ' ').slice(0, 500);
      bus.log.warn({ err: error, durable, subject, sequence }, `still not handled: ${problem}`);
      return { handled: false, problem };
    }
    bus.log.info({ durable, subject, sequence }, 'a dead letter was handled');
    onHandled();
    return { handled: true };
  });
}
