import { setTimeout as delay } from 'node:timers/promises';
import type { HttpListener } from '@florin/runtime';
import type { OutcomeInbox } from '@florin/messaging';

/** Most outcomes arrive within milliseconds; whoever waits longer for a bank gets a 202 instead. */
const OUTCOME_GRACE_MS = 2_000;
const ANSWER_GRACE_MS = 5_000;

/**
 * Takes no more connections and lets every request that runs end with an answer: those that still
 * wait for an outcome after a while are promised it instead.
 */
export async function stopServing(door: HttpListener, inbox: OutcomeInbox): Promise<void> {
  const answered = new AbortController();
  const hurry = delay(OUTCOME_GRACE_MS, undefined, { signal: answered.signal }).then(
    () => inbox.expireAll(),
    () => undefined,
  );
  await door.close(ANSWER_GRACE_MS);
  answered.abort();
  await hurry;
}
