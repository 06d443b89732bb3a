import { RetryableError, type Clock } from '@florin/kernel';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { expect, test } from 'vitest';
import { createEndedSessions } from './ended-sessions.ts';

const ID = (n: number): string => `01890000-0000-7000-8000-00000000000${n}`;

/** A bus that says what it is told to, and an identity that knows some ended sessions. */
function surroundings(answers: (() => string[])[]) {
  let hear: (error: Error | null, message: { json(): unknown }) => void = () => undefined;
  let connection: (connected: boolean) => void = () => undefined;
  let nowMs = 0;
  const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
  const asked: number[] = [];
  const sessions = createEndedSessions({
    bus: {
      log: createLogger('test', 'silent'),
      nc: {
        subscribe(_: string, options: { callback: typeof hear }) {
          hear = options.callback;
          return { unsubscribe: () => undefined };
        },
      },
      onConnectionChange(listener: typeof connection) {
        connection = listener;
        return () => undefined;
      },
    } as never,
    identity: {
      async listEndedSessions() {
        const answer = answers[asked.push(nowMs) - 1];
        if (answer === undefined) throw new RetryableError('away');
        return { sessions: answer().map((id) => ({ id, endedAt: new Date(0).toISOString() })) };
      },
    },
    clock,
  });
  return {
    sessions,
    asked,
    hearNonsense: () => hear(null, { json: () => JSON.parse('{') as unknown }),
    tell: (message: unknown) => hear(null, { json: () => message }),
    reconnect: () => connection(true),
    pass: (ms: number) => void (nowMs += ms),
  };
}

test('hunts a session that has ended and goes on: told, asked for, missed in between', async () => {
  const around = surroundings([() => [ID(1)], () => [ID(1), ID(3)]]);
  await eventually(async () => expect(around.sessions.has(ID(1))).toBe(true));
  around.tell({ sessionIds: [ID(2)] });
  expect(around.sessions.has(ID(2))).toBe(true);
  expect(around.sessions.has(ID(3))).toBe(false);
  around.reconnect();
  await eventually(async () => expect(around.sessions.has(ID(3))).toBe(true));
  around.sessions.close();
});

test('hunts a message that ends everybody, and a memory that only grows', async () => {
  const around = surroundings([() => []]);
  await eventually(async () => expect(around.asked).toHaveLength(1));
  around.hearNonsense();
  for (const nonsense of [null, 'all', { sessionIds: '*' }, { sessionIds: ['*'] }]) {
    around.tell(nonsense);
  }
  expect(around.sessions.has('*')).toBe(false);
  around.tell({ sessionIds: [ID(1)] });
  around.pass(1_800_001);
  around.tell({ sessionIds: [ID(2)] });
  expect(around.sessions.has(ID(1))).toBe(false);
  expect(around.sessions.has(ID(2))).toBe(true);
  around.sessions.close();
});
