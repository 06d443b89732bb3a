import { RetryableError, TerminalError } from '@florin/kernel';
import type { OutgoingMessage } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import type { Answer } from './answer.ts';
import { createLane, type Lane } from './lane.ts';

const answerOf = (sequence: number, wallet = 'w'): Answer => ({
  sequence,
  wallets: [wallet],
  messageId: `${sequence}`,
  storedAtMs: sequence,
  ready: { id: `ready-${sequence}` } as OutgoingMessage,
  verdicts: [],
  buried: undefined,
});

/** A lane, and the stream that it publishes to. */
function open(publish: (id: string) => Promise<void>) {
  const published: string[] = [];
  const recorded: number[] = [];
  const lane: Lane = createLane(
    {
      publisher: {
        async publish({ id }) {
          await publish(id);
          published.push(id);
          return { sequence: published.length, duplicate: false };
        },
      },
      bury: async () => undefined,
      record: (_, { sequence }) => void recorded.push(sequence),
      onOvertaken: () => undefined,
      onAnswered: () => undefined,
      log: createLogger('test', 'fatal'),
    },
    { partition: 0, epoch: 1n, position: 10 },
  );
  return { lane, published, recorded };
}

describe('hunts answers that overtake each other, and positions that run ahead', () => {
  test('what comes live waits until what came before is answered', async () => {
    const { lane, published, recorded } = open(async () => undefined);
    lane.push(answerOf(14));
    lane.catchUp(answerOf(11));
    lane.skip(12);
    lane.catchUp(answerOf(13));
    await lane.drained();
    expect(published).toEqual(['ready-11', 'ready-13']);
    lane.open();
    await lane.drained();
    expect(published).toEqual(['ready-11', 'ready-13', 'ready-14']);
    expect(recorded).toEqual([11, 12, 13, 14]);
  });

  test('an answer that must be sent again holds up those behind it', async () => {
    let fails = 2;
    const { lane, published } = open(async () => {
      if (fails-- > 0) throw new RetryableError('the stream is away');
    });
    lane.open();
    for (const sequence of [11, 12, 13]) lane.push(answerOf(sequence));
    await lane.drained();
    expect(published).toEqual(['ready-11', 'ready-12', 'ready-13']);
  });

  test('answers of different wallets are on their way together, told of in order', async () => {
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const { lane, published, recorded } = open((id) => {
      gates.set(id, Promise.withResolvers());
      return (gates.get(id) as PromiseWithResolvers<void>).promise;
    });
    const acknowledge = (id: string): void => gates.get(id)?.resolve();
    lane.open();
    for (const [sequence, wallet] of [
      [11, 'a'],
      [12, 'b'],
      [13, 'a'],
      [14, 'c'],
    ] as const) {
      lane.push(answerOf(sequence, wallet));
    }
    // The second order of a waits for the first one, and what is behind it for its turn.
    expect([...gates.keys()]).toEqual(['ready-11', 'ready-12']);
    acknowledge('ready-12');
    await eventually(() => published.includes('ready-12'));
    expect([...gates.keys()]).toHaveLength(2);
    expect(recorded).toEqual([]);
    expect(lane.position()).toBe(10);
    acknowledge('ready-11');
    await eventually(() => gates.size === 4);
    expect(recorded).toEqual([11, 12]);
    acknowledge('ready-14');
    acknowledge('ready-13');
    await lane.drained();
    expect(recorded).toEqual([11, 12, 13, 14]);
  });

  test('what the stream can never take does not stop the lane', async () => {
    const { lane, published } = open(async (id) => {
      if (id === 'ready-11') throw new TerminalError('too large');
    });
    lane.open();
    for (const sequence of [11, 12]) lane.push(answerOf(sequence));
    await lane.drained();
    expect(published).toEqual(['ready-12']);
  });

  test('the position is behind both the stream and the database', async () => {
    const acknowledged = Promise.withResolvers<void>();
    const { lane } = open(() => acknowledged.promise);
    lane.open();
    lane.push(answerOf(11));
    lane.recorded(11);
    expect(lane.position()).toBe(10);
    expect(lane.oldestMs()).toBe(11);
    acknowledged.resolve();
    await lane.drained();
    expect(lane.position()).toBe(11);
    lane.push(answerOf(12));
    await eventually(() => lane.backlog() === 0);
    expect(lane.position()).toBe(11);
    lane.recorded(12);
    expect(lane.position()).toBe(12);
  });

  test('a lane that was stopped sends nothing any more', async () => {
    const gate = Promise.withResolvers<void>();
    const { lane, published } = open(() => gate.promise);
    lane.open();
    for (const sequence of [11, 12]) lane.push(answerOf(sequence));
    lane.stop();
    gate.resolve();
    await lane.drained();
    expect(published).toEqual(['ready-11']);
  });
});
