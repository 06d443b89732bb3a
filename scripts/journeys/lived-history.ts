import { createHmac } from 'node:crypto';
import {
  CONTENT_TYPE_BATCH,
  createEnvelope,
  EVENT_TYPES,
  eventSubject,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  type TransactionOrder,
  type Wallet,
} from '@florin/contracts';
import { present, uuidv7 } from '@florin/kernel';
import { connect, createPublisher, createSigner, HEADERS } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import type { Acknowledged } from '../faults/payer.ts';
import type { ScratchPlatform } from '../platform/scratch-platform.ts';

/** Somebody who has used their wallet for a while. */
export interface Life {
  wallet: string;
  ownerId: string;
  /** As their device calls itself in X-Device-Id. */
  device: string;
  country: string;
  latitude: number;
  longitude: number;
  days: number;
  /** Who was paid, and how much, in turn: one payment a day. */
  payments: readonly { to: string; cents: number }[];
}

const DAY_MS = 86_400_000;
const laneOf = (wallet: string): number => partitionOf(wallet, PARTITIONS_DEFAULT);
const BODY_HASH = 'h'.repeat(22);

/** What the gateway makes of X-Device-Id: so that the same device is known later. */
export function pseudonymOf(device: string, contextKey: string): string {
  const digest = createHmac('sha256', Buffer.from(contextKey, 'base64url'))
    .update(`device\n${device}`)
    .digest();
  return digest.toString('base64url', 0, 16);
}

function orderOf(life: Life, day: number, deviceId: string): TransactionOrder {
  const { to, cents } = life.payments[day % life.payments.length] as Life['payments'][number];
  const { country, latitude, longitude } = life;
  return {
    transactionId: uuidv7(),
    clientId: 'history',
    bodyHash: BODY_HASH,
    walletId: life.wallet,
    amount: String(cents),
    currency: 'USD',
    type: 'transfer',
    counterpartyWalletId: to,
    context: { deviceId, country, latitude, longitude },
  };
}

/** The days of a life, the oldest first, each order an hour before or after this time of day. */
function ordersOf(life: Life, deviceId: string, nowMs: number) {
  return Array.from({ length: life.days }, (_, index) => {
    const day = life.days - index;
    const order = orderOf(life, day, deviceId);
    const hourMs = ((day % 3) - 1) * 3_600_000;
    return createEnvelope(LANE_TYPES.transactionInitiated, {
      id: order.transactionId,
      source: '/gateway',
      wallet: life.wallet,
      time: new Date(nowMs - day * DAY_MS + hourMs).toISOString(),
      data: order,
    });
  });
}

/** That the wallet was opened before the first day. */
function openedOf({ wallet: id, ownerId, days }: Life, partition: number, nowMs: number) {
  const createdAt = new Date(nowMs - (days + 30) * DAY_MS).toISOString();
  const none = { posted: '0', held: '0', available: '0' };
  const wallet: Wallet = {
    id,
    ownerId,
    name: 'Everyday',
    currency: 'USD',
    status: 'active',
    balances: none,
    version: 1,
    createdAt,
  };
  const data = { partition, sequence: 1, wallet };
  const type = EVENT_TYPES['wallet-opened'];
  return createEnvelope(type, {
    id: uuidv7(),
    source: '/ledger',
    wallet: id,
    time: createdAt,
    data,
  });
}

type Order = ReturnType<typeof ordersOf>[number];

/** An order of the past as a payment that was made: nobody was told of it. */
const acknowledged = ({ data }: Order): Acknowledged => ({
  key: data.transactionId,
  path: '/v1/transfers',
  body: {},
  transactionId: data.transactionId,
  status: 'completed',
  walletId: data.walletId,
  ...(data.type === 'transfer' ? { counterpartyWalletId: data.counterpartyWalletId } : {}),
  amount: BigInt(data.amount),
  attempts: 1,
  startedMs: 0,
  atMs: 0,
});

interface Told {
  wallet: string;
  subject: string;
  type: string;
  events: object[];
}

/**
 * Lets time have passed: orders go down the lanes as the gateway would have sent them then, dated
 * back, and the ledger pays them now. The opening of each wallet is told once more, with an older
 * date. Nobody can do that through the API, which is why this needs the keys of the services; what
 * the scorer and the ledger make of it is their own. Answers the payments.
 */
export async function tellHistory(
  platform: Pick<ScratchPlatform, 'secrets' | 'dev'>,
  lives: readonly Life[],
): Promise<Acknowledged[]> {
  const { signingKeys, natsSeeds, contextKey } = platform.secrets();
  const nowMs = Date.now();

  async function publishAs(service: string, messages: readonly Told[]): Promise<void> {
    const [kid, key] = present(Object.entries(signingKeys[service] ?? {})[0], 'signing key');
    const nkeySeed = present(natsSeeds[service], 'key of the server');
    const log = createLogger('history', 'fatal');
    const url = platform.dev().natsUrl;
    await using bus = await connect({ url, name: service, nkeySeed, log });
    using publisher = createPublisher(bus, { signer: createSigner({ kid, key }) });
    const publishing = messages.map(({ wallet, subject, type, events }) =>
      publisher.publish({
        subject,
        body: JSON.stringify(events),
        id: uuidv7(),
        type,
        wallet,
        partition: laneOf(wallet),
        headers: { [HEADERS.contentType]: CONTENT_TYPE_BATCH },
      }),
    );
    await Promise.all(publishing);
  }

  const openings = lives.map((life): Told => {
    const { wallet } = life;
    const partition = laneOf(wallet);
    const subject = eventSubject(partition, wallet, 'wallet-opened');
    const events = [openedOf(life, partition, nowMs)];
    return { wallet, subject, type: EVENT_TYPES['wallet-opened'], events };
  });
  const lived = lives.map((life) => {
    const events = ordersOf(life, pseudonymOf(life.device, contextKey), nowMs);
    const subject = laneSubject('initiated', laneOf(life.wallet), life.wallet);
    return { wallet: life.wallet, subject, type: LANE_TYPES.transactionInitiated, events };
  });
  await publishAs('ledger', openings);
  await publishAs('gateway', lived);
  return lived.flatMap(({ events }) => events.map(acknowledged));
}
