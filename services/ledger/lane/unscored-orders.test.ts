import { readyMessageId } from '@florin/contracts';
import type { Incoming } from '@florin/messaging';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createUnscoredOrders } from './unscored-orders.ts';

const message = (sequence: number): Incoming => ({ id: `m${sequence}`, sequence }) as Incoming;
const answer = (sequence: number): string => readyMessageId(`m${sequence}`);

/**
 * Hunts a position that is ahead of an order nobody has answered: a successor would never look at
 * it. The two readers may be at any place, and answers come in any order.
 */
test('the position never passes what is unanswered, and reaches the end when all is', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.constant('read' as const) },
    { weight: 1, arbitrary: fc.constant('take' as const) },
    { weight: 3, arbitrary: fc.nat(39).map((n) => n + 1) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const orders = createUnscoredOrders(0);
      const answered = new Set<number>();
      const unanswered = () =>
        Array.from({ length: read }, (_, n) => n + 1).filter((n) => !answered.has(n));
      let read = 0;
      for (const what of steps) {
        if (what === 'read') orders.initiated(message(++read), read);
        else if (what === 'take') orders.take(read / 2, 3);
        else {
          orders.answered(answer(what));
          answered.add(what);
        }
        const [first] = unanswered();
        expect(orders.position()).toBe(first === undefined ? read : first - 1);
        expect(orders.size()).toBe(unanswered().length);
      }
      for (const sequence of unanswered()) orders.answered(answer(sequence));
      expect(orders.position()).toBe(read);
    }),
  );
});

test('what is taken is taken once, the oldest first, and none before its time', () => {
  const orders = createUnscoredOrders(10);
  for (const sequence of [11, 14, 19]) orders.initiated(message(sequence), sequence);
  const sequences = (upToMs: number) =>
    orders.take(upToMs, 2).map(({ incoming }) => incoming.sequence);
  expect(sequences(10)).toEqual([]);
  expect(sequences(20)).toEqual([11, 14]);
  expect(orders.oldestSinceMs()).toBe(19);
  expect(sequences(20)).toEqual([19]);
  expect(sequences(20)).toEqual([]);
  expect(orders.position()).toBe(10);
});

test('answers to orders from before our time do not pile up', () => {
  const orders = createUnscoredOrders(0);
  for (let n = 1; n <= 20_000; n++) orders.answered(answer(-n));
  orders.initiated(message(1), 1);
  expect(orders.size()).toBe(1);
  orders.initiated({ id: `m-20000`, sequence: 2 } as Incoming, 2);
  expect(orders.size()).toBe(1);
  orders.initiated({ id: `m-1`, sequence: 3 } as Incoming, 3);
  expect(orders.size()).toBe(2);
});
