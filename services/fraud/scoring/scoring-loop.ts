import { STREAMS, type FlagVariant } from '@florin/contracts';
import type { Incoming } from '@florin/messaging';
import {
  apply,
  extract,
  FEATURE_COUNT,
  type FoldedEvent,
  type Profiles,
} from '@florin/ml/features';
import type { Logger } from '@florin/runtime';
import type { InitiatedMessage, InitiatedOrder } from '../domain/initiated-message.ts';
import type { Judge } from './judge.ts';
import { answerOf } from './answer-message.ts';
import type { Lane } from './lane.ts';

/** A stream as it is folded: how far, and which one of that name. */
export interface Source {
  readonly stream: string;
  readonly createdAt: string;
  /** Of the last message that was folded. */
  sequence: number;
}

/** Above this many waiting messages readers pause, until half of them are gone. */
const WAITING_MAX = 4_000;
/** So many orders are scored at once; then others get their turn. */
const ORDERS_MAX = 1_024;

export interface ScoringLoop {
  /** A message of a stream that is folded, in the order of that stream. */
  take(source: Source, message: Incoming): void;
  /** Calls back when all that was taken before is folded. */
  afterwards(work: () => void): void;
  /** From now on the lane's messages are answered. Those folded before are not. */
  addLane(lane: Lane): void;
  removeLane(partition: number): void;
  lanes(): ReadonlyMap<number, Lane>;
  /** Answers messages that were folded before, as things are now. */
  catchUp(lane: Lane, message: Incoming): void;
  waiting(): number;
  stop(): void;
}

export interface ScoringLoopDeps {
  profiles: () => Profiles;
  decodeInitiated(message: Incoming): InitiatedMessage;
  decodeFacts(source: Source, message: Incoming): FoldedEvent[];
  judge: Judge;
  variant: () => FlagVariant;
  /** There is too much to do, or room again. */
  onFull(full: boolean): void;
  onScored?(orders: number, seconds: number): void;
  log: Logger;
}

type Item = { source: Source; message: Incoming } | (() => void);

/** Orders that wait for one pass through the models. */
interface Batch {
  pending: { lane: Lane; message: InitiatedMessage; incoming: Incoming; first: number }[];
  orders: InitiatedOrder[];
  features: Float32Array;
}

/**
 * Folds what the streams tell, one message after the other, and scores the orders among it that are
 * ours: all that has come in one turn of the event loop is one batch. Nothing waits for a timer.
 */
export function createScoringLoop(deps: ScoringLoopDeps): ScoringLoop {
  const { judge } = deps;
  const lanes = new Map<number, Lane>();
  let items: Item[] = [];
  let features = new Float32Array(ORDERS_MAX * FEATURE_COUNT);
  let scheduled = false;
  let full = false;
  let stopped = false;

  function schedule(): void {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    scheduled = false;
    if (stopped) return;
    const batch: Batch = { pending: [], orders: [], features };
    let done = 0;
    for (const item of items) {
      if (batch.orders.length >= ORDERS_MAX) break;
      done++;
      if (typeof item === 'function') item();
      else fold(batch, item.source, item.message);
    }
    items = items.slice(done);
    score(batch);
    if (items.length > 0) schedule();
    noteRoom();
  }

  function noteRoom(): void {
    if (full === items.length > (full ? WAITING_MAX / 2 : WAITING_MAX)) return;
    full = !full;
    deps.onFull(full);
  }

  function fold(batch: Batch, source: Source, incoming: Incoming): void {
    source.sequence = incoming.sequence;
    if (source.stream !== STREAMS.transactions) {
      for (const event of deps.decodeFacts(source, incoming)) apply(deps.profiles(), event);
      return;
    }
    const message = deps.decodeInitiated(incoming);
    const lane = lanes.get(message.partition);
    if (lane) batch.pending.push({ lane, message, incoming, first: batch.orders.length });
    for (const order of message.orders) {
      if (lane) addRow(batch, order);
      apply(deps.profiles(), { kind: 'initiated', transaction: order.transaction });
    }
  }

  /** A row's place is fixed before its order is folded: windows end with the order itself. */
  function addRow(batch: Batch, order: InitiatedOrder): void {
    const start = batch.orders.length * FEATURE_COUNT;
    if (start === batch.features.length) {
      features = new Float32Array(batch.features.length * 2);
      features.set(batch.features);
      batch.features = features;
    }
    const row = batch.features.subarray(start, start + FEATURE_COUNT);
    extract(deps.profiles(), order.transaction, row);
    batch.orders.push(order);
  }

  function score({ pending, orders, features: rows }: Batch): void {
    if (pending.length === 0) return;
    const variant = deps.variant();
    const startedMs = performance.now();
    const verdicts =
      variant === 'off' || orders.length === 0
        ? []
        : judge.judge(orders, rows.subarray(0, orders.length * FEATURE_COUNT), variant);
    if (verdicts.length > 0) {
      deps.onScored?.(verdicts.length, (performance.now() - startedMs) / 1000);
    }
    for (const { lane, message, incoming, first } of pending) {
      const own = verdicts.slice(first, first + message.orders.length);
      lane.push(answerOf(message, own, incoming));
    }
  }

  return {
    take(source, message) {
      items.push({ source, message });
      schedule();
      noteRoom();
    },
    afterwards(work) {
      items.push(work);
      schedule();
    },
    addLane: (lane) => void lanes.set(lane.partition, lane),
    removeLane: (partition) => void lanes.delete(partition),
    lanes: () => lanes,
    catchUp(lane, incoming) {
      const message = deps.decodeInitiated(incoming);
      const batch: Batch = { pending: [], orders: [], features };
      for (const order of message.orders) addRow(batch, order);
      const variant = deps.variant();
      const rows = batch.features.subarray(0, batch.orders.length * FEATURE_COUNT);
      const scores = variant !== 'off' && batch.orders.length > 0;
      const verdicts = scores ? judge.judge(batch.orders, rows, variant) : [];
      lane.catchUp(answerOf(message, verdicts, incoming));
    },
    waiting: () => items.length,
    stop() {
      stopped = true;
      items = [];
    },
  };
}
