import {
  CONTENT_TYPE_BATCH,
  LANE_TYPES,
  laneSubject,
  MANY_WALLETS,
  partitionOf,
} from '@florin/contracts';
import type { LaneMessage, LaneStage } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import type { Logger } from '@florin/runtime';
import { HEADERS } from './headers.ts';
import type { Publisher } from './publisher.ts';

/** Below nats-server's default limit of 1 MiB a message, with room for the headers. */
const MESSAGE_BYTES_MAX = 900_000;
const MESSAGE_EVENTS_MAX = 500;
/** While so many messages of a lane are not stored yet, what follows is collected for the next. */
const UNSTORED_MAX = 2;

/** Sends orders down the lanes of their wallets. */
export interface LaneSender {
  /**
   * Takes an order; never waits. Orders of one lane keep their order. When it can't be delivered in
   * time it is dropped and logged: whoever waits for its outcome finds out by not hearing of it.
   */
  send(order: LaneMessage): void;
  /** Orders taken and not stored by the stream yet. */
  backlog(): number;
  /** Resolves when all is stored, or when the time is up. */
  drain(withinMs: number): Promise<void>;
}

interface QueuedOrder {
  type: string;
  wallet: string;
  text: string;
}

interface Lane {
  stage: LaneStage;
  partition: number;
  queued: QueuedOrder[];
  /** Messages published whose acknowledgement is outstanding. */
  unstored: number;
}

interface LaneSenderDeps {
  publisher: Publisher;
  partitions: number;
  /** Where outcomes are awaited. */
  origin: string;
  /** Whether payments are scored before the ledger hears of them; asked for each one. */
  scored(): boolean;
  log: Logger;
}

/** Takes from the front of the queue what fits in one message: always at least one order. */
function takeBatch(queued: QueuedOrder[]): QueuedOrder[] {
  let bytes = 0;
  let count = 0;
  for (const { text } of queued) {
    // UTF-8 needs at most three bytes for each UTF-16 unit; an exact count would cost more.
    bytes += text.length * 3;
    if (count > 0 && (bytes > MESSAGE_BYTES_MAX || count === MESSAGE_EVENTS_MAX)) break;
    count++;
  }
  return queued.splice(0, count);
}

const sharedWallet = (batch: QueuedOrder[]): string => {
  const wallet = batch[0]?.wallet ?? MANY_WALLETS;
  return batch.every((order) => order.wallet === wallet) ? wallet : MANY_WALLETS;
};

/**
 * What arrives in one turn of the event loop travels as one message per lane, and under load what
 * arrives while the stream is still storing: messages then grow by themselves and nobody waits for
 * a timer. A message costs the same for one order as for a hundred.
 */
export function createLaneSender(deps: LaneSenderDeps): LaneSender {
  const { publisher, partitions, origin, scored, log } = deps;
  const lanesOf = (stage: LaneStage): Lane[] =>
    Array.from({ length: partitions }, (_, partition) => ({
      stage,
      partition,
      queued: [],
      unstored: 0,
    }));
  const lanes = { initiated: lanesOf('initiated'), ready: lanesOf('ready') };
  const headers = { [HEADERS.reply]: origin, [HEADERS.contentType]: CONTENT_TYPE_BATCH };
  const waking = new Set<Lane>();
  let idleWaiters: (() => void)[] = [];
  let backlog = 0;

  function publishNext(lane: Lane): void {
    const batch = takeBatch(lane.queued);
    const [first] = batch;
    if (first === undefined) return;
    const wallet = sharedWallet(batch);
    lane.unstored++;
    const stored = publisher.publish({
      subject: laneSubject(lane.stage, lane.partition, wallet),
      body: `[${batch.map(({ text }) => text).join()}]`,
      // Not the transaction's id: a client's second try must reach the ledger to be answered.
      id: uuidv7(),
      type: first.type,
      wallet,
      partition: lane.partition,
      headers,
    });
    stored
      .catch((error: unknown) => {
        log.error({ err: error, orders: batch.length }, 'orders did not reach their lane');
      })
      .finally(() => settled(lane, batch.length));
  }

  function settled(lane: Lane, orders: number): void {
    lane.unstored--;
    backlog -= orders;
    publishNext(lane);
    if (backlog > 0) return;
    for (const resolve of idleWaiters) resolve();
    idleWaiters = [];
  }

  function wake(): void {
    for (const lane of waking) {
      // A queue longer than one message goes out as several.
      while (lane.unstored < UNSTORED_MAX && lane.queued.length > 0) publishNext(lane);
    }
    waking.clear();
  }

  /** Only payments have a risk: what else is asked of a wallet goes straight to the ledger. */
  const stageOf = ({ type }: LaneMessage): LaneStage =>
    (type === LANE_TYPES.transactionInitiated || type === LANE_TYPES.bulkInitiated) && scored()
      ? 'initiated'
      : 'ready';

  return {
    send(order) {
      const lane = lanes[stageOf(order)][partitionOf(order.partitionkey, partitions)] as Lane;
      lane.queued.push({
        type: order.type,
        wallet: order.partitionkey,
        text: JSON.stringify(order),
      });
      backlog++;
      if (lane.unstored >= UNSTORED_MAX) return;
      if (waking.size === 0) setImmediate(wake);
      waking.add(lane);
    },
    backlog: () => backlog,
    async drain(withinMs) {
      if (backlog === 0) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, withinMs);
      idleWaiters.push(resolve);
      await promise;
      clearTimeout(timer);
    },
  };
}
