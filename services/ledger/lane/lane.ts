import { STREAMS } from '@florin/contracts';
import { messageIdAt, streamState, type Bus, type Publisher } from '@florin/messaging';
import type { Disorder, Incoming } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { noChanges, type Answer, type EventState } from '../domain/changes.ts';
import { answer } from '../domain/answer.ts';
import { transactionText } from '../domain/events.ts';
import { readPartition as readPartitionRow, type PartitionRow } from '../sql/read-partition.ts';
import { bindStream, haltPartition } from '../sql/update-partition.ts';
import { createEventOutbox, type EventOutbox } from './event-outbox.ts';
import type { LaneClaim, LaneItem } from './lane-item.ts';
import { createLaneQueue, type LaneQueue } from './lane-queue.ts';
import { readReady } from './lane-reader.ts';
import { rebuildEvents } from './rebuild-events.ts';
import { startWatchdog } from './watchdog.ts';

/** Above this many waiting commands the lane reads no further, until half of them are gone. */
const QUEUED_COMMANDS_MAX = 2000;
/** Events are made again in pages, so that a long outage doesn't fill the memory. */
const REBUILD_PAGE = 2000;

/**
 * A partition while we own it: what was read and waits for its posting, and what waits to be told.
 */
export interface Lane extends Omit<LaneQueue, 'push'> {
  readonly partition: number;
  readonly epoch: bigint;
  readonly outbox: EventOutbox;
  claim(): LaneClaim;
  /** A posting was committed; its events are told through `tell`. */
  committed(eventSequence: number): void;
  tell(events: readonly EventState[]): void;
  /** Order messages that nobody has scored yet. */
  unscored(): number;
  /** Events are in the stream, or orders answered, and the books don't say so yet. */
  isProgressUnstored(): boolean;
  storedProgress(claim: LaneClaim): void;
  close(): Promise<void>;
}

export interface LaneDependencies {
  pool: pg.Pool;
  bus: Bus;
  events: Publisher;
  log: Logger;
  decodeMessage(partition: number, incoming: Incoming): LaneItem;
  /** How long an order waits for its score before a policy decides. */
  watchdogDeadlineMs: number;
  forwardUnscored(partition: number, unscored: readonly Incoming[]): Promise<void>;
  /** Something was read, or there is room for what was read. */
  onWork(): void;
  /** The lane must not go on before a person has looked at it. */
  onHalt(partition: number, reason: string): void;
  /** The stream refuses the next event for good; undefined: it does no more. */
  onUntellable(partition: number, problem: string | undefined): void;
  answer(answers: readonly Answer[]): void;
}

/**
 * Opens the lane of a partition that was just acquired: checks that the stream is the one its
 * position counts in, tells again what a predecessor may not have told, and reads on from there.
 * Undefined when the partition is no longer ours, or halted.
 * @param lost the partition was given up meanwhile: nothing more is told
 */
export async function openLane(
  deps: LaneDependencies,
  partition: number,
  epoch: bigint,
  lost: AbortSignal,
): Promise<Lane | undefined> {
  const row = await partitionRow(deps.pool, partition, epoch);
  if (row === undefined) return undefined;
  if (row.halted_reason !== null) {
    deps.onHalt(partition, row.halted_reason);
    return undefined;
  }
  const stream = await streamState(deps.bus, STREAMS.transactions);
  const problem = await problemOfStream(deps.bus, row, stream);
  if (problem !== undefined) {
    await halt(deps, partition, epoch, problem);
    return undefined;
  }
  await deps.pool.query(bindStream, [partition, epoch, stream.createdAt]);
  const outbox = createEventOutbox({
    partition,
    publisher: deps.events,
    publishedUpTo: Number(row.published_sequence),
    log: deps.log,
    onRefused: (refusal) => deps.onUntellable(partition, refusal),
    onTold: deps.onWork,
  });
  lost.addEventListener('abort', outbox.stop, { once: true });
  await tellAgain(deps, partition, row, outbox, lost);
  if (lost.aborted) return undefined;
  return readLane(deps, partition, epoch, row, stream.createdAt, outbox);
}

async function partitionRow(pool: pg.Pool, partition: number, epoch: bigint) {
  const { rows } = await pool.query<PartitionRow>(readPartitionRow, [partition, epoch]);
  return rows[0];
}

/**
 * Why reading on from the stored position would skip or repeat messages; undefined if it's safe.
 */
