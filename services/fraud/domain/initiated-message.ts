import {
  atomicBulk,
  envelopeOf,
  LANE_TYPES,
  MANY_WALLETS,
  ordersOfBulk,
  partitionOf,
  partitionToken,
  transactionOrder,
} from '@florin/contracts';
import { HEADERS, jsonOf, signatoryOf, type Incoming, type Verifier } from '@florin/messaging';
import { scoredTransactionOf, type ScoredTransaction } from '@florin/ml/features';
import type { z } from 'zod';

const orderEvent = envelopeOf(LANE_TYPES.transactionInitiated, transactionOrder);
export type OrderEvent = z.infer<typeof orderEvent>;

const bulkEvent = envelopeOf(LANE_TYPES.bulkInitiated, atomicBulk);
export type BulkEvent = z.infer<typeof bulkEvent>;

/** One order of a message. */
export interface InitiatedOrder {
  /** As it came, unknown attributes included: it is handed on so. */
  event: OrderEvent;
  transaction: ScoredTransaction;
  /** What it is a part of: handed on as one, with the risks of all its orders. */
  bulk?: BulkEvent;
}

/** A message that waits for its scores, decoded. */
export interface InitiatedMessage {
  partition: number;
  sequence: number;
  id: string;
  /** Those two are part of what is signed. */
  type: string;
  wallet: string;
  /** What travels on beside the orders. */
  headers: Record<string, string>;
  orders: InitiatedOrder[];
  /** Why parts of it, or all of it, can never be understood. */
  refusals: string[];
}

const FORWARDED = [HEADERS.reply, HEADERS.contentType, HEADERS.traceparent];

/** Whoever takes orders of people: all others only say what becomes of them. */
const INITIATORS: ReadonlySet<string> = new Set(['gateway', 'payments']);

/**
 * Reads the orders of a message of an `initiated` lane. Whatever isn't signed by an initiator, not
 * of the lane that it lies in, or of no known form is refused: it would be no better next time.
 */
export function createDecodeInitiated({
  partitions,
  verify,
}: {
  partitions: number;
  verify: Verifier;
}) {
  return function decodeInitiated(incoming: Incoming): InitiatedMessage {
    const [, , token = '', wallet = ''] = incoming.subject.split('.');
    const message: InitiatedMessage = {
      partition: Number(token),
      sequence: incoming.sequence,
      id: incoming.id ?? '',
      type: incoming.header(HEADERS.type) ?? '',
      wallet,
      headers: headersOf(incoming),
      orders: [],
      refusals: [],
    };
    const refusal = refusalOfMessage(incoming, message, token);
    if (refusal !== undefined) return { ...message, refusals: [refusal] };
    const events = jsonOf(incoming);
    if (!Array.isArray(events)) return { ...message, refusals: ['not a JSON array'] };
    for (const event of events) addEvent(message, event, incoming.time.getTime());
    return message;
  };

  function refusalOfMessage(incoming: Incoming, message: InitiatedMessage, token: string) {
    const { partition, wallet } = message;
    if (!(partition < partitions) || token !== partitionToken(partition)) {
      return 'subject of no partition';
    }
    const signed = signatoryOf(verify, incoming, { wallet, partition });
    if (!signed.ok) return `signature: ${signed.error}`;
    const { service } = signed.value;
    return INITIATORS.has(service) ? undefined : `${service} may not initiate transactions`;
  }

  function addEvent(message: InitiatedMessage, event: unknown, storedAtMs: number): void {
    // Asked first, because most are none: parsing costs.
    if (!isBulk(event)) return addOrder(message, event, storedAtMs);
    const bulk = bulkEvent.safeParse(event);
    if (bulk.success) return addBulk(message, event as BulkEvent, bulk.data, storedAtMs);
    message.refusals.push(`not a bulk: ${bulk.error.issues[0]?.path.join('.')}`);
  }

  /** Its payers may be of any partition: it lies in the lane of the first. All of it or none. */
  function addBulk(
    message: InitiatedMessage,
    told: BulkEvent,
    { data, partitionkey, time, ...attributes }: BulkEvent,
    storedAtMs: number,
  ): void {
    const orders = ordersOfBulk(data).map((order): InitiatedOrder => {
      const transaction = scoredTransactionOf(order, time);
      transaction.at = Math.min(transaction.at, storedAtMs);
      const type = LANE_TYPES.transactionInitiated;
      const event = { ...attributes, partitionkey, time, type, data: order };
      return { event, transaction, bulk: told };
    });
    const refusal = orders
      .map(({ transaction }) => refusalOfOrder(message, data.walletId, partitionkey, transaction))
      .find((one) => one !== undefined);
    if (refusal === undefined) message.orders.push(...orders);
    else message.refusals.push(refusal);
  }

  function addOrder(message: InitiatedMessage, event: unknown, storedAtMs: number): void {
    const parsed = orderEvent.safeParse(event);
    if (!parsed.success) {
      const where = parsed.error.issues[0]?.path.join('.');
      message.refusals.push(`not an order: ${where}`);
      return;
    }
    const { data, partitionkey, time } = parsed.data;
    const transaction = scoredTransactionOf(data, time);
    const refusal = refusalOfOrder(message, data.walletId, partitionkey, transaction);
    if (refusal !== undefined) message.refusals.push(refusal);
    // Nothing was asked for after it was stored: a clock that runs ahead must not reach profiles.
    transaction.at = Math.min(transaction.at, storedAtMs);
    if (refusal === undefined) message.orders.push({ event: event as OrderEvent, transaction });
  }

  function refusalOfOrder(
    { partition, wallet }: InitiatedMessage,
    walletId: string,
    key: string,
    transaction: ScoredTransaction,
  ) {
    if (walletId !== key) return 'wallet is not the partition key';
    if (partitionOf(key, partitions) !== partition) return 'wallet of another partition';
    if (wallet !== MANY_WALLETS && wallet !== key) return 'wallet is not the one in the subject';
    if (!Number.isFinite(transaction.at)) return 'its time is none';
    const { amount } = transaction;
    return amount > 0 && amount <= Number.MAX_SAFE_INTEGER ? undefined : 'its amount is none';
  }
}

const isBulk = (event: unknown): boolean =>
  typeof event === 'object' &&
  event !== null &&
  'type' in event &&
  event.type === LANE_TYPES.bulkInitiated;

function headersOf(incoming: Incoming): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of FORWARDED) {
    const value = incoming.header(name);
    if (value !== undefined) headers[name] = value;
  }
  return headers;
}
