import type { Risk } from '@florin/contracts';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import type { DecisionRow } from '../adapters/decision-parameters.ts';
import type { ReadTold } from '../adapters/read-told.ts';
import type { StoreDecisions } from '../adapters/store-decisions.ts';
import type { Verdict } from '../domain/verdict.ts';
import type { Answer } from './answer.ts';
import type { Lane } from './lane.ts';
import { createRecorder } from './recorder.ts';

const verdictOf = (transactionId: string): Verdict =>
  ({
    order: { event: { data: { transactionId } } },
    score: 0.1,
    decision: 'approve',
    reasons: [],
    modelVersion: 'model',
    featureVersion: 'features',
    mode: 'enforce',
  }) as unknown as Verdict;

const answerOf = (sequence: number, ...transactionIds: string[]): Answer => ({
  sequence,
  messageId: `m${sequence}`,
  storedAtMs: 0,
  ready: undefined,
  wallets: [],
  verdicts: transactionIds.map(verdictOf),
  buried: undefined,
});

const BY_POLICY: Risk = {
  score: null,
  decision: 'review',
  reasons: [],
  modelVersion: 'amount-policy',
  mode: 'enforce',
  degraded: true,
};

/** As much of a lane as a recorder sees. */
function openLane(): Lane {
  let written = 0;
  return {
    partition: 3,
    epoch: 1n,
    recorded: (sequence: number) => void (written = sequence),
    position: () => written,
  } as unknown as Lane;
}

function open({ store, readTold }: { store?: StoreDecisions; readTold?: ReadTold } = {}) {
  const written: DecisionRow[] = [];
  const positions: unknown[] = [];
  const fullness: boolean[] = [];
  const recorder = createRecorder({
    pool: {
      query: async ({ values }: { values: unknown[] }) => void positions.push(values[2]),
    } as never,
    async store(messages) {
      await store?.(messages);
      written.push(...messages.flat());
    },
    readTold: readTold ?? (async () => new Map()),
    streamCreatedAt: () => 'then',
    onFull: (full) => void fullness.push(full),
    log: createLogger('test', 'fatal'),
  });
  const riskOf = (transactionId: string): Risk | undefined =>
    written.find(({ verdict }) => verdict.order.event.data.transactionId === transactionId)?.told
      ?.risk;
  return { recorder, written, positions, fullness, riskOf };
}