async function problemOfStream(
  bus: Bus,
  row: PartitionRow,
  stream: { createdAt: string; lastSequence: number },
): Promise<string | undefined> {
  const position = Number(row.position);
  if (row.stream_created_at !== null && row.stream_created_at !== stream.createdAt) {
    return `the stream was created anew at ${stream.createdAt}`;
  }
  const last = Math.max(position, Number(row.watched_position));
  if (stream.lastSequence < last) {
    return `the stream went back to ${stream.lastSequence}, our position is ${last}`;
  }
  if (position === 0 || row.position_message === null) return undefined;
  const stored = await messageIdAt(bus, STREAMS.transactions, position);
  if (stored === null || stored === row.position_message) return undefined;
  return `message ${position} is ${stored ?? 'unnamed'}, we had read ${row.position_message}`;
}

export async function halt(
  deps: Pick<LaneDependencies, 'pool' | 'log' | 'onHalt'>,
  partition: number,
  epoch: bigint,
  reason: string,
): Promise<void> {
  deps.log.fatal({ partition, reason }, 'partition halted: a person must look at it');
  try {
    await deps.pool.query(haltPartition, [partition, epoch, reason]);
  } finally {
    // Whoever opens the lane next finds the reason again: it stands still here in any case.
    deps.onHalt(partition, reason);
  }
}

async function tellAgain(
  deps: LaneDependencies,
  partition: number,
  row: PartitionRow,
  outbox: EventOutbox,
  lost: AbortSignal,
): Promise<void> {
  const last = Number(row.event_sequence);
  for (let after = Number(row.published_sequence); after < last; after += REBUILD_PAGE) {
    if (lost.aborted) return;
    const upTo = Math.min(last, after + REBUILD_PAGE);
    const { events, transactions } = await rebuildEvents(deps.pool, partition, after, upTo);
    outbox.push(events);
    const answers = noChanges();
    for (const state of transactions) {
      answer(state.id, transactionText(state), false, state.origin, answers);
    }
    deps.answer(answers.outcomes);
    await outbox.drained();
  }
}

function readLane(
  deps: LaneDependencies,
  partition: number,
  epoch: bigint,
  row: PartitionRow,
  createdAt: string,
  outbox: EventOutbox,
): Lane {
  const queue = createLaneQueue();
  let eventSequence = Number(row.event_sequence);
  let publishedStored = Number(row.published_sequence);
  let watchedStored = Number(row.watched_position);
  const onDisorder = ({ reason, detail }: Disorder) => {
    void halt(deps, partition, epoch, `${reason}: ${detail}`).catch((error: unknown) => {
      deps.log.error({ partition, err: error }, 'the halt could not be stored');
    });
  };
  const reader = readReady(deps.bus, {
    partition,
    startAfter: Number(row.position),
    createdAt,
    onMessage(incoming) {
      const item = deps.decodeMessage(partition, incoming);
      queue.push(item);
      watchdog.onReady(item.messageId, item.signatory);
      if (queue.backlog() > QUEUED_COMMANDS_MAX) reader.pause(true);
      deps.onWork();
    },
    onDisorder,
  });
  const watchdog = startWatchdog({
    partition,
    startAfter: watchedStored,
    createdAt,
    deadlineMs: deps.watchdogDeadlineMs,
    bus: deps.bus,
    log: deps.log,
    forward: deps.forwardUnscored,
    isLaneBehind: reader.isBehind,
    onDisorder,
  });
  return {
    partition,
    epoch,
    outbox,
    claim: () => ({
      partition,
      epoch,
      eventSequence,
      publishedSequence: outbox.published(),
      watchedPosition: watchdog.position(),
    }),
    backlog: queue.backlog,
    take(commandsMax) {
      const taken = queue.take(commandsMax);
      if (queue.backlog() < QUEUED_COMMANDS_MAX / 2) reader.pause(false);
      return taken;
    },
    putBack: queue.putBack,
    committed(sequence) {
      eventSequence = sequence;
    },
    tell: (events) => outbox.push(events),
    unscored: watchdog.unscored,
    isProgressUnstored: () =>
      outbox.published() > publishedStored || watchdog.position() > watchedStored,
    storedProgress(claim) {
      publishedStored = claim.publishedSequence;
      watchedStored = claim.watchedPosition;
    },
    async close() {
      outbox.stop();
      await Promise.all([reader.stop(), watchdog.stop()]);
    },
  };
}
