import { createEnvelope } from '@florin/contracts';
import { digestOf, factsOf, linkHash, NO_HASH } from './audit-record.ts';
import type { AuditRecord, RecordFacts } from './audit-record.ts';
import type { Break } from './break.ts';

/** The end of a chain. */
export interface ChainHead {
  chain: string;
  /** Number of its records. */
  place: number;
  /** The last sequence that the producer gave; 0 where it gives none. */
  sourceSequence: number;
  hash: Buffer;
}

/** An event on its way into a chain. */
export interface NewEvent extends RecordFacts {
  chain: string;
  /** As its producer counts, without gaps; undefined where it does not. */
  sequence: number | undefined;
  body: string;
}

export interface Extension {
  head: ChainHead;
  records: AuditRecord[];
  breaks: Break[];
}

export const emptyChain = (chain: string): ChainHead => ({
  chain,
  place: 0,
  sourceSequence: 0,
  hash: NO_HASH,
});

export const GAP_TYPE = 'florin.audit-gap.v1';

/** What is written down in the place of events that never came. */
function gapEvent(chain: string, first: number, last: number, at: Date): NewEvent {
  const event = createEnvelope(GAP_TYPE, {
    id: `gap-${first}-${last}`,
    source: '/auditor',
    wallet: chain,
    time: at.toISOString(),
    data: { chain, first, last },
  });
  const facts = factsOf(event) as RecordFacts;
  return { ...facts, chain, sequence: undefined, body: JSON.stringify(event) };
}

function meaningOf(body: string): string {
  const { type, data } = JSON.parse(body) as { type: string; data: unknown };
  return JSON.stringify([type, data]);
}

/**
 * Whether two texts of one event say the same: in another request, and with another trace, when the
 * action was repeated because nobody had heard that it was recorded.
 */
function saysTheSame(one: string, other: string): boolean {
  if (one === other) return true;
  return meaningOf(one) === meaningOf(other);
}

/**
 * Adds events to a chain in the order they came. What is known already is no second event; what
 * should not be is written down all the same, because it is evidence, and reported as a break.
 * @param known bodies of stored events by id, at least of those among `events`
 */
export function extendChain(
  start: ChainHead,
  events: readonly NewEvent[],
  known: ReadonlyMap<string, string>,
): Extension {
  const { chain } = start;
  const bodies = new Map(known);
  const records: AuditRecord[] = [];
  const breaks: Break[] = [];
  let { place, sourceSequence, hash } = start;

  const report = (key: string, detail: string): void => {
    breaks.push({
      key: `${chain}:${key}`,
      invariant: 'I6 every event comes once, in order',
      detail,
    });
  };

  function add({ body, eventId, type, actor, transactionId, at }: NewEvent): void {
    place += 1;
    hash = linkHash(hash, digestOf(chain, place, body));
    bodies.set(eventId, body);
    records.push({ chain, place, eventId, type, actor, transactionId, at, body, hash });
  }

  for (const event of events) {
    const { eventId, sequence, body, at } = event;
    const before = bodies.get(eventId);
    if (before !== undefined) {
      if (!saysTheSame(before, body))
        report(`changed:${eventId}`, `${chain}: event ${eventId} came again and differs`);
      continue;
    }
    if (sequence !== undefined && sequence > sourceSequence + 1) {
      const [first, last] = [sourceSequence + 1, sequence - 1];
      report(`gap:${first}`, `${chain}: events ${first} to ${last} never came`);
      add(gapEvent(chain, first, last, at));
    }
    if (sequence !== undefined && sequence <= sourceSequence) {
      report(`late:${eventId}`, `${chain}: event ${eventId} came after event ${sourceSequence}`);
    }
    add(event);
    sourceSequence = Math.max(sourceSequence, sequence ?? 0);
  }
  return { head: { chain, place, sourceSequence, hash }, records, breaks };
}
