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
  const publisher: Pick<Publisher, 'publish'> = {
    async publish({ body }) {
      bodies.push(body as string);
      return { sequence: bodies.length, duplicate: false };
    },
  };
  const outbox = createEventOutbox({
    partition: 1,
    publisher: publisher as Publisher,
    publishedUpTo: 0,
    log: {} as Logger,
    onTold,
  });
  return { outbox, bodies };
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
