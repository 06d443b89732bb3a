import { setTimeout as delay } from 'node:timers/promises';
import { RetryableError } from '@florin/kernel';
import type { Clock } from '@florin/kernel';
import type { Logger, Metrics } from '@florin/runtime';
import type { Ledger } from './adapters/ledger.ts';
import type { LaneSender } from '@florin/messaging';
import type { Submission, SubmissionStore } from './adapters/submission-store.ts';
import { orderMessage } from './place-transaction.ts';

interface RelayDeps {
  submissions: Pick<SubmissionStore, 'claim' | 'resolve' | 'deleteOld'>;
  ledger: Pick<Ledger, 'getTransaction'>;
  lanes: LaneSender;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
}

/** Asked about at once: well below what the ledger takes at a time. */
const BATCH_MAX = 100;
const INTERVAL_MS = 1_000;
const CLEANUP_INTERVAL_MS = 3_600_000;

/**
 * Keeps the promises made with 202: orders that the ledger does not know after a while are sent
 * again until it does. Sending once too often is harmless, the ledger knows its transactions.
 */
export function createSubmissionRelay(deps: RelayDeps) {
  const { submissions, ledger, lanes, clock, log, metrics } = deps;
  const resent = metrics.counter({
    name: 'gateway_submissions_resent_total',
    help: 'Promised orders that had to be sent again',
  });
  let cleanedAtMs = Number.NEGATIVE_INFINITY;

  async function isKnown({ order }: Submission): Promise<boolean> {
    const { transaction } = await ledger.getTransaction({ id: order.transactionId });
    return transaction !== null;
  }

  /** One round. Answers how many orders it looked after. */
  async function relayOnce(): Promise<number> {
    const claimed = await submissions.claim(BATCH_MAX);
    const known = await Promise.all(claimed.map(isKnown));
    const resolved = claimed.filter((_, index) => known[index]);
    if (resolved.length > 0) {
      await submissions.resolve(resolved.map(({ order }) => order.transactionId));
    }
    for (const { order, requestId } of claimed.filter((_, index) => !known[index])) {
      lanes.send(orderMessage(order, requestId, clock.nowMs()));
      resent.inc();
    }
    return claimed.length;
  }

  async function cleanUp(): Promise<void> {
    if (clock.monotonicMs() - cleanedAtMs < CLEANUP_INTERVAL_MS) return;
    await submissions.deleteOld();
    cleanedAtMs = clock.monotonicMs();
  }

  /** Runs until the signal: a fault costs a round and is logged, never the relay. */
  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let count = 0;
      try {
        await cleanUp();
        count = await relayOnce();
      } catch (error) {
        if (!(error instanceof RetryableError)) log.error({ err: error }, 'the relay had a fault');
        else log.warn({ err: error }, 'the relay could not work');
      }
      if (count < BATCH_MAX) {
        await delay(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  return { relayOnce, run };
}
