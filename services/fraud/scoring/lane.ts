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

/**
 * Answers of one partition leave one after the other, so that no order of a wallet overtakes
 * another, not even when a message has to be sent again.
 */
export function createLane(
  deps: LaneDeps,
  { partition, epoch, position }: { partition: number; epoch: bigint; position: number },
): Lane {
  const { publisher, log } = deps;
  let queue: Answer[] = [];
  let held: Answer[] | undefined = [];
  let answered = position;
  let written = position;
  let heldAt = Infinity;
  let running = false;
  let stopped = false;
  const waiters: (() => void)[] = [];

  function enqueue(answer: Answer): void {
    queue.push(answer);
    if (!running) void run();
  }

  async function run(): Promise<void> {
    running = true;
    while (!stopped && queue.length > 0) {
      const answer = queue[0] as Answer;
      const sent = await send(answer);
      if (sent === 'stopped') break;
      queue.shift();
      answered = answer.sequence;
      // Only now it is known whose word the ledger takes.
      deps.record(lane, answer, sent === 'overtaken');
      deps.onAnswered(lane, answer);
    }
    running = false;
    for (const resolve of waiters.splice(0)) resolve();
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
      const nothing = { messageId: '', ready: undefined, verdicts: [], buried: undefined };
      enqueue({ sequence, storedAtMs: Infinity, ...nothing });
    },
    open() {
      const waiting = held ?? [];
      held = undefined;
      for (const answer of waiting) enqueue(answer);
    },
    backlog: () => queue.length + (held?.length ?? 0),
    oldestMs: () => (queue[0] ?? held?.[0])?.storedAtMs,
    recorded(sequence) {
      written = sequence;
    },
    holdPosition(sequence = Infinity) {
      heldAt = sequence;
    },
    position: () => Math.min(answered, written, heldAt),
    drained: () =>
      new Promise((resolve) => {
        if (running) waiters.push(resolve);
        else resolve();
      }),
    stop() {
      stopped = true;
      queue = [];
      held = [];
    },
  };
  return lane;
}
