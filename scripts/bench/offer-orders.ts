import { setTimeout as delay } from 'node:timers/promises';
import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  outcomeSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  type LaneStage,
  type Outcome,
  type TransactionOrder,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createPublisher, createSigner, type Bus } from '@florin/messaging';

const ORIGIN = 'bench-producer';
/** A platform that is further behind is offered no more: it would be busy with it for ever. */
const BACKLOG_SECONDS = 5;
const DRAIN_MS = 60_000;

export interface OfferedLanes {
  bus: Bus;
  wallets: readonly string[];
  key: { kid: string; key: string };
  /** In minor units; default: between 5 and 55 dollars. */
  amount?: () => number;
  /** Default: anybody pays anybody, which a scorer finds strange. */
  payment?: () => OfferedPayment;
}

export interface OfferedPayment {
  walletId: string;
  counterpartyWalletId: string;
  /** In minor units. */
  amount: number;
  context?: TransactionOrder['context'];
}

export interface Offer {
  stage: LaneStage;
  /** Orders a second. */
  rate: number;
  forMs: number;
  /** Nothing is waited for any longer than this, by performance.now(). */
  untilMs: number;
}

/** What became of orders that were offered. All that were due are in exactly one of the counts. */
export interface Offered {
  /** Of those that were answered. */
  latencies: number[];
  statuses: Record<string, number>;
  /** Of those, decided without a score. */
  degraded: number;
  /** Due, and not sent: the platform was too far behind. */
  withheld: number;
  /** The stream did not take them. */
  unsent: number;
  /** No outcome when nobody waited any more. */
  unanswered: number;
}

/** Offers orders at a steady rate, whatever comes of them, each a message of its own. */
export async function offerOrders(lanes: OfferedLanes, offer: Offer): Promise<Offered> {
  const { stage, rate, forMs, untilMs } = offer;
  using publisher = createPublisher(lanes.bus, {
    signer: createSigner(lanes.key),
    maxInFlight: 2_000,
  });
  const sentAtMs = new Map<string, number>();
  const offered = emptyOffered();
  const subscription = lanes.bus.nc.subscribe(outcomeSubject(ORIGIN), {
    callback: (_, message) => {
      for (const outcome of message.json<Outcome[]>()) noteOutcome(offered, sentAtMs, outcome);
    },
  });
  await lanes.bus.nc.flush();

  function send(dueMs: number): void {
    const { transactionId, outgoing } = orderMessage(lanes, stage);
    // From when it was due: a generator that is late must not flatter.
    sentAtMs.set(transactionId, dueMs);
    publisher.publish(outgoing).catch(() => {
      if (sentAtMs.delete(transactionId)) offered.unsent++;
    });
  }

  const startedMs = performance.now();
  const endMs = Math.min(startedMs + forMs, untilMs);
  for (let due = 0; performance.now() < endMs;) {
    const dueNow = Math.floor(((performance.now() - startedMs) * rate) / 1000);
    for (; due < dueNow; due++) {
      if (sentAtMs.size < rate * BACKLOG_SECONDS) send(startedMs + ((due + 1) * 1000) / rate);
      else offered.withheld++;
    }
    await delay(1);
  }
  const patienceEndsMs = Math.min(performance.now() + DRAIN_MS, untilMs);
  while (sentAtMs.size > 0 && performance.now() < patienceEndsMs) await delay(5);
  subscription.unsubscribe();
  offered.unanswered = sentAtMs.size;
  sentAtMs.clear();
  return offered;
}

export const emptyOffered = (): Offered => ({
  latencies: [],
  statuses: {},
  degraded: 0,
  withheld: 0,
  unsent: 0,
  unanswered: 0,
});

/** Adds what came of more orders to what came of others. */
export function addOffered(sum: Offered, more: Offered): void {
  for (const latency of more.latencies) sum.latencies.push(latency);
  for (const [status, count] of Object.entries(more.statuses)) {
    sum.statuses[status] = (sum.statuses[status] ?? 0) + count;
  }
  for (const name of ['degraded', 'withheld', 'unsent', 'unanswered'] as const) {
    sum[name] += more[name];
  }
}

function noteOutcome(offered: Offered, sentAtMs: Map<string, number>, outcome: Outcome): void {
  const sentMs = sentAtMs.get(outcome.requestId);
  if (sentMs === undefined) return;
  sentAtMs.delete(outcome.requestId);
  offered.latencies.push(performance.now() - sentMs);
  const isTransaction = outcome.kind === 'transaction';
  const status = isTransaction ? outcome.transaction.status : outcome.kind;
  offered.statuses[status] = (offered.statuses[status] ?? 0) + 1;
  if (isTransaction && outcome.transaction.risk?.degraded === true) offered.degraded++;
}

const pick = (wallets: readonly string[]): string =>
  wallets[Math.floor(Math.random() * wallets.length)] as string;

const anyAmount = (): number => 500 + Math.floor(Math.random() * 5_000);

function anyPayment({ wallets, amount = anyAmount }: OfferedLanes): OfferedPayment {
  const walletId = pick(wallets);
  let counterpartyWalletId = pick(wallets);
  while (counterpartyWalletId === walletId) counterpartyWalletId = pick(wallets);
  return { walletId, counterpartyWalletId, amount: amount() };
}

function orderMessage(lanes: OfferedLanes, stage: LaneStage) {
  const transactionId = uuidv7();
  const { payment = () => anyPayment(lanes) } = lanes;
  const { walletId, counterpartyWalletId, amount, context } = payment();
  const partition = partitionOf(walletId, PARTITIONS_DEFAULT);
  const event = createEnvelope(LANE_TYPES.transactionInitiated, {
    id: transactionId,
    source: 'florin/gateway',
    wallet: walletId,
    time: new Date().toISOString(),
    data: {
      transactionId,
      clientId: '0192f0c1-7a4b-7cc3-98c4-dc0c0c07398f',
      bodyHash: 'x'.repeat(22),
      walletId,
      counterpartyWalletId,
      type: 'transfer',
      amount: String(amount),
      currency: 'USD',
      ...(context && { context }),
    },
  });
  const outgoing = {
    subject: laneSubject(stage, partition, walletId),
    body: JSON.stringify([event]),
    id: uuidv7(),
    type: event.type,
    wallet: walletId,
    partition,
    headers: { 'Florin-Reply': ORIGIN },
  };
  return { transactionId, outgoing };
}
