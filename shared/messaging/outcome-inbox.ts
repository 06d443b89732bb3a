import { outcomeSubject, type Outcome } from '@florin/contracts';
import { assert } from '@florin/kernel';
import type { Bus } from './connect.ts';
import { openReplyInbox } from './reply-inbox.ts';

/** Where this instance waits for what the ledger decides about its requests. */
export interface OutcomeInbox {
  /**
   * Waits for the decision about a request. Resolves to it as soon as it is final (or held), or
   * when the time is up to the last thing heard, which may be nothing. Answered by `expireAll` too.
   */
  wait(requestId: string, fingerprint: string, waitMs: number): Promise<Outcome | undefined>;
  /** Ends the waiting for these now, with the last thing heard. */
  forget(requestIds: readonly string[]): void;
  /** The fingerprint of the request under this id that waits now, if one does. */
  waitingFor(requestId: string): string | undefined;
  /** How many wait. */
  size(): number;
  /** Ends all waiting now, so that each request still gets an answer before the process stops. */
  expireAll(): void;
  close(): void;
}

interface Waiter {
  fingerprint: string;
  heard: Outcome | undefined;
  timer: NodeJS.Timeout;
  resolve(outcome: Outcome | undefined): void;
}

/**
 * Whether nobody needs to wait any longer. A deposit is first answered as pending; its settlement
 * comes when the bank has spoken. Who asked for something else has with any outcome what they want.
 */
const isDecisive = (outcome: Outcome, requestId: string): boolean =>
  outcome.kind !== 'transaction' ||
  outcome.transaction.status !== 'pending' ||
  outcome.transaction.id !== requestId;

/**
 * Who may wait for it: whoever asked, and whoever ordered the transaction that it is about. A
 * settlement or a verdict is another message than the order: the transaction is what they share.
 */
function concerned(outcome: Outcome): string[] {
  if (outcome.kind !== 'transaction') return [outcome.requestId];
  const { requestId, transaction } = outcome;
  return requestId === transaction.id ? [requestId] : [requestId, transaction.id];
}

/**
 * One subscription for all requests of this instance. What arrives is trusted as far as the
 * server's permissions go: only the ledger may publish there, and Postgres holds the truth.
 * Nobody is answered before `beforeAnswers` is done, which never fails.
 */
export function createOutcomeInbox(
  bus: Bus,
  origin: string,
  beforeAnswers: (outcomes: readonly Outcome[]) => Promise<void> | undefined = () => undefined,
): OutcomeInbox {
  const waiters = new Map<string, Waiter>();

  function release(requestId: string, waiter: Waiter, outcome: Outcome | undefined): void {
    clearTimeout(waiter.timer);
    waiters.delete(requestId);
    waiter.resolve(outcome);
  }

  function hear(outcome: Outcome): void {
    for (const requestId of concerned(outcome)) {
      const waiter = waiters.get(requestId);
      // The client has its answer already: it asks for the transaction when it wants to know more.
      if (waiter === undefined) continue;
      if (isDecisive(outcome, requestId)) release(requestId, waiter, outcome);
      else waiter.heard = outcome;
    }
  }

  function read(message: { json<T>(): T }): void {
    try {
      const outcomes = message.json<Outcome[]>();
      const answer = (): void => outcomes.forEach(hear);
      const preparing = beforeAnswers(outcomes);
      if (preparing === undefined) answer();
      else void preparing.finally(answer);
    } catch (error) {
      bus.log.error({ err: error }, 'an outcome message can not be read');
    }
  }

  const inbox = openReplyInbox(bus, read, outcomeSubject(origin));

  return {
    wait(requestId, fingerprint, waitMs) {
      assert(!waiters.has(requestId), `request ${requestId} waits already`);
      return new Promise((resolve) => {
        const timer = setTimeout(() => release(requestId, waiter, waiter.heard), waitMs);
        const waiter: Waiter = { fingerprint, heard: undefined, timer, resolve };
        waiters.set(requestId, waiter);
      });
    },
    forget(requestIds) {
      for (const requestId of requestIds) {
        const waiter = waiters.get(requestId);
        if (waiter !== undefined) release(requestId, waiter, waiter.heard);
      }
    },
    waitingFor: (requestId) => waiters.get(requestId)?.fingerprint,
    size: () => waiters.size,
    expireAll() {
      for (const [requestId, waiter] of waiters) release(requestId, waiter, waiter.heard);
    },
    close: () => inbox.close(),
  };
}
