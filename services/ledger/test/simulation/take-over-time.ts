import { syncBuiltinESMExports } from 'node:module';
import timersPromises from 'node:timers/promises';
import type { Scheduled, SimulatedWorld } from './simulated-world.ts';

/**
 * Puts the clocks, timers and random numbers of this Node process into the hands of a simulated
 * world, for the code of the lanes uses them as everybody does. For a process that does nothing
 * else: nothing gives them back.
 */
export function takeOverTime(worldNow: () => SimulatedWorld): void {
  /** Of nobody's process, where the harness itself waits. */
  const later = (delayMs: number, run: () => void): Scheduled => {
    const world = worldNow();
    return world.after(delayMs, run, world.current());
  };
  const handleOf = (start: () => Scheduled) => {
    let scheduled = start();
    const handle = {
      ref: () => handle,
      unref: () => handle,
      hasRef: () => true,
      refresh: () => {
        scheduled.cancel();
        scheduled = start();
        return handle;
      },
      close: () => scheduled.cancel(),
    };
    return handle;
  };
  type Handle = ReturnType<typeof handleOf>;
  type Callback = (...args: unknown[]) => void;

  const clear = (handle: Handle | undefined): void => handle?.close();
  const replaced = {
    setTimeout: (run: Callback, delayMs = 1, ...args: unknown[]) =>
      handleOf(() => later(Math.max(1, delayMs), () => run(...args))),
    setImmediate: (run: Callback, ...args: unknown[]) =>
      handleOf(() => later(0, () => run(...args))),
    setInterval: (run: Callback, everyMs = 1, ...args: unknown[]) => {
      const handle = handleOf(() =>
        later(Math.max(1, everyMs), () => {
          handle.refresh();
          run(...args);
        }),
      );
      return handle;
    },
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  };
  Object.assign(globalThis, replaced);
  Object.assign(timersPromises, { setTimeout: delayIn(later) });
  syncBuiltinESMExports();
  Object.defineProperty(performance, 'now', { value: () => worldNow().nowMs() });
  Date.now = () => Math.floor(worldNow().wallMs());
  Math.random = () => worldNow().random();
}

const delayIn =
  (later: (delayMs: number, run: () => void) => Scheduled) =>
  (delayMs = 1, value?: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const abort = () => {
        scheduled.cancel();
        reject(signal?.reason as Error);
      };
      const scheduled = later(Math.max(1, delayMs), () => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
