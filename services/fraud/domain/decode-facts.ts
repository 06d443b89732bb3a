import {
  IDENTITY_EVENT_FILTER,
  identityEventBatch,
  LABEL_SUBJECT,
  labelEvent,
  ledgerEventBatch,
  IDENTITY_PLACE,
  STREAMS,
  type IdentityEvent,
  type LabelEvent,
  type LedgerEvent,
} from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';
import { jsonOf, signatoryOf, type Incoming, type Verifier } from '@florin/messaging';
import { z } from 'zod';

/** What happened, besides the orders themselves: all that profiles learn from. */
export type Fact = LedgerEvent | IdentityEvent | LabelEvent;

/** A stream of facts: which part of it, who alone may tell them, and what they look like. */
export interface FactStream {
  stream: string;
  filterSubject: string;
  producer: string;
  schema: z.ZodType<Fact[]>;
}

export const FACT_STREAMS: readonly FactStream[] = [
  {
    stream: STREAMS.events,
    filterSubject: 'evt.*.*.*',
    producer: 'ledger',
    schema: ledgerEventBatch,
  },
  {
    stream: STREAMS.identity,
    filterSubject: IDENTITY_EVENT_FILTER,
    producer: 'identity',
    schema: identityEventBatch,
  },
  {
    stream: STREAMS.labels,
    filterSubject: LABEL_SUBJECT,
    producer: 'fraud',
    schema: z.array(labelEvent).min(1),
  },
];

/** What signatures of a stream's messages name as their place: users and labels lie in no lane. */
function placeOf(stream: string, subject: string) {
  if (stream !== STREAMS.events) return IDENTITY_PLACE;
  const [, partition, wallet = ''] = subject.split('.');
  return { wallet, partition: Number(partition) };
}

/** The facts of a message, or why it is none: not signed by who may tell them, or of no form. */
export function decodeFacts(
  verify: Verifier,
  { stream, producer, schema }: FactStream,
  incoming: Incoming,
): Result<Fact[], string> {
  const signed = signatoryOf(verify, incoming, placeOf(stream, incoming.subject));
  if (!signed.ok) return refuse(`signature: ${signed.error}`);
  const { service } = signed.value;
  if (service !== producer) return refuse(`${service} may not tell this`);
  const parsed = schema.safeParse(jsonOf(incoming));
  if (!parsed.success) {
    return refuse(`not a batch of events: ${parsed.error.issues[0]?.path.join('.')}`);
  }
  const isTimed = parsed.data.every(({ time }) => Number.isFinite(Date.parse(time)));
  return isTimed ? ok(parsed.data) : refuse('its time is none');
}
