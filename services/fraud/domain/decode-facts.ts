import {
  IDENTITY_EVENT_FILTER,
  identityEventBatch,
  LABEL_SUBJECT,
  labelEvent,
  ledgerEventBatch,
  STREAMS,
  type IdentityEvent,
  type LabelEvent,
  type LedgerEvent,
} from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';
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

/** The facts of a message, or why it is none: not signed by who may tell them, or of no form. */
export function decodeFacts(
  verify: Verifier,
  { producer, schema }: FactStream,
  incoming: Incoming,
): Result<Fact[], string> {
  const told = contentToldBy(verify, incoming, producer);
  if (!told.ok) return told;
  const parsed = schema.safeParse(told.value);
  if (!parsed.success) {
    return refuse(`not a batch of events: ${parsed.error.issues[0]?.path.join('.')}`);
  }
  const isTimed = parsed.data.every(({ time }) => Number.isFinite(Date.parse(time)));
  return isTimed ? ok(parsed.data) : refuse('its time is none');
}
