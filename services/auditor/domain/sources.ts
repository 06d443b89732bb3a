import {
  auditSubject,
  IDENTITY_EVENT_FILTER,
  LABEL_SUBJECT,
  PAYMENT_EVENT_FILTER,
  partitionToken,
  STREAMS,
} from '@florin/contracts';
import { ok, refuse, type Result } from '@florin/kernel';
import { contentToldBy, type Incoming, type Verifier } from '@florin/messaging';
import { z } from 'zod';
import { factsOf } from './audit-record.ts';
import type { NewEvent } from './extend-chain.ts';

/** A stream that is written down: which part of it, and who alone may tell what is in it. */
export interface Source {
  /** As the table of positions and leases knows it. */
  partition: number;
  stream: string;
  filterSubject: string;
  producer: string;
}

export const SOURCES: readonly Source[] = [
  {
    partition: 0,
    stream: STREAMS.events,
    filterSubject: 'evt.*.*.*',
    producer: 'ledger',
  },
  {
    partition: 1,
    stream: STREAMS.audit,
    // Not the roots, which lie there too: each would ask for another one.
    filterSubject: auditSubject('admin-action'),
    producer: 'gateway',
  },
  {
    partition: 2,
    stream: STREAMS.identity,
    filterSubject: IDENTITY_EVENT_FILTER,
    producer: 'identity',
  },
  {
    partition: 3,
    stream: STREAMS.labels,
    filterSubject: LABEL_SUBJECT,
    producer: 'fraud',
  },
  {
    partition: 4,
    stream: STREAMS.payments,
    filterSubject: PAYMENT_EVENT_FILTER,
    producer: 'payments',
  },
];

const counted = z.object({
  data: z.object({ partition: z.number().int(), sequence: z.number().int() }),
});

/** The chain of an event: the ledger counts its events by partition, others don't count. */
function linkOf({ stream }: Source, event: unknown): Pick<NewEvent, 'chain' | 'sequence'> {
  const read = stream === STREAMS.events ? counted.safeParse(event) : undefined;
  if (!read?.success) return { chain: stream.toLowerCase(), sequence: undefined };
  const { partition, sequence } = read.data.data;
  return { chain: `evt-${partitionToken(partition)}`, sequence };
}

/** An event with what it is made of, for those who want to know more of it. */
export interface SourceEvent extends NewEvent {
  event: unknown;
}

/**
 * The events of a message, or why it is none: not signed by who may tell them, or of no form. They
 * are kept as they came. What an event of a kind that is not known yet says is evidence as well, so
 * it need only be one.
 */
export function readMessage(
  verify: Verifier,
  source: Source,
  message: Incoming,
): Result<SourceEvent[], string> {
  const told = contentToldBy(verify, message, source.producer);
  if (!told.ok) return told;
  const content = told.value;
  if (!Array.isArray(content) || content.length === 0) return refuse('not a batch of events');
  const events: SourceEvent[] = [];
  for (const event of content as unknown[]) {
    const facts = factsOf(event);
    if (facts === undefined) return refuse('not a batch of events');
    events.push({ ...facts, ...linkOf(source, event), body: JSON.stringify(event), event });
  }
  return ok(events);
}
