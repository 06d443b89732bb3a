import {
  CONTENT_TYPE_BATCH,
  laneSubject,
  LANE_TYPES,
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

type OrderMessage = Extract<LaneMessage, { data: TransactionOrder }>;

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

  async function knownPayees(orders: readonly OrderMessage[]): Promise<Set<string>> {
    const asked = orders.map(({ data }) => data).filter((data) => dependsOnPayee(data, limits));
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
    orders: readonly { message: OrderMessage; risk: Risk }[],
  ): Promise<void> {
    for (const message of messagesOf(partition, incoming, orders)) {
      const { duplicate } = await publisher.publish(message.outgoing);
      if (duplicate) continue;
      for (const { risk } of message.orders) decisions.inc({ decision: risk.decision });
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
    const all = decoded.flatMap(({ orders }) => orders);
    const known = flag === 'enforce' ? await knownPayees(all) : new Set<string>();
    const riskOf = ({ data }: OrderMessage): Risk =>
      riskByAmount(data, !known.has(`${data.walletId} ${payeeOf(data)}`), limits, flag);
    await bury(decoded.flatMap(({ deadLetters }) => deadLetters));
    await Promise.all(
      decoded.map(({ incoming, orders }) =>
        send(
          partition,
          incoming,
          orders.map((message) => ({ message, risk: riskOf(message) })),
        ),
      ),
    );
  };
}

const payeeOf = (order: TransactionOrder): string | undefined =>
  'counterpartyWalletId' in order ? order.counterpartyWalletId : undefined;

/** Only orders wait for a score, and none that brings one along. */
function ordersOf({ partition, sequence, commands, deadLetters }: LaneItem): {
  orders: OrderMessage[];
  deadLetters: DeadLetter[];
} {
  const orders: OrderMessage[] = [];
  const letters = [...deadLetters];
  for (const { item, message } of commands) {
    if (message.type === LANE_TYPES.transactionInitiated && message.data.risk === undefined) {
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
  orders: readonly { message: OrderMessage; risk: Risk }[],
): { outgoing: OutgoingMessage; orders: readonly { risk: Risk }[] }[] {
  const [, , , wallet = ''] = incoming.subject.split('.');
  const parts: { texts: string[]; bytes: number; orders: { risk: Risk }[] }[] = [];
  for (const order of orders) {
    const { message, risk } = order;
    const text = JSON.stringify({ ...message, data: { ...message.data, risk } });
    const bytes = Buffer.byteLength(text) + 1;
    let part = parts.at(-1);
    if (part === undefined || part.bytes + bytes > MESSAGE_BYTES_MAX) {
      part = { texts: [], bytes: 0, orders: [] };
      parts.push(part);
    }
    part.texts.push(text);
    part.orders.push(order);
    part.bytes += bytes;
  }
  const id = readyMessageId(incoming.id ?? '');
  const origin = incoming.header(HEADERS.reply);
  return parts.map(({ texts, orders: carried }, place) => ({
    orders: carried,
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
