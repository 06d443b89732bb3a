import { STREAMS, type FlagVariant } from '@florin/contracts';
import type { Incoming } from '@florin/messaging';
import {
  apply,
  extract,
  FEATURE_COUNT,
  type FoldedEvent,
  type Profiles,
} from '@florin/ml/features';
import type { InitiatedMessage, InitiatedOrder } from '../domain/initiated-message.ts';
import type { Verdict } from '../domain/verdict.ts';
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

/** Above this much that waits readers pause, until half of it is gone: messages have any size. */
const WAITING_MAX = { messages: 4_000, bytes: 64 * 1024 * 1024 };
/** So many orders are scored at once; then others get their turn. */
const ORDERS_MAX = 1_024;

export interface ScoringLoop {
  /** A message of a stream that is folded, in the order of that stream. */
  take(source: Source, message: Incoming): void;
  /** Calls back when all that was taken before is folded, and nothing after. */
  afterwards(work: () => void): void;
  /** From now on the lane's messages are answered. Those folded before are not. */
  addLane(lane: Lane): void;
  removeLane(partition: number): void;
  lanes(): ReadonlyMap<number, Lane>;
  /** Answers messages that were folded before, as things are now. */
  catchUp(lane: Lane, message: Incoming): void;
  /** What would be said about messages that somebody else has answered, as things are now. */
  assess(messages: readonly Incoming[]): Assessed[];
  waiting(): number;
  stop(): void;
}

export interface ScoringLoopDeps {
  profiles: Profiles;
  /** Brings profiles into memory that are parked; undefined when all are there. */
  bring(walletIds: Iterable<string>): Promise<void> | undefined;
  decodeInitiated(message: Incoming): InitiatedMessage;
  decodeFacts(source: Source, message: Incoming): FoldedEvent[];
  judge: Judge;
  variant: () => FlagVariant;
  /** There is too much to do, or room again. */
  onFull(full: boolean): void;
  onScored(orders: number, seconds: number): void;
}

/** A message that was answered by somebody else, and what its orders score now. */
export interface Assessed {
  message: InitiatedMessage;
  verdicts: Verdict[];
}

interface Received {
  source: Source;
  message: Incoming;
}

type Item = Received | (() => void);

/** Orders, or facts. */
interface Decoded extends Received {
  initiated: InitiatedMessage | undefined;
  facts: FoldedEvent[];
}

/** Orders that wait for one pass through the models. */
interface Batch {
  pending: { lane: Lane; initiated: InitiatedMessage; message: Incoming; first: number }[];
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
  let waitingBytes = 0;
  let features = new Float32Array(ORDERS_MAX * FEATURE_COUNT);
  let scheduled = false;
  let full = false;
  let busy = false;
  let stopped = false;

  function schedule(): void {
    if (scheduled || stopped) return;
    scheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    scheduled = false;
    if (stopped || busy) return;
    const [first] = items;
    if (typeof first === 'function') {
      items.shift();
      first();
      return next();
    }
    const decoded = decodeNext();
    const bringing = deps.bring(walletsOf(decoded));
    if (!bringing) return work(decoded);
    busy = true;
    bringing.then(
      () => {
        busy = false;
        work(decoded);
      },
      (error: unknown) =>
        // Without the profiles nothing here would be right: a fresh start finds them.
        queueMicrotask(() => {
          throw error;
        }),
    );
  }

  function work(decoded: readonly Decoded[]): void {
    if (stopped) return;
    const batch: Batch = { pending: [], orders: [], features };
    for (const one of decoded) fold(batch, one);
    score(batch);
    next();
  }

  function next(): void {
    if (items.length > 0) schedule();
    noteRoom();
  }

  /** The next messages in order, as many as make one batch. */
  function decodeNext(): Decoded[] {
    const decoded: Decoded[] = [];
    for (let orders = 0; orders < ORDERS_MAX && decoded.length < items.length;) {
      const item = items[decoded.length] as Item;
      // What was to happen between two messages happens before those that come after it.
      if (typeof item === 'function') break;
      const one = decode(item);
      orders += one.initiated?.orders.length ?? one.facts.length;
      decoded.push(one);
    }
    items = items.slice(decoded.length);
    for (const { message } of decoded) waitingBytes -= message.body.length;
    return decoded;
  }

  function decode({ source, message }: Received): Decoded {
    return source.stream === STREAMS.transactions
      ? { source, message, initiated: deps.decodeInitiated(message), facts: [] }
      : { source, message, initiated: undefined, facts: deps.decodeFacts(source, message) };
  }

  function noteRoom(): void {
    const { messages, bytes } = WAITING_MAX;
    const share = Math.max(items.length / messages, waitingBytes / bytes);
    if (full === share > (full ? 0.5 : 1)) return;
    full = !full;
    deps.onFull(full);
  }

  function fold(batch: Batch, { source, message, initiated, facts }: Decoded): void {
    source.sequence = message.sequence;
    for (const event of facts) apply(deps.profiles, event);
    if (!initiated) return;
    const lane = lanes.get(initiated.partition);
    if (lane) batch.pending.push({ lane, initiated, message, first: batch.orders.length });
    for (const order of initiated.orders) {
      if (lane) addRow(batch, order);
      apply(deps.profiles, { kind: 'initiated', transaction: order.transaction });
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
    extract(deps.profiles, order.transaction, row);
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
      deps.onScored(verdicts.length, (performance.now() - startedMs) / 1000);
    }
    for (const { lane, initiated, message, first } of pending) {
      const own = verdicts.slice(first, first + initiated.orders.length);
      lane.push(answerOf(initiated, own, message));
    }
  }

  return {
    take(source, message) {
      items.push({ source, message });
      waitingBytes += message.body.length;
      schedule();
      noteRoom();
    },
    afterwards(happening) {
      items.push(happening);
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
    assess(incoming) {
      const messages = incoming.map((one) => deps.decodeInitiated(one));
      const batch: Batch = { pending: [], orders: [], features };
      for (const { orders } of messages) for (const order of orders) addRow(batch, order);
      const rows = batch.features.subarray(0, batch.orders.length * FEATURE_COUNT);
      const verdicts = batch.orders.length > 0 ? judge.assess(batch.orders, rows, 'enforce') : [];
      let first = 0;
      return messages.map((message) => {
        const own = verdicts.slice(first, first + message.orders.length);
        first += own.length;
        return { message, verdicts: own };
      });
    },
    waiting: () => items.length,
    stop() {
      stopped = true;
      items = [];
    },
  };
}

/** The wallets whose profiles some messages may need. */
function* walletsOf(decoded: readonly Decoded[]): Generator<string> {
  for (const { initiated, facts } of decoded) {
    for (const { transaction } of initiated?.orders ?? []) yield* walletsIn(transaction);
    for (const fact of facts) yield* walletsIn(fact);
  }
}

function* walletsIn(named: object): Generator<string> {
  if ('walletId' in named && typeof named.walletId === 'string') yield named.walletId;
  if ('counterpartyWalletId' in named && typeof named.counterpartyWalletId === 'string') {
    yield named.counterpartyWalletId;
  }
}
