import {
  CONTENT_TYPE_BATCH,
  laneSubject,
  LANE_TYPES,
  ordersOfBulk,
  readyMessageId,
  type FlagVariant,
  type LaneMessage,
  type Risk,
  type TransactionOrder,
} from '@florin/contracts';
import { HEADERS, type Incoming, type OutgoingMessage, type Publisher } from '@florin/messaging';
import type { Logger, Metrics } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { dependsOnPayee, riskByAmount, type ApproveLimits } from '../domain/amount-policy.ts';
import type { DeadLetter } from '../domain/changes.ts';
import { findKnownPayees } from '../sql/find-known-payees.ts';
import { writeDeadLetters } from '../sql/write-dead-letters.ts';
import type { LaneItem } from './lane-item.ts';
import { deadLetterParameters } from './write-changes.ts';

/** Below nats-server's default limit of 1 MiB a message, with room for the headers. */
const MESSAGE_BYTES_MAX = 900_000;

type OrderMessage = Extract<
  LaneMessage,
  { type: (typeof LANE_TYPES)['transactionInitiated' | 'bulkInitiated'] }
>;

/** What waits for a score, and what is thought of each of its orders. */
interface Judged {
  message: OrderMessage;
  risks: readonly Risk[];
}

export interface ForwardUnscoredOptions {
  pool: pg.Pool;
  publisher: Publisher;
  decodeMessage(partition: number, incoming: Incoming): LaneItem;
  limits: ApproveLimits;
  flag(): FlagVariant;
  log: Logger;
  metrics: Metrics;
}

/**
 * Decides orders that nobody has scored in time by their amount, and sends them on into the lane.
 * The message carries the id that the scorer's would: of the two the stream keeps the first, and
 * later than it remembers ids the books know the transactions.
 *
 * Orders that the books know already go on, too: somebody who repeats a request wants an answer.
 */
export function createForwardUnscored(options: ForwardUnscoredOptions) {
  const { pool, publisher, limits } = options;
  const decisions = options.metrics.counter({
    name: 'watchdog_decisions_total',
    help: 'Orders decided by their amount, because nobody scored them in time',
    labelNames: ['decision'],
  });

  const buried = options.metrics.counter({
    name: 'ledger_dead_letters_total',
    help: 'Messages that can never be understood',
  });

  async function knownPayees(orders: readonly TransactionOrder[]): Promise<Set<string>> {
    const asked = orders.filter((order) => dependsOnPayee(order, limits));
    if (asked.length === 0) return new Set();
    const { rows } = await pool.query<{ payer: string; payee: string }>(findKnownPayees, [
      plainArray(asked.map((order) => order.walletId)),
      plainArray(asked.map((order) => payeeOf(order) ?? null)),
    ]);
    return new Set(rows.map(({ payer, payee }) => `${payer} ${payee}`));
  }

  async function send(
    partition: number,
    incoming: Incoming,
    judged: readonly Judged[],
  ): Promise<void> {
    for (const message of messagesOf(partition, incoming, judged)) {
      const { duplicate } = await publisher.publish(message.outgoing);
      if (duplicate) continue;
      for (const { decision } of message.risks) decisions.inc({ decision });
    }
  }

  async function bury(letters: readonly DeadLetter[]): Promise<void> {
    if (letters.length === 0) return;
    await pool.query(writeDeadLetters, deadLetterParameters(letters));
    buried.inc(letters.length);
    for (const { partition, streamSequence, reason } of letters) {
      options.log.error({ partition, streamSequence, reason }, 'dead letter');
    }
  }

  /** Resolves when all are stored: in the lane, or as dead letters. */
  return async function forwardUnscored(
    partition: number,
    unscored: readonly Incoming[],
  ): Promise<void> {
    const decoded = unscored.map((incoming) => ({
      incoming,
      ...ordersOf(options.decodeMessage(partition, incoming)),
    }));
    const flag = options.flag();
    const all = decoded.flatMap(({ orders }) => orders.flatMap(ordersIn));
    const known = flag === 'enforce' ? await knownPayees(all) : new Set<string>();
    const riskOf = (order: TransactionOrder): Risk =>
      riskByAmount(order, !known.has(`${order.walletId} ${payeeOf(order)}`), limits, flag);
    await bury(decoded.flatMap(({ deadLetters }) => deadLetters));
    await Promise.all(
      decoded.map(({ incoming, orders }) =>
        send(
          partition,
          incoming,
          orders.map((message) => ({ message, risks: ordersIn(message).map(riskOf) })),
        ),
      ),
    );
  };
}

const payeeOf = (order: TransactionOrder): string | undefined =>
  'counterpartyWalletId' in order ? order.counterpartyWalletId : undefined;

const ordersIn = (message: OrderMessage): readonly TransactionOrder[] =>
  message.type === LANE_TYPES.bulkInitiated ? ordersOfBulk(message.data) : [message.data];

const waitsForScore = (message: LaneMessage): message is OrderMessage =>
  (message.type === LANE_TYPES.transactionInitiated && message.data.risk === undefined) ||
  (message.type === LANE_TYPES.bulkInitiated &&
    message.data.orders.every(({ risk }) => risk === undefined));

function judgedText({ message, risks }: Judged): string {
  if (message.type === LANE_TYPES.transactionInitiated) {
    return JSON.stringify({ ...message, data: { ...message.data, risk: risks[0] } });
  }
  const orders = message.data.orders.map((order, item) => ({ ...order, risk: risks[item] }));
  return JSON.stringify({ ...message, data: { ...message.data, orders } });
}

/** Only orders wait for a score, and none that brings one along. */
function ordersOf({ partition, sequence, commands, deadLetters }: LaneItem): {
  orders: OrderMessage[];
  deadLetters: DeadLetter[];
} {
  const orders: OrderMessage[] = [];
  const letters = [...deadLetters];
  for (const { item, message } of commands) {
    if (waitsForScore(message)) {
      orders.push(message);
      continue;
    }
    letters.push({
      partition,
      streamSequence: sequence,
      item,
      reason: `${message.type} waits for no score`,
      body: Buffer.from(JSON.stringify(message)),
    });
  }
  return { orders, deadLetters: letters };
}

/** One message as a rule: only the largest don't fit any more with what was added. */
function messagesOf(
  partition: number,
  incoming: Incoming,
  judged: readonly Judged[],
): { outgoing: OutgoingMessage; risks: readonly Risk[] }[] {
  const [, , , wallet = ''] = incoming.subject.split('.');
  const parts: { texts: string[]; bytes: number; risks: Risk[] }[] = [];
  for (const one of judged) {
    const text = judgedText(one);
    const bytes = Buffer.byteLength(text) + 1;
    let part = parts.at(-1);
    if (part === undefined || part.bytes + bytes > MESSAGE_BYTES_MAX) {
      part = { texts: [], bytes: 0, risks: [] };
      parts.push(part);
    }
    part.texts.push(text);
    part.risks.push(...one.risks);
    part.bytes += bytes;
  }
  const id = readyMessageId(incoming.id ?? '');
  const origin = incoming.header(HEADERS.reply);
  return parts.map(({ texts, risks }, place) => ({
    risks,
    outgoing: {
      subject: laneSubject('ready', partition, wallet),
      body: `[${texts.join(',')}]`,
      id: place === 0 ? id : `${id}-${place}`,
      type: LANE_TYPES.transactionInitiated,
      wallet,
      partition,
      headers: {
        [HEADERS.contentType]: CONTENT_TYPE_BATCH,
        ...(origin !== undefined && { [HEADERS.reply]: origin }),
      },
    },
  }));
}
