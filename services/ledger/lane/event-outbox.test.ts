import { TerminalError } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import { expect, test } from 'vitest';
import type { EventState } from '../domain/changes.ts';
import { createEventOutbox } from './event-outbox.ts';

const MAX_PAYLOAD = 1024 * 1024;

const eventsOf = (count: number, text: string): EventState[] =>
  Array.from({ length: count }, (_, n) => ({
    partition: 1,
    sequence: n + 1,
    name: 'transaction-completed',
    wallet: 'w',
    json: () => JSON.stringify(text),
    isStored: false,
  }));

function openOutbox(onTold = () => {}) {
  const bodies: string[] = [];
  const refusals: boolean[] = [];
  const stream = { bytesMax: Infinity };
  const publisher: Pick<Publisher, 'publish'> = {
    async publish({ body }) {
      if (body.length > stream.bytesMax) throw new TerminalError('message size exceeds maximum');
      bodies.push(body as string);
      return { sequence: bodies.length, duplicate: false };
    },
  };
  const outbox = createEventOutbox({
    partition: 1,
    publisher: publisher as Publisher,
    publishedUpTo: 0,
    log: { warn: () => undefined, error: () => undefined } as unknown as Logger,
    onRefused: (problem) => refusals.push(problem !== undefined),
    onTold,
  });
  return { outbox, bodies, refusals, stream };
}

test('hunts a message above the server’s limit: it could never be told', async () => {
  const { outbox, bodies } = openOutbox();
  outbox.push(eventsOf(50, '語'.repeat(27_000)));
  await outbox.drained();
  expect(outbox.published()).toBe(50);
  expect(Math.max(...bodies.map((body) => Buffer.byteLength(body)))).toBeLessThan(MAX_PAYLOAD);
});

test('hunts a lane that was full and is never looked at again once it has room', async () => {
  const sizes: number[] = [];
  const { outbox } = openOutbox(() => sizes.push(outbox.size()));
  outbox.push(eventsOf(600, 'short'));
  await outbox.drained();
  expect(sizes).toEqual([100, 0]);
});

test('hunts a crash and a gap where the stream takes only small messages', async () => {
  const { outbox, bodies, refusals, stream } = openOutbox();
  stream.bytesMax = 100;
  outbox.push(eventsOf(50, 'a text of thirty-two characters.'));
  await outbox.drained();
  expect(outbox.published()).toBe(50);
  expect(bodies.flatMap((body) => JSON.parse(body) as string[])).toHaveLength(50);
  expect(refusals).toEqual([]);
});

test('hunts an event that is skipped because it is too large: it waits, and says so', async () => {
  const { outbox, bodies, refusals, stream } = openOutbox();
  stream.bytesMax = 10;
  outbox.push(eventsOf(3, 'a text of thirty-two characters.'));
  await expect.poll(() => refusals).toEqual([true]);
  expect(bodies).toEqual([]);
  stream.bytesMax = Infinity;
  await outbox.drained();
  expect(outbox.published()).toBe(3);
  expect(refusals).toEqual([true, false]);
});

test('hunts a lane that can’t be given up while its next event is refused', async () => {
  const { outbox, refusals, stream } = openOutbox();
  stream.bytesMax = 10;
  outbox.push(eventsOf(3, 'a text of thirty-two characters.'));
  await expect.poll(() => refusals).toEqual([true]);
  outbox.stop();
  await outbox.drained();
  expect(outbox.published()).toBe(0);
});
