import { setTimeout as delay } from 'node:timers/promises';
import { faultText, RetryableError } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import { backoffMs, type Logger } from '@florin/runtime';
import type { Answer } from './answer.ts';

/** What a partition's answers pass through while we own it. */
export interface Lane {
  readonly partition: number;
  readonly epoch: bigint;
  /** The answer to a message that just came. Waits until what came before is caught up with. */
  push(answer: Answer): void;
  /** The answer to a message that came before the partition was ours. */
  catchUp(answer: Answer): void;
  /** A message from before that somebody else has answered. */
  skip(sequence: number): void;
  /** Everything from before is answered: what came since goes on. */
  open(): void;
  /** Answers not acknowledged by the stream yet. */
  backlog(): number;
  /** When the stream had stored the oldest message that waits for its answer, ms. */
  oldestMs(): number | undefined;
  /** The verdicts of all messages up to this one are written down. */
  recorded(sequence: number): void;
  /**
   * Of what was skipped, only that up to here is written down, and the position goes no further;
   * undefined when all of it is.
   */
  holdPosition(sequence: number | undefined): void;
  /** Everything up to it is answered and written down. */
  position(): number;
  /** Resolves when nothing waits any more, or the lane is stopped. */
  drained(): Promise<void>;
  /** No more answers leave from here. */
  stop(): void;
}

export interface LaneDeps {
  publisher: Pick<Publisher, 'publish'>;
  bury(buried: NonNullable<Answer['buried']>): Promise<void>;
  /** @param overtaken the stream has, or may have, another answer that came before this one */
  record(lane: Lane, answer: Answer, overtaken: boolean): void;
  /** The stream had an answer already: ours, repeated, or that of somebody who was faster. */
  onOvertaken(lane: Lane, answer: Answer): void;
  /** The stream has taken an answer. */
  onAnswered(lane: Lane, answer: Answer): void;
  log: Logger;
}

const RETRY = { baseMs: 100, capMs: 2_000 };
/** Later than this the stream may have forgotten an earlier answer, and take a second one. */
const REMEMBERED_MS = 25_000;

type Sent = 'first' | 'overtaken' | 'stopped';

/** So many answers of one lane are on their way to the stream at once. */
const IN_FLIGHT_MAX = 64;

/** An answer in the lane; `sent` is what became of it, once the stream has it. */
interface Passing {
  readonly answer: Answer;
  sent?: Exclude<Sent, 'stopped'>;
}

/**
 * Answers of one partition leave in order, and those that concern the same wallet one after the
 * other: no order of a wallet overtakes another, not even when a message has to be sent again.
 * Those of different wallets don't wait for each other's acknowledgement.
 */
export function createLane(
  deps: LaneDeps,
  { partition, epoch, position }: { partition: number; epoch: bigint; position: number },
): Lane {
  const { publisher, log } = deps;
  /** Oldest first: those on their way, then those that wait for their turn. */
  let queue: Passing[] = [];
  let started = 0;
  let sending = 0;
  const busyWallets = new Set<string>();
  let held: Answer[] | undefined = [];
  let answered = position;
  let written = position;
  let heldAt = Infinity;
  let stopped = false;
  const waiters: (() => void)[] = [];

  function enqueue(answer: Answer): void {
    queue.push({ answer });
    start();
  }

  /** Sends what may go, up to the first answer that has to wait for an earlier one. */
  function start(): void {
    while (!stopped && started < Math.min(queue.length, IN_FLIGHT_MAX)) {
      const next = queue[started] as Passing;
      if (next.answer.wallets.some((wallet) => busyWallets.has(wallet))) return;
      started++;
      void pass(next);
    }
  }

  async function pass(passing: Passing): Promise<void> {
    const { wallets } = passing.answer;
    for (const wallet of wallets) busyWallets.add(wallet);
    sending++;
    const sent = await send(passing.answer);
    sending--;
    for (const wallet of wallets) busyWallets.delete(wallet);
    if (sent !== 'stopped') passing.sent = sent;
    settle();
    start();
    if (sending === 0) for (const resolve of waiters.splice(0)) resolve();
  }

  /** Tells of answers in the order of the lane, as far as the stream has them. */
  function settle(): void {
    while (queue[0]?.sent !== undefined) {
      const { answer, sent } = queue.shift() as Passing;
      started--;
      answered = answer.sequence;
      // Only now it is known whose word the ledger takes.
      deps.record(lane, answer, sent === 'overtaken');
      deps.onAnswered(lane, answer);
    }
  }

  /** Tries until the stream has it, or the lane is stopped. */
  async function send(answer: Answer): Promise<Sent> {
    const { sequence, storedAtMs, ready, buried } = answer;
    for (let attempt = 1; !stopped; attempt++) {
      try {
        const stored = ready && (await publisher.publish(ready));
        if (stored?.duplicate) deps.onOvertaken(lane, answer);
        if (buried) await deps.bury(buried);
        const isLate = Date.now() - storedAtMs > REMEMBERED_MS;
        return stored?.duplicate === true || isLate ? 'overtaken' : 'first';
      } catch (error) {
        if (stopped) return 'stopped';
        // What the stream can never take stays unanswered: the policy beside the ledger decides.
        if (!(error instanceof RetryableError)) {
          log.error({ partition, sequence, err: error }, 'an answer was given up');
          return 'overtaken';
        }
        log.warn({ partition, problem: faultText(error) }, 'answers can’t be published yet');
        await delay(backoffMs(attempt, RETRY));
      }
    }
    return 'stopped';
  }

  const lane: Lane = {
    partition,
    epoch,
    push(answer) {
      if (held) held.push(answer);
      else enqueue(answer);
    },
    catchUp: enqueue,
    skip(sequence) {
      const nothing = { ready: undefined, wallets: [], verdicts: [], buried: undefined };
      enqueue({ sequence, messageId: '', storedAtMs: Infinity, ...nothing });
    },
    open() {
      const waiting = held ?? [];
      held = undefined;
      for (const answer of waiting) enqueue(answer);
    },
    backlog: () => queue.length + (held?.length ?? 0),
    oldestMs: () => (queue[0]?.answer ?? held?.[0])?.storedAtMs,
    recorded(sequence) {
      written = sequence;
    },
    holdPosition(sequence = Infinity) {
      heldAt = sequence;
    },
    position: () => Math.min(answered, written, heldAt),
    drained: () =>
      new Promise((resolve) => {
        if (sending > 0) waiters.push(resolve);
        else resolve();
      }),
    stop() {
      stopped = true;
      queue = queue.slice(0, started);
      held = [];
    },
  };
  return lane;
}
