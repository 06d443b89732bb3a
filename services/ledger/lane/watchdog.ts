import { setTimeout as delay } from 'node:timers/promises';
import { laneFilter, STREAMS } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import { readPartition, type Bus, type Disorder, type Incoming } from '@florin/messaging';
import { backoffMs, type Logger } from '@florin/runtime';
import { createPatience } from './patience.ts';
import { createUnscoredOrders, type Unscored } from './unscored-orders.ts';

/** Above this many unscored messages no more are read, until half of them are answered. */
const UNSCORED_MAX = 2000;
const MESSAGES_AT_ONCE = 20;
/** While the lane itself is behind, answers may be in it that were not read yet. */
const BEHIND_RETRY_MS = 50;

export interface WatchdogOptions {
  partition: number;
  /** The last order message before which everything was answered. */
  startAfter: number;
  createdAt: string;
  deadlineMs: number;
  bus: Bus;
  log: Logger;
  forward(partition: number, unscored: readonly Incoming[]): Promise<void>;
  /** Messages of the lane are stored that we haven't read. */
  isLaneBehind(): boolean;
  onDisorder(disorder: Disorder): void;
}

export interface Watchdog {
  /** A message of the lane was read, signed by a service. */
  onReady(messageId: string, signatory: string): void;
  /** Everything up to here is answered: a successor need not look at it again. */
  position(): number;
  /** Order messages that nobody has scored yet. */
  unscored(): number;
  stop(): Promise<void>;
}

/**
 * Sees to it that every order of a partition reaches the ledger, scored or not: follows the orders
 * that wait for their score beside the lane, and what stays unscored past its deadline is decided
 * by a policy instead. Nothing is parsed before that.
 */
export function startWatchdog(options: WatchdogOptions): Watchdog {
  const { partition, log } = options;
  const orders = createUnscoredOrders(options.startAfter);
  const patience = createPatience(options.deadlineMs);
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isForwarding = false;
  let isCaughtUp = false;

  const reader = readPartition(options.bus, {
    stream: STREAMS.transactions,
    filterSubject: laneFilter('initiated', partition),
    startAfter: options.startAfter,
    createdAt: options.createdAt,
    onMessage(incoming) {
      orders.initiated(incoming, initiatedAtMs(incoming));
      if (orders.size() > UNSCORED_MAX) reader.pause();
      arm();
    },
    onCaughtUp() {
      isCaughtUp = true;
    },
    onDisorder: options.onDisorder,
  });

  /** What waited before we came is as old as the stream says; clocks may differ for the others. */
  function initiatedAtMs({ time }: Incoming): number {
    const ageMs = isCaughtUp ? 0 : Math.max(0, Date.now() - time.getTime());
    return performance.now() - ageMs;
  }

  /** One timer for the oldest: where everything is scored in time it hardly ever fires. */
  function arm(notBeforeMs = 0): void {
    const oldestMs = orders.oldestSinceMs();
    if (timer !== undefined || isForwarding || oldestMs === undefined) return;
    if (stopping.signal.aborted) return;
    const waitMs = oldestMs + patience.deadlineMs() - performance.now();
    timer = setTimeout(look, Math.max(1, notBeforeMs, waitMs));
  }

  function look(): void {
    timer = undefined;
    if (options.isLaneBehind()) return arm(BEHIND_RETRY_MS);
    void forwardDue();
  }

  async function forwardDue(): Promise<void> {
    isForwarding = true;
    while (!stopping.signal.aborted && !options.isLaneBehind()) {
      const due = orders.take(performance.now() - patience.deadlineMs(), MESSAGES_AT_ONCE);
      if (due.length === 0) break;
      if (patience.onUnscored(due.length, performance.now())) {
        log.warn({ partition }, 'orders are not scored in time: their amounts decide');
      }
      await forward(due);
    }
    isForwarding = false;
    arm(options.isLaneBehind() ? BEHIND_RETRY_MS : 0);
  }

  /** Tries for as long as the partition is ours: whoever asked still waits. */
  async function forward(due: readonly Unscored[]): Promise<void> {
    const messages = due.map(({ incoming }) => incoming);
    for (let tries = 1; !stopping.signal.aborted; tries++) {
      try {
        await options.forward(partition, messages);
        for (const { answer } of due) answered(answer);
        return;
      } catch (error) {
        log.error({ partition, problem: faultText(error) }, 'unscored orders can’t be sent on yet');
        const waitMs = backoffMs(tries, { baseMs: 50, capMs: 2000 });
        await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  function answered(messageId: string): void {
    orders.answered(messageId);
    if (orders.size() < UNSCORED_MAX / 2) reader.resume();
  }

  return {
    onReady(messageId, signatory) {
      // Nobody else may answer: an order would be lost by it.
      if (signatory !== 'fraud' && signatory !== 'ledger') return;
      if (signatory === 'fraud' && patience.onScored()) {
        log.info({ partition }, 'orders are scored again');
      }
      answered(messageId);
    },
    position: orders.position,
    unscored: orders.size,
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      // What is under way may still be stored: it would be the right answer, told by anybody.
      await reader.stop();
    },
  };
}
