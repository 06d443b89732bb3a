import { setTimeout as sleep } from 'node:timers/promises';

interface Patience {
  /** Default 90 s: it is how long a machine may be slow, and no measurement. */
  timeoutMs?: number;
  /** Pause between two looks, default 20 ms. */
  everyMs?: number;
}

/**
 * Waits until `check` passes: until it neither throws nor answers `false`. Answers what it
 * answered. When time is up, the last failure is in the message and is the cause.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 90_000, everyMs = 20 }: Patience = {},
): Promise<Exclude<T, false>> {
  const deadline = performance.now() + timeoutMs;
  let failure: unknown = new Error('the condition stayed false');
  do {
    try {
      const answer = await check();
      if (answer !== false) return answer as Exclude<T, false>;
      failure = new Error('the condition stayed false');
    } catch (error) {
      failure = error;
    }
    await sleep(everyMs);
  } while (performance.now() < deadline);
  const why = failure instanceof Error ? failure.message : String(failure);
  throw new Error(`not within ${timeoutMs} ms: ${why}`, { cause: failure });
}
