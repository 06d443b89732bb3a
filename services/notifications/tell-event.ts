import type { LedgerEvent, PaymentEvent } from '@florin/contracts';
import { uuidv7, RetryableError, type Clock } from '@florin/kernel';
import type { FindOwners } from '@florin/messaging';
import { isTransient, type Database } from '@florin/postgres';
import {
  changedWallets,
  crossingMessage,
  crossingsOf,
  crossingTellings,
  type Crossing,
} from './domain/balance-crossings.ts';
import { tellingsOf, walletsOf, type Telling } from './domain/event-audience.ts';
import { messagesOf, type MessageDraft } from './domain/inbox-messages.ts';
import { paymentMessagesOf, paymentTellingsOf } from './domain/payment-messages.ts';
import { insertDeliveries, type NewDelivery } from './sql/deliveries.ts';
import { insertNotices } from './sql/mails.ts';
import { insertMessages } from './sql/messages.ts';
import { monitorsOf, noteCrossing } from './sql/monitors.ts';
import { webhooksOf, type WantingWebhook } from './sql/webhooks.ts';

interface StoreDeps {
  db: Database['slonik'];
  clock: Clock;
  /** Deliveries are due. */
  onDeliveries(): void;
  /** Mails are due. */
  onMails(): void;
}

const wants = ({ everything, ownerId, eventTypes }: WantingWebhook, telling: Telling): boolean =>
  (everything ? telling.ownerId === undefined : telling.ownerId === ownerId) &&
  (eventTypes.length === 0 || eventTypes.includes(telling.eventType));

/** Writes down who is to be told what: webhooks, messages and mails. Again, it changes nothing. */
function createStore({ db, clock, onDeliveries, onMails }: StoreDeps) {
  async function storeDrafts(drafts: readonly MessageDraft[], nowMs: number): Promise<void> {
    if (drafts.length === 0) return;
    const now = new Date(nowMs);
    const withIds = drafts.map((draft) => ({ ...draft, id: uuidv7(nowMs) }));
    await insertMessages(db, withIds, now);
    await insertNotices(db, withIds, now);
    onMails();
  }

  async function storeTellings(tellings: readonly Telling[], nowMs: number): Promise<void> {
    const ownerIds = new Set(tellings.flatMap(({ ownerId }) => ownerId ?? []));
    const webhooks = await webhooksOf(db, [...ownerIds]);
    const deliveries = tellings.flatMap((telling) =>
      webhooks
        .filter((webhook) => wants(webhook, telling))
        .map(({ id }) => deliveryOf(id, telling, uuidv7(nowMs))),
    );
    if (deliveries.length === 0) return;
    await insertDeliveries(db, deliveries, new Date(nowMs));
    onDeliveries();
  }

  return async (tellings: readonly Telling[], drafts: readonly MessageDraft[]): Promise<void> => {
    const nowMs = clock.nowMs();
    await storeDrafts(drafts, nowMs);
    await storeTellings(tellings, nowMs);
  };
}

/** While the database is away, what is to be told waits. */
async function retryable(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isTransient(error)) throw error;
    throw new RetryableError('what is to be told can not be stored now', { cause: error });
  }
}

/**
 * Writes down who is to be told what of some events of the ledger, those included that took a
 * balance over somebody's line. The same events again change nothing.
 * @returns a function that throws RetryableError while a neighbour is away
 */
export function createTellEvents(deps: StoreDeps & { findOwners: FindOwners }) {
  const { db, findOwners } = deps;
  const store = createStore(deps);

  async function findCrossings(events: readonly LedgerEvent[]): Promise<Crossing[]> {
    const changed = events.flatMap(changedWallets);
    if (changed.length === 0) return [];
    const monitors = await monitorsOf(db, changed);
    return monitors.length === 0 ? [] : events.flatMap((event) => crossingsOf(event, monitors));
  }

  return async (events: readonly LedgerEvent[]): Promise<void> => {
    const owners = await findOwners(events.flatMap(walletsOf));
    const ownerOf = (walletId: string): string | undefined => owners.get(walletId);
    await retryable(async () => {
      const crossings = await findCrossings(events);
      const tellings = events.flatMap((event) => tellingsOf(event, ownerOf));
      const drafts = events.flatMap((event) => messagesOf(event, ownerOf));
      await store(
        [...tellings, ...crossings.flatMap(crossingTellings)],
        [...drafts, ...crossings.map(crossingMessage)],
      );
      for (const { monitor, time } of crossings) await noteCrossing(db, monitor.id, time);
    });
  };
}

export type TellEvents = ReturnType<typeof createTellEvents>;

/** The same for what the service payments tells. */
export function createTellPayments(deps: StoreDeps) {
  const store = createStore(deps);
  return (events: readonly PaymentEvent[]): Promise<void> =>
    retryable(() => store(events.flatMap(paymentTellingsOf), events.flatMap(paymentMessagesOf)));
}

function deliveryOf(webhookId: string, telling: Telling, id: string): NewDelivery {
  const { eventId, eventType, time, data } = telling;
  const body = JSON.stringify({ type: eventType, timestamp: time, data });
  return { id, webhookId, eventId, eventType, body };
}
