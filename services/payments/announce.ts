import {
  createEnvelope,
  PAYMENT_EVENT_TYPES,
  paymentEventSubject,
  type PaymentEvent,
  type PaymentEventName,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { insertOutbox } from './sql/outbox.ts';
import type { Queries } from './sql/queries.ts';

type DataOf<Name extends PaymentEventName> = Extract<
  PaymentEvent,
  { type: (typeof PAYMENT_EVENT_TYPES)[Name] }
>['data'];

/**
 * Tells others what happened, once the database transaction `tx` has committed.
 * @param about the id of what it happened to
 */
export async function announce<Name extends PaymentEventName>(
  tx: Queries,
  { name, about, nowMs }: { name: Name; about: string; nowMs: number },
  data: DataOf<Name>,
): Promise<void> {
  const envelope = createEnvelope(PAYMENT_EVENT_TYPES[name], {
    id: uuidv7(nowMs),
    source: '/payments',
    wallet: about,
    time: new Date(nowMs).toISOString(),
    data,
  });
  await insertOutbox(tx, paymentEventSubject(name), envelope);
}