describe('hunts positions that run ahead of the book, and records of what nobody told', () => {
  test('many answers are one statement, and the position follows it', async () => {
    const statements: number[] = [];
    const { recorder, written, positions } = open({
      store: async (messages) => void statements.push(messages.length),
    });
    const lane = openLane();
    for (const sequence of [1, 2, 3]) recorder.add(lane, answerOf(sequence, `t${sequence}`), false);
    expect(recorder.waiting()).toBe(3);
    await recorder.flushed();
    expect([statements, written.length, recorder.waiting()]).toEqual([[3], 3, 0]);
    expect(positions).toEqual([[3]]);
    await recorder.stop();
  });

  test('what can’t be written yet is written later, and the position waits for it', async () => {
    let fails = 2;
    const { recorder, written, positions } = open({
      async store() {
        if (fails-- > 0) throw new Error('the database is away');
        expect(positions).toEqual([]);
      },
    });
    recorder.add(openLane(), answerOf(7, 'a', 'b'), false);
    await eventually(() => positions.length === 1);
    expect(written.map(({ position }) => position)).toEqual([7, 7]);
    await recorder.stop();
  });

  test('of an answer that came too late, what came first is written', async () => {
    const asked: unknown[] = [];
    const { recorder, riskOf } = open({
      async readTold({ partition }, messages) {
        asked.push(partition, ...messages);
        return new Map([['late', { risk: BY_POLICY, at: '2026-01-01T00:00:00.000Z' }]]);
      },
    });
    const lane = openLane();
    recorder.add(lane, answerOf(1, 'in-time'), false);
    recorder.add(lane, answerOf(2, 'late', 'unheard-of'), true);
    await recorder.flushed();
    expect(asked).toEqual([3, { id: 'm2', sequence: 2, transactionIds: ['late', 'unheard-of'] }]);
    expect([riskOf('in-time'), riskOf('late'), riskOf('unheard-of')]).toEqual([
      undefined,
      BY_POLICY,
      undefined,
    ]);
    await recorder.stop();
  });

  test('all that waits is looked up at once: each look reads the lane again', async () => {
    let lookups = 0;
    const { recorder, written, positions } = open({
      async readTold() {
        lookups++;
        return new Map();
      },
    });
    const lane = openLane();
    const orders = Array.from({ length: 1_000 }, (_, at) => `order-${at}`);
    for (let sequence = 1; sequence <= 5; sequence++) {
      recorder.add(lane, answerOf(sequence, ...orders), true);
    }
    await recorder.flushed();
    expect([written.length, positions]).toEqual([5_000, [[2], [4], [5]]]);
    expect(lookups).toBe(1);
    await recorder.stop();
  });

  test('who gives a lane away waits for what came before, not for what comes then', async () => {
    let sequence = 0;
    const { recorder, written, positions } = open({
      // There is always more: the other lanes go on.
      store: async () => recorder.add(other, answerOf(++sequence, `o${sequence}`), false),
    });
    const [lane, other] = [openLane(), openLane()];
    recorder.add(other, answerOf(++sequence, 'first'), false);
    await eventually(() => written.length > 0);
    recorder.add(lane, answerOf(700, 'last'), false);
    await recorder.flushed();
    expect(written.some(({ position }) => position === 700)).toBe(true);
    expect(positions.flat(2)).toContain(700);
    expect(recorder.waiting()).toBeGreaterThan(0);
    await recorder.stop();
  });

  test('who waits when it stops does not wait for ever', async () => {
    const { recorder } = open({
      store: async () => {
        throw new Error('the database is away');
      },
    });
    recorder.add(openLane(), answerOf(1, 'x'), false);
    const flushed = recorder.flushed();
    await recorder.stop();
    await flushed;
  });

  test('more than can be written says so, until half of it is', async () => {
    const { recorder, written, fullness } = open();
    const lane = openLane();
    const orders = Array.from({ length: 1_000 }, (_, at) => `order-${at}`);
    for (let sequence = 1; sequence <= 20; sequence++) {
      recorder.add(lane, answerOf(sequence, ...orders), false);
    }
    expect(fullness).toEqual([]);
    recorder.add(lane, answerOf(21, ...orders), false);
    expect([recorder.waiting(), fullness]).toEqual([21_000, [true]]);
    await recorder.flushed();
    expect([written.length, recorder.waiting(), fullness]).toEqual([21_000, 0, [true, false]]);
    await recorder.stop();
  });

  test('an answer of our own that was only repeated stays ours', async () => {
    const { score, decision, modelVersion, mode } = verdictOf('x');
    const risk: Risk = { score, decision, modelVersion, mode, reasons: [], degraded: false };
    const { recorder, written } = open({
      readTold: async () => new Map([['x', { risk, at: '2026-01-01T00:00:00.000Z' }]]),
    });
    recorder.add(openLane(), answerOf(1, 'x'), true);
    await recorder.flushed();
    expect(written.map(({ told }) => told)).toEqual([undefined]);
    await recorder.stop();
  });

  test('a lane that can’t be read any more does not stop the book', async () => {
    let lookups = 0;
    const { recorder, written } = open({
      async readTold() {
        lookups++;
        throw new Error('another stream');
      },
    });
    recorder.add(openLane(), answerOf(1, 'x'), true);
    await eventually(() => written.length === 1);
    expect(lookups).toBe(3);
    await recorder.stop();
  });
});
