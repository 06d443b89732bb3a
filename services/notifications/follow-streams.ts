import {
  eventFilter,
  identityEventSubject,
  LETTER_FILTER,
  PAYMENT_EVENT_FILTER,
  STREAMS,
} from '@florin/contracts';
import {
  createEventConsumer,
  createFindOwners,
  createVerifier,
  type Bus,
  type SigningKeys,
} from '@florin/messaging';
import type { Database } from '@florin/postgres';
import type { Service } from '@florin/runtime';
import { createDecoders } from './adapters/decode-events.ts';
import type { Deliverer } from './deliver-webhooks.ts';
import { insertMail } from './sql/mails.ts';
import { forgetPerson } from './sql/messages.ts';
import type { Mails } from './start-mails.ts';
import { createTellEvents, createTellPayments } from './tell-event.ts';
import { createTellTogether, MESSAGES_TOGETHER_MAX } from './tell-together.ts';

interface StreamDeps {
  db: Database['slonik'];
  signingKeys: SigningKeys;
  deliverer: Pick<Deliverer, 'wake'>;
  mails: Mails;
}

/** Reads everything that somebody is to be told of, for as long as the process lives. */
export function followStreams(
  { clock, onStop }: Service,
  bus: Bus,
  { db, signingKeys, deliverer, mails }: StreamDeps,
): void {
  const decode = createDecoders(createVerifier(signingKeys));
  const findOwners = createFindOwners(bus);
  const telling = {
    db,
    findOwners,
    clock,
    onDeliveries: deliverer.wake,
    onMails: mails.wake,
  };
  const tellTogether = createTellTogether(createTellEvents(telling));
  const tellPayments = createTellPayments(telling);
  const events = createEventConsumer(bus, {
    stream: STREAMS.events,
    durable: 'notifications-events',
    filterSubject: eventFilter('*'),
    handle: (message) => tellTogether(decode.ledgerEvents(message)),
    maxInFlight: MESSAGES_TOGETHER_MAX,
  });
  const payments = createEventConsumer(bus, {
    stream: STREAMS.payments,
    durable: 'notifications-payments',
    filterSubject: PAYMENT_EVENT_FILTER,
    handle: (message) => tellPayments(decode.paymentEvents(message)),
  });
  const letters = createEventConsumer(bus, {
    stream: STREAMS.notify,
    durable: 'notifications-letters',
    filterSubject: LETTER_FILTER,
    async handle(message) {
      for (const { data } of decode.letters(message)) {
        const { letterId: id, userId, kind } = data;
        const mail = { id, userId, kind, eventId: id, facts: {} };
        await insertMail(db, mail, new Date(clock.nowMs()));
      }
      mails.wake();
    },
  });
  const erasures = createEventConsumer(bus, {
    stream: STREAMS.identity,
    durable: 'notifications-erasures',
    filterSubject: identityEventSubject('user-erased'),
    async handle(message) {
      for (const { data } of decode.identityEvents(message)) {
        await mails.forgetCopies(data.userId);
        await forgetPerson(db, data.userId);
      }
    },
  });
  onStop('consumers', async () => {
    await Promise.all([events, payments, letters, erasures].map((one) => one.stop()));
  });
}
