import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  MANY_WALLETS,
  partitionOf,
  PARTITIONS_DEFAULT,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { createPublisher, createSigner } from '@florin/messaging';
import { KEYS, type ShardStage } from './shard-stage.ts';

const ORDERS_PER_MESSAGE = 50;
/** Enough waiting that no stage idles, and no queue without bound. */
const AHEAD_MAX = 3000;

export type Traffic = 'local' | 'between';

const pick = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(Math.random() * items.length)] as Item;

/** Who pays whom: inside one shard, or from one to another. */
function pairOf(stage: ShardStage, traffic: Traffic): { from: string; to: string } {
  const { shards } = stage;
  const payer = pick(shards);
  const payee = traffic === 'local' ? payer : pick(shards.filter((other) => other !== payer));
  const [from, to] = [pick(payer.wallets), pick(payee.wallets)];
  return from === to ? pairOf(stage, traffic) : { from, to };
}

function orderOf({ from, to }: { from: string; to: string }, time: string) {
  const id = uuidv7();
  return createEnvelope(LANE_TYPES.transactionInitiated, {
    id,
    source: '/gateway',
    wallet: from,
    time,
    data: {
      transactionId: id,
      clientId: 'shards',
      bodyHash: 'x'.repeat(22),
      walletId: from,
      counterpartyWalletId: to,
      type: 'transfer',
      amount: String(1 + Math.floor(Math.random() * 100)),
      currency: 'USD',
    },
  });
}

/** Orders that have ended, whatever came of them. */
export async function decidedOf({ shards }: ShardStage): Promise<number> {
  const counts = await Promise.all(
    shards.map(async ({ pool }) => {
      const { rows } = await pool.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM transactions
          WHERE client_id = 'shards' AND event_sequence IS NOT NULL AND status <> 'held'
            AND partition IN (SELECT partition FROM partitions)`,
      );
      return rows[0]?.n ?? 0;
    }),
  );
  return counts.reduce((sum, n) => sum + n, 0);
}

/** Publishes so many orders, as fast as they are decided, and waits until all of them are. */
export async function offerTransfers(
  stage: ShardStage,
  traffic: Traffic,
  count: number,
): Promise<{ seconds: number }> {
  const [kid, key] = Object.entries(KEYS.gateway)[0] as [string, string];
  using publisher = createPublisher(stage.bus, { signer: createSigner({ kid, key }) });
  const before = await decidedOf(stage);
  const startedMs = performance.now();
  let sent = 0;
  const stored: Promise<unknown>[] = [];
  while (sent < count) {
    const some = Math.min(count - sent, ORDERS_PER_MESSAGE * PARTITIONS_DEFAULT);
    for (const message of messagesOf(stage, traffic, some)) stored.push(publisher.publish(message));
    sent += some;
    await Promise.all(stored.splice(0));
    while (sent - (await decidedOf(stage)) + before > AHEAD_MAX) await pause(200);
  }
  while ((await decidedOf(stage)) - before < count) await pause(20);
  return { seconds: (performance.now() - startedMs) / 1000 };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function messagesOf(stage: ShardStage, traffic: Traffic, count: number) {
  const time = new Date().toISOString();
  const orders = Array.from({ length: count }, () => orderOf(pairOf(stage, traffic), time));
  const lanes = Map.groupBy(orders, (order) => partitionOf(order.partitionkey, PARTITIONS_DEFAULT));
  return [...lanes].flatMap(([partition, all]) => {
    const messages = [];
    for (let start = 0; start < all.length; start += ORDERS_PER_MESSAGE) {
      messages.push({
        subject: laneSubject('ready', partition, MANY_WALLETS),
        body: JSON.stringify(all.slice(start, start + ORDERS_PER_MESSAGE)),
        id: uuidv7(),
        type: LANE_TYPES.transactionInitiated,
        wallet: MANY_WALLETS,
        partition,
      });
    }
    return messages;
  });
}
