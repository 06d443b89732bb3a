import { expect, test } from 'vitest';
import { followEvents, type LiveEvent } from './follow-events.ts';

/** A stream that says these pieces and ends. */
const streamOf = (...pieces: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

/** Follows through these answers, one after the other, and stops when they are used up. */
async function follow(answers: (() => ReadableStream<Uint8Array>)[]) {
  const stop = new AbortController();
  const asked: unknown[] = [];
  const heard: LiveEvent[] = [];
  const waits: number[] = [];
  await followEvents(
    {
      async open(_path, options) {
        asked.push(options?.query?.['after']);
        const answer = answers.shift();
        if (answers.length === 0) stop.abort();
        if (answer === undefined) throw new Error('asked too often');
        return answer();
      },
    },
    {
      scope: 'own',
      signal: stop.signal,
      onEvent: (event) => heard.push(event),
      onLive: () => undefined,
      wait: async (ms) => void waits.push(ms),
    },
  );
  return { asked, heard, waits };
}

test('it comes back behind the last event that it heard, even one cut in two', async () => {
  const { asked, heard } = await follow([
    () => streamOf('retry: 1000\n\nid: 7.0\nevent: transaction-comp', 'leted\ndata: {"n":1}\n\n'),
    () => streamOf(':\n\nid: 8.0\nevent: wallet-opened\ndata: {"n":2}\n\n'),
    () => streamOf(),
  ]);
  expect(asked).toEqual([undefined, '7.0', '8.0']);
  expect(heard).toEqual([
    { name: 'transaction-completed', data: { n: 1 } },
    { name: 'wallet-opened', data: { n: 2 } },
  ]);
});

test('after a reset it begins anew instead of asking for what is gone', async () => {
  const { asked } = await follow([
    () => streamOf('id: 7.0\nevent: a\ndata: {}\n\n'),
    () => streamOf('id\nevent: reset\ndata: {}\n\n'),
    () => streamOf(),
  ]);
  expect(asked).toEqual([undefined, '7.0', undefined]);
});

test('a server that fails is asked less and less often', async () => {
  const fail = (): never => {
    throw new Error('down');
  };
  const { waits } = await follow([fail, fail, fail, () => streamOf()]);
  expect(waits).toEqual([2000, 4000, 8000]);
});
