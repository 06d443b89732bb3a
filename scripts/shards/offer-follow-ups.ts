import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  shardOf,
  type LaneMessage,
} from '@florin/contracts';
import { present, uuidv7 } from '@florin/kernel';
import {
  createPublisher,
  createSigner,
  signQuote,
  type OutgoingMessage,
  type Publisher,
} from '@florin/messaging';
import type pg from 'pg';
import { KEYS, type ShardStage } from './shard-stage.ts';

/** Whose they are: `offerTransfers` counts its own. */
const CLIENT = 'follow-ups';
const ROUND_MS = 200;
/** So many of each kind in a round. */
const PER_ROUND = 8;
const HOLD = 100;

export interface FollowedUp {
  reversals: number;
  captures: number;
  conversions: number;
  refused: number;
}

type Shard = ShardStage['shards'][number];
type Asked = Pick<LaneMessage, 'type'> & { wallet: string; data: Record<string, unknown> };

const signerOf = (service: keyof typeof KEYS) => {
  const [kid, key] = Object.entries(KEYS[service])[0] as [string, string];
  return createSigner({ kid, key });
};

const pick = <Item>(items: readonly Item[]): Item =>
  items[Math.floor(Math.random() * items.length)] as Item;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function messageOf({ type, wallet, data }: Asked): OutgoingMessage {
  const id = String(data['transactionId'] ?? data['walletId']);
  const time = new Date().toISOString();
  const envelope = createEnvelope(type, { id, source: '/gateway', wallet, time, data });
  const partition = partitionOf(wallet, PARTITIONS_DEFAULT);
  return {
    subject: laneSubject('ready', partition, wallet),
    body: JSON.stringify([envelope]),
    id: uuidv7(),
    type,
    wallet,
    partition,
  };
}

const order = (wallet: string, more: Record<string, unknown>) => ({
  transactionId: uuidv7(),
  clientId: CLIENT,
  bodyHash: 'x'.repeat(22),
  walletId: wallet,
  currency: 'USD',
  ...more,
});

const followUp = (wallet: string, related: string, more: Record<string, unknown>): Asked => ({
  type: LANE_TYPES.followUpInitiated,
  wallet,
  data: order(wallet, { relatedTransactionId: related, ...more }),
});

/**
 * What follows from payments between shards, while these go on: parts of them are given back, more
 * often than there is to give; holds are captured in parts, released and left to expire; dollars
 * become euros in another shard.
 */
export async function startFollowUps(stage: ShardStage) {
  const publisher = createPublisher(stage.bus, { signer: signerOf('gateway') });
  const eurosOf = await openEuros(stage, publisher);
  const sent: string[] = [];
  let stopping = false;

  async function send(asked: Asked): Promise<void> {
    sent.push(String(asked.data['transactionId']));
    await publisher.publish(messageOf(asked));
  }

  async function giveBack({ pool }: Shard): Promise<void> {
    for (const { id, wallet, amount } of await arrivedAt(pool)) {
      for (const all of [false, false, true]) {
        const part = String(1 + Math.floor(Math.random() * Number(amount)));
        await send(followUp(wallet, id, { type: 'reversal', amount: part, all }));
      }
    }
  }

  async function hold(from: Shard, to: Shard): Promise<void> {
    const [payer, payee] = [pick(from.wallets), pick(to.wallets)];
    const data = order(payer, {
      type: 'hold',
      amount: String(HOLD),
      counterpartyWalletId: payee,
      expiresInSeconds: 1 + Math.floor(Math.random() * 10),
    });
    await send({ type: LANE_TYPES.transactionInitiated, wallet: payer, data });
    for (const final of [false, Math.random() < 0.5]) {
      const amount = String(1 + Math.floor(Math.random() * HOLD));
      const capture = { type: 'capture', amount, all: false, final };
      await send(followUp(payer, data.transactionId, capture));
    }
    if (Math.random() < 0.3) {
      const rest = { type: 'release', amount: '1', all: true };
      await send(followUp(payer, data.transactionId, rest));
    }
  }

  async function convert(from: Shard, to: Shard): Promise<void> {
    const [payer, amount] = [pick(from.wallets), String(1 + Math.floor(Math.random() * 50))];
    const quote = signQuote(signerOf('banking'), {
      id: uuidv7(),
      clientId: CLIENT,
      fromCurrency: 'USD',
      fromAmount: amount,
      toCurrency: 'EUR',
      // One for one: all wallets of people together have as much as before.
      toAmount: amount,
      rate: '1',
      midRate: '1',
      baseCurrency: 'USD',
      fromValue: amount,
      toValue: amount,
      expiresAt: '2101-01-01T00:00:00.000Z',
    });
    const counterpartyWalletId = eurosOf(from, to);
    const data = order(payer, { type: 'conversion', amount, counterpartyWalletId, quote });
    await send({ type: LANE_TYPES.transactionInitiated, wallet: payer, data });
  }

  async function run(): Promise<void> {
    while (!stopping) {
      for (let n = 0; n < PER_ROUND; n++) {
        const from = pick(stage.shards);
        const to = pick(stage.shards.filter((other) => other !== from));
        await hold(from, to);
        await convert(from, to);
      }
      for (const shard of stage.shards) await giveBack(shard);
      await pause(ROUND_MS);
    }
  }

  const running = run();
  return {
    /** Until all of it is decided, and no hold is left. */
    async stop(): Promise<FollowedUp> {
      stopping = true;
      await running;
      publisher[Symbol.dispose]();
      const ended = (how: string): Promise<number> => countEnded(stage, sent, how);
      while ((await ended("status NOT IN ('held', 'pending')")) < sent.length) await pause(200);
      const done = (type: string): Promise<number> =>
        ended(`type = '${type}' AND status IN ('completed', 'reversed')`);
      return {
        reversals: await done('reversal'),
        captures: await done('capture'),
        conversions: await done('conversion'),
        refused: await ended("status = 'failed' AND type <> 'hold'"),
      };
    },
  };
}

