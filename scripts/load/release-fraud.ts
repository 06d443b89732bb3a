import { eventually } from '@florin/testing';
import type { Platform } from '../platform/platform.ts';

/** How many processes of fraud a release is rehearsed with. */
export const RELEASED_INSTANCES = 3;
const READY_WITHIN_MS = 60_000;

const instances = Array.from({ length: RELEASED_INSTANCES }, (_, index) =>
  index === 0 ? 'fraud' : `fraud-${index + 1}`,
);

/** Replaces every process of fraud, one after the other, as a release does. */
export async function releaseFraud(platform: Platform): Promise<void> {
  for (const name of instances) {
    const before = platform.pidOf(name);
    if (before === undefined) continue;
    process.kill(before, 'SIGTERM');
    const startedMs = performance.now();
    await eventually(
      async () => {
        const now = platform.pidOf(name);
        if (now === undefined || now === before) return false;
        return (await fetch(new URL('/readyz', platform.dev().metrics[name]))).ok;
      },
      { timeoutMs: READY_WITHIN_MS, everyMs: 100 },
    );
    console.log(`release: ${name} replaced within ${Math.round(performance.now() - startedMs)} ms`);
  }
}
