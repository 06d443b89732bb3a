import { identityEventBatch, identityEventSubject, STREAMS } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { createEventConsumer, jsonOf, type Bus, type EventConsumer } from '@florin/messaging';

/**
 * Hears whose level has changed. What it is now, identity is asked: an event that comes late or
 * twice does no harm, and one that somebody made up says nothing.
 */
export const followKycLevels = (
  bus: Bus,
  onChange: (userId: string) => Promise<void>,
): EventConsumer =>
  createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'gateway-kyc-levels',
    filterSubject: identityEventSubject('kyc-level-changed'),
    async handle(message) {
      const events = identityEventBatch.safeParse(jsonOf(message));
      if (!events.success)
        throw new TerminalError('no events of identity', { cause: events.error });
      for (const { data } of events.data) await onChange(data.userId);
    },
  });
