import type { LedgerEvent } from '@florin/contracts';
import { uuidv7, RetryableError, type Clock } from '@florin/kernel';
import type { FindOwners } from '@florin/messaging';
import { isTransient, type Database } from '@florin/postgres';
import { tellingsOf, walletsOf, type Telling } from './domain/event-audience.ts';
import { messagesOf } from './domain/inbox-messages.ts';
import { insertDeliveries, type NewDelivery } from './sql/deliveries.ts';
import { insertMessages } from './sql/messages.ts';
import { webhooksOf, type WantingWebhook } from './sql/webhooks.ts';

interface TellDeps {
  db: Database['slonik'];
  findOwners: FindOwners;
  clock: Clock;
  /** Deliveries are due. */
  onDeliveries(): void;
}

const wants = ({ everything, ownerId, eventTypes }: WantingWebhook, telling: Telling): boolean =>
  (everything ? telling.ownerId === undefined : telling.ownerId === ownerId) &&
  (eventTypes.length === 0 || eventTypes.includes(telling.eventType));

/**
 * Writes down who is to be told what of some events: deliveries to webhooks, and messages in the
 * app. The same events again change nothing.
 * @returns a function that takes a batch of the ledger's events. It throws RetryableError while a
 *   neighbour is away
 */
export function createTellEvents({ db, findOwners, clock, onDeliveries }: TellDeps) {
  return async (events: readonly LedgerEvent[]): Promise<void> => {
    const owners = await findOwners(events.flatMap(walletsOf));
    const ownerOf = (walletId: string): string | undefined => owners.get(walletId);
    const tellings = events.flatMap((event) => tellingsOf(event, ownerOf));
    const drafts = events.flatMap((event) => messagesOf(event, ownerOf));
    const nowMs = clock.nowMs();
    const now = new Date(nowMs);
    try {
      const ownerIds = new Set(tellings.flatMap(({ ownerId }) => ownerId ?? []));
      const webhooks = await webhooksOf(db, [...ownerIds]);
      const deliveries = tellings.flatMap((telling) =>
        webhooks
          .filter((webhook) => wants(webhook, telling))
          .map(({ id }) => deliveryOf(id, telling, uuidv7(nowMs))),
      );
      if (drafts.length > 0) {
        const messages = drafts.map((draft) => ({ ...draft, id: uuidv7(nowMs) }));
        await insertMessages(db, messages, now);
      }
      if (deliveries.length === 0) return;
      await insertDeliveries(db, deliveries, now);
      onDeliveries();
    } catch (error) {
      if (!isTransient(error)) throw error;
      throw new RetryableError('what is to be told can not be stored now', { cause: error });
    }
  };
}

export type TellEvents = ReturnType<typeof createTellEvents>;

function deliveryOf(webhookId: string, telling: Telling, id: string): NewDelivery {
  const { eventId, eventType, time, data } = telling;
  const body = JSON.stringify({ type: eventType, timestamp: time, data });
  return { id, webhookId, eventId, eventType, body };
}
