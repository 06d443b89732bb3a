import type { Bus } from '@florin/messaging';
import { expect, test } from 'vitest';
import { createAnswerOrigins } from './answer-origins.ts';

const MAX_PAYLOAD = 1024 * 1024;

/** A server with the default limit of a message, and what reached it. */
function openBus() {
  const sent: { subject: string; outcomes: unknown[] }[] = [];
  const publish = (subject: string, body: string) => {
    if (Buffer.byteLength(body) > MAX_PAYLOAD) throw new Error('max_payload size exceeded');
    sent.push({ subject, outcomes: JSON.parse(body) as unknown[] });
  };
  return { sent, bus: { connected: () => true, nc: { publish } } as unknown as Bus };
}

const answersOf = (count: number, text: string) =>
  Array.from({ length: count }, (_, n) => ({
    origin: 'gateway-1',
    json: () => JSON.stringify({ n, text }),
  }));

test('hunts outcomes that together are too large for a message: all arrive, in order', () => {
  const { bus, sent } = openBus();
  // As much metadata as an order may carry, in letters that need three bytes each.
  createAnswerOrigins(bus)(answersOf(300, '語'.repeat(27_000)));
  const numbers = sent.flatMap(({ outcomes }) => outcomes.map((one) => (one as { n: number }).n));
  expect(numbers).toEqual(Array.from({ length: 300 }, (_, n) => n));
});

test('hunts messages where one would do', () => {
  const { bus, sent } = openBus();
  createAnswerOrigins(bus)(answersOf(500, 'short'));
  expect(sent).toHaveLength(1);
});
