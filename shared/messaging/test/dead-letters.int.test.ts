import { eventFilter, eventSubject, STREAMS } from '@florin/contracts';
import { TerminalError } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import {
  createEventConsumer,
  provision,
  readDeadLetters,
  redeliverDeadLetter,
  removeDeadLetter,
  storeDeadLetter,
  type Incoming,
} from '../mod.ts';
import { openServer } from './open-bus.ts';

const { bus } = await openServer('banking');
await provision(bus);

const DURABLE = 'banking-transaction-pending';
const WALLET = '01890000-0000-7000-8000-000000000001';

interface Seen {
  id: string | undefined;
  subject: string;
  sequence: number;
  body: string;
}

const seenOf = ({ id, subject, sequence, body }: Incoming): Seen => ({
  id,
  subject,
  sequence,
  body: Buffer.from(body).toString(),
});

/** A reader that can't handle anything until it is mended. */
function openReader() {
  const state = { broken: true };
  const handled: Seen[] = [];
  const consumer = createEventConsumer(bus, {
    stream: STREAMS.events,
    durable: DURABLE,
    filterSubject: eventFilter('transaction-pending'),
    async handle(message) {
      if (state.broken) throw new TerminalError('of a version that is not known');
      handled.push(seenOf(message));
    },
  });
  return { state, handled, consumer };
}

test('hunts a letter that is lost, or done twice, when somebody has it handled again', async () => {
  const subject = eventSubject(3, WALLET, 'transaction-pending');
  const { state, handled, consumer } = openReader();
  await using _ = consumer;
  const { seq } = await bus.js.publish(subject, '"an event"', { msgID: 'event-1' });
  const letter = await eventually(async () => {
    const [newest] = await readDeadLetters(bus, 10);
    if (newest === undefined) throw new Error('no letter yet');
    return newest;
  });
  expect(letter).toMatchObject({ service: 'banking', reader: DURABLE, place: `${subject} ${seq}` });

  expect(await redeliverDeadLetter(bus, letter.sequence)).toEqual({
    outcome: 'refused',
    problem: 'TerminalError: of a version that is not known',
  });
  expect(await readDeadLetters(bus, 10)).toHaveLength(1);

  state.broken = false;
  expect(await redeliverDeadLetter(bus, letter.sequence)).toEqual({ outcome: 'handled' });
  expect(handled).toEqual([{ id: 'event-1', subject, sequence: seq, body: '"an event"' }]);
  expect(await readDeadLetters(bus, 10)).toEqual([]);
  expect(await redeliverDeadLetter(bus, letter.sequence)).toEqual({ outcome: 'unknown' });
  expect(await removeDeadLetter(bus, letter.sequence)).toBe(false);
});

test('hunts a reader of facts in order that is handed an old one', async () => {
  const message: Incoming = {
    subject: eventSubject(3, WALLET, 'transaction-pending'),
    sequence: 7,
    time: new Date(0),
    id: 'fact',
    body: Buffer.from('{}'),
    pending: 0,
    header: () => undefined,
  };
  const source = { reader: 'fraud', stream: STREAMS.events };
  await storeDeadLetter({ ...bus, name: 'fraud' }, source, message, 'not signed');
  const [letter] = await readDeadLetters(bus, 10);
  const sequence = letter?.sequence ?? 0;
  expect(await redeliverDeadLetter(bus, sequence)).toEqual({ outcome: 'not-retryable' });
  expect(await removeDeadLetter(bus, sequence)).toBe(true);
  expect(await readDeadLetters(bus, 10)).toEqual([]);
});
