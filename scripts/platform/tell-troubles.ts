import { afterEach } from 'vitest';
import { lastTroubles } from './troubles.ts';

declare module 'vitest' {
  interface TaskMeta {
    /** What the platforms of the file complained of until the test failed. */
    troubles?: string[];
  }
}

// Set up for each file whose tests run on a platform: the report of a failed one has it.
afterEach(({ task }) => {
  if (task.result?.state === 'fail') task.meta.troubles = lastTroubles();
});
