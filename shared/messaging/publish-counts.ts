import type { Metrics } from '@florin/runtime';

export type PublishCounts = ReturnType<typeof createPublishCounts>;

/**
 * Counts with plain numbers and hands them over now and then: a labelled counter costs as much as
 * a quarter of a message.
 */
export function createPublishCounts(metrics: Metrics | undefined) {
  const published = metrics?.counter({
    name: 'messaging_published_total',
    help: 'Messages published to a stream, by how that ended',
    labelNames: ['outcome'],
  });
  const repeated = metrics?.counter({
    name: 'messaging_publish_retries_total',
    help: 'Publish attempts that had to be repeated',
  });
  const outcomes = { stored: 0, duplicate: 0, failed: 0 };
  let retries = 0;
  return {
    ended(outcome: keyof typeof outcomes): void {
      outcomes[outcome]++;
    },
    retried(): void {
      retries++;
    },
    report(): void {
      for (const outcome of ['stored', 'duplicate', 'failed'] as const) {
        if (outcomes[outcome] > 0) published?.inc({ outcome }, outcomes[outcome]);
        outcomes[outcome] = 0;
      }
      if (retries > 0) repeated?.inc(retries);
      retries = 0;
    },
  };
}
