import { STREAMS } from '@florin/contracts';
import type { Bus } from './connect.ts';
import { KEPT } from './dead-letter.ts';
import { HEADERS } from './headers.ts';
import type { Incoming } from './incoming.ts';
import { readPartition } from './reader.ts';
import { redeliveryOf, takesAgain } from './redelivery.ts';
import { request } from './request.ts';
import { streamState } from './stream-state.ts';

/** A message that was put aside. */
export interface DeadLetter {
  /** In the stream of dead letters. */
  sequence: number;
  /** Whose it would have been. */
  service: string;
  reader: string;
  at: Date;
  /** Where it lay. */
  place: string;
  reason: string;
}

function letterOf(message: Incoming): DeadLetter {
  const service = message.subject.split('.')[1] ?? '';
  return {
    sequence: message.sequence,
    service,
    reader: message.id?.split(':')[0] ?? service,
    at: message.time,
    place: [
      message.header(HEADERS.deadLetterSubject),
      message.header(HEADERS.deadLetterSequence),
    ].join(' '),
    reason: message.header(HEADERS.deadLetterReason) ?? '',
  };
}

/** The newest of them, newest first. Nothing is taken out. */
export async function readDeadLetters(bus: Bus, limit: number): Promise<DeadLetter[]> {
  const stream = STREAMS.deadLetters;
  const { firstSequence, lastSequence } = await streamState(bus, stream);
  const letters: DeadLetter[] = [];
  if (lastSequence < firstSequence) return letters;
  const done = Promise.withResolvers<void>();
  const reader = readPartition(bus, {
    stream,
    filterSubject: 'dlq.>',
    startAfter: Math.max(0, firstSequence - 1, lastSequence - limit),
    onMessage: (message) => void letters.push(letterOf(message)),
    onCaughtUp: done.resolve,
    onDisorder: ({ detail }) => done.reject(new Error(detail)),
  });
  try {
    await done.promise;
  } finally {
    await reader.stop();
  }
  return letters.toReversed();
}

/** Removes what has been dealt with; false where there is none (any more). */
export async function removeDeadLetter(bus: Bus, sequence: number): Promise<boolean> {
  const stream = STREAMS.deadLetters;
  try {
    return await bus.jsm.streams.deleteMessage(stream, sequence);
  } catch (error) {
    // The server has one code for every way in which this fails.
    if ((await bus.jsm.streams.getMessage(stream, { seq: sequence })) === null) return false;
    throw error;
  }
}

export type Redelivered =
  | { outcome: 'handled' }
  | { outcome: 'unknown' | 'not-retryable' }
  | { outcome: 'refused'; problem: string };

/** Has its reader handle it once more; what was handled is removed. */
export async function redeliverDeadLetter(bus: Bus, sequence: number): Promise<Redelivered> {
  const stored = await bus.jsm.streams.getMessage(STREAMS.deadLetters, { seq: sequence });
  if (stored === null) return { outcome: 'unknown' };
  const header = (name: string): string | undefined => stored.header.get(name) || undefined;
  const service = stored.subject.split('.')[1] ?? '';
  const durable = header(HEADERS.messageId)?.split(':')[0] ?? '';
  if (!takesAgain(service, durable)) return { outcome: 'not-retryable' };
  const id = header(HEADERS.deadLetterMessageId);
  const headers = KEPT.flatMap((name) => {
    const value = header(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const answer = await request(bus, redeliveryOf(service, durable), {
    subject: header(HEADERS.deadLetterSubject) ?? '',
    sequence: Number(header(HEADERS.deadLetterSequence)),
    at: stored.time.toISOString(),
    headers: Object.fromEntries(headers),
    body: Buffer.from(stored.data).toString('base64'),
    ...(id === undefined ? {} : { id }),
  });
  if (!answer.handled) return { outcome: 'refused', problem: answer.problem ?? '' };
  await removeDeadLetter(bus, sequence);
  return { outcome: 'handled' };
}
