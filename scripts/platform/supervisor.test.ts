import { eventually } from '@florin/testing';
import { describe, expect, test } from 'vitest';
import { restartPauseMs, supervise, type Program, type Run } from './supervisor.ts';

/** A program whose runs end when told, or at once. */
function fakeProgram(endsAtOnce: boolean) {
  const runs: { end(how: string): void }[] = [];
  const pids: (number | undefined)[] = [];
  const troubles: string[] = [];
  const program: Program = {
    name: 'fake',
    async launch(): Promise<Run> {
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      runs.push({ end });
      if (endsAtOnce) end('ended with 1');
      const ready = endsAtOnce ? Promise.reject(new Error('ended with 1')) : Promise.resolve();
      ready.catch(() => undefined);
      return { pid: runs.length, ready, ended, stop: async () => end('stopped') };
    },
  };
  const events = {
    onPid: (_name: string, pid: number | undefined): void => void pids.push(pid),
    onTrouble: (_name: string, text: string): void => void troubles.push(text),
  };
  return { program, events, runs, pids, troubles };
}

describe('what dies comes back, and what cannot live is not started in a tight loop', () => {
  test('a program that ends is started again, and its pid is never a stale one', async () => {
    const { program, events, runs, pids } = fakeProgram(false);
    const supervised = supervise(program, events);
    await supervised.ready;
    expect(supervised.pid).toBe(1);
    runs[0]?.end('killed by SIGKILL');
    await eventually(() => supervised.pid === 2);
    await supervised.stop();
    expect(pids).toEqual([1, undefined, 2, undefined]);
  });

  test('one that never becomes ready is reported each time, and fails the start', async () => {
    const { program, events, troubles } = fakeProgram(true);
    const supervised = supervise(program, events);
    await expect(supervised.ready).rejects.toThrow('fake does not start: ');
    expect(troubles.length).toBeGreaterThanOrEqual(2);
    await supervised.stop();
  });

  test('stopping while it waits for its next try ends the waiting', async () => {
    const { program, events, runs } = fakeProgram(true);
    const supervised = supervise(program, events);
    await eventually(() => runs.length >= 2);
    await supervised.stop();
    const launched = runs.length;
    expect(supervised.pid).toBeUndefined();
    await new Promise(setImmediate);
    expect(runs.length).toBe(launched);
  });

  test.each([
    [1, 50, 100],
    [2, 100, 200],
    [5, 800, 1600],
    [50, 5_000, 10_000],
  ])('after %i failures it waits %i to %i ms', (failures, least, most) => {
    expect(restartPauseMs(failures, () => 0)).toBe(least);
    expect(restartPauseMs(failures, () => 1)).toBe(most);
  });
});