/** Some of the newest payments that arrived in a shard. */
async function arrivedAt(pool: pg.Pool): Promise<{ id: string; wallet: string; amount: string }[]> {
  const { rows } = await pool.query<{ id: string; wallet: string; amount: string }>(
    `SELECT overlay(t.id::text placing '7' from 15 for 1) AS id,
            t.counterparty_wallet_id AS wallet, t.amount::text AS amount
       FROM arrivals a JOIN transactions t ON t.id = a.transaction_id
      WHERE t.type IN ('transfer', 'capture') AND t.id > $1::uuid
      ORDER BY random() LIMIT ${PER_ROUND}`,
    [sinceId()],
  );
  return rows;
}

/** An id of some seconds ago: those of transactions begin with their time. */
function sinceId(): string {
  const at = (Date.now() - 3000).toString(16).padStart(12, '0');
  return `${at.slice(0, 8)}-${at.slice(8)}-0000-0000-000000000000`;
}

/** A wallet in euros in each shard, for whoever has the wallets of each other one. */
async function openEuros(
  { map, shards }: ShardStage,
  publisher: Publisher,
): Promise<(from: Shard, to: Shard) => string> {
  const opened = new Map<string, string>();
  const keyOf = (from: Shard, to: Shard): string => `${shards.indexOf(from)} ${shards.indexOf(to)}`;
  for (const from of shards) {
    const { rows } = await from.pool.query<{ owner: string }>(
      'SELECT owner_id AS owner FROM wallets WHERE id = $1',
      [from.wallets[0]],
    );
    for (const [shard, to] of shards.entries()) {
      let wallet = uuidv7();
      while (shardOf(map, wallet) !== shard) wallet = uuidv7();
      const data = { walletId: wallet, ownerId: rows[0]?.owner, name: 'euros', currency: 'EUR' };
      await publisher.publish(messageOf({ type: LANE_TYPES.openWallet, wallet, data }));
      while ((await countOf(to.pool, 'wallets WHERE id = $1', wallet)) === 0) await pause(20);
      opened.set(keyOf(from, to), wallet);
    }
  }
  return (from, to) => present(opened.get(keyOf(from, to)), 'wallet that was opened');
}

async function countOf(pool: pg.Pool, what: string, value: unknown): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`, [
    value,
  ]);
  return rows[0]?.n ?? 0;
}

/** How many of these there are in all shards that end like this. */
async function countEnded(
  { shards }: ShardStage,
  ids: readonly string[],
  how: string,
): Promise<number> {
  const what =
    `transactions WHERE id = ANY ($1::uuid[]) AND ${how} ` +
    'AND partition IN (SELECT partition FROM partitions)';
  const counts = await Promise.all(shards.map(({ pool }) => countOf(pool, what, ids)));
  return counts.reduce((sum, n) => sum + n, 0);
}
