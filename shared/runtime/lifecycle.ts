import type { Logger } from './logging.ts';

/** What a process has acquired and must give back, in the reverse order. */
export interface Lifecycle {
  /** Aborted when stopping begins. */
  readonly shutdown: AbortSignal;
  /** Registers how to give something back, beside where it was acquired. */
  onStop(label: string, stop: () => Promise<void>): void;
  /**
   * Runs every stop, last registered first, each even if others failed, all within the deadline.
   * Resolves to whether all went well. Calling it again gives the same result.
   */
  stop(): Promise<boolean>;
}

interface LifecycleOptions {
  log: Logger;
  deadlineMs: number;
}

export function createLifecycle({ log, deadlineMs }: LifecycleOptions): Lifecycle {
  const abort = new AbortController();
  const steps: { label: string; stop: () => Promise<void> }[] = [];
  let stopping: Promise<boolean> | undefined;
  let running = '';

  async function runSteps(): Promise<boolean> {
    let clean = true;
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      running = step.label;
      try {
        await step.stop();
      } catch (error) {
        clean = false;
        log.error({ err: error, step: step.label }, 'could not stop');
      }
    }
    return clean;
  }

  async function stopAll(): Promise<boolean> {
    abort.abort();
    const { promise: deadline, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => {
      log.error({ step: running, deadlineMs }, 'stopping took too long');
      resolve(false);
    }, deadlineMs);
    const clean = await Promise.race([runSteps(), deadline]);
    clearTimeout(timer);
    return clean;
  }

  return {
    shutdown: abort.signal,
    onStop: (label, stop) => void steps.push({ label, stop }),
    stop: () => (stopping ??= stopAll()),
  };
}
