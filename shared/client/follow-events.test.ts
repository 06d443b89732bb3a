import { describe, expect, test } from 'vitest';
import { followEvents } from './follow-events.ts';

type Answer = () => ReadableStream<Uint8Array>;

/** A stream that says these pieces and ends. */
const streamOf = (...pieces: string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

/** Follows through these answers, one after the other, and stops when they are used up. */
async function follow(answers: Answer[]) {
  const stop = new AbortController();
  const asked: (string | undefined)[] = [];
  const heard: string[] = [];
  const live: boolean[] = [];
  const waits: number[] = [];
  const events = followEvents(
    async (after) => {
      asked.push(after);
      const answer = answers.shift();
      if (answers.length === 0) stop.abort();
      if (answer === undefined) throw new Error('asked too often');
      return answer();
    },
    async (ms) => void waits.push(ms),
    { signal: stop.signal, onLive: (isLive) => live.push(isLive) },
  );
  for await (const { name, data } of events) heard.push(`${name} ${JSON.stringify(data)}`);
  return { asked, heard, live, waits };
}

describe('hunts events that are missed, told twice, or asked for without end', () => {
  test('it comes back behind the last event that it heard, even one cut in two', async () => {
    const { asked, heard } = await follow([
      () => streamOf('retry: 1000\n\nid: 7.0\nevent: transaction-comp', 'leted\ndata: {"n":1}\n\n'),
      () => streamOf(':\n\nid: 8.0\nevent: wallet-opened\ndata: {"n":2}\n\n'),
      () => streamOf(),
    ]);
    expect(asked).toEqual([undefined, '7.0', '8.0']);
    expect(heard).toEqual(['transaction-completed {"n":1}', 'wallet-opened {"n":2}']);
  });

  test('an event that was cut off and never ended is not told', async () => {
    const { asked, heard } = await follow([
      () => streamOf('id: 7.0\nevent: a\ndata: {"n":1}\n\nid: 8.0\nevent: a\ndata: {"n"'),
      () => streamOf(),
    ]);
    expect(heard).toEqual(['a {"n":1}']);
    expect(asked).toEqual([undefined, '7.0']);
  });

  test('a server that fails is asked less and less often', async () => {
    const fail = (): never => {
      throw new Error('down');
    };
    const { waits } = await follow([fail, fail, fail, () => streamOf()]);
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test('it says when news come by themselves, and when they don’t', async () => {
    const fail = (): never => {
      throw new Error('down');
    };
    const { live } = await follow([
      () => streamOf('event: a\ndata: {}\n\n'),
      fail,
      () => streamOf(),
    ]);
    expect(live).toEqual([true, false, false, true, false]);
  });
});
