import { faultText } from '@florin/kernel';
import type { Logger } from './logging.ts';

export interface WorkOptions {
  /** In logs, e.g. `planning`. */
  name: string;
  everyMs: number;
  log: Logger;
  /** Does some of what is due. True: there may be more, so it is called again at once. */
  doSome(): Promise<boolean>;
}

export interface PolledWork {
  /** Something may be due. */
  wake(): void;
  /** Begins nothing more; resolves when what is under way has been written down. */
  stop(): Promise<void>;
}

/** Looks for work at once, when woken, and regularly: so what a killed process left is found. */
export function pollWork({ name, everyMs, log, doSome }: WorkOptions): PolledWork {
  let running: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;

  async function run(): Promise<void> {
    try {
      while (wanted && !stopped) {
        wanted = false;
        while (!stopped && (await doSome()));
      }
    } catch (error) {
      log.warn({ err: error }, `${name} has to wait: ${faultText(error)}`);
    } finally {
      running = undefined;
    }
  }

  function wake(): void {
    wanted = true;
    if (!stopped) running ??= run();
  }

  const timer = setInterval(wake, everyMs);
  wake();
  return {
    wake,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
