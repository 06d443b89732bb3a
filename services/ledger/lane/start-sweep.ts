import {
  createEnvelope,
  laneSubject,
  LANE_TYPES,
  type HoldExpiry,
  type ReviewVerdict,
} from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { findExpiredReviews } from '../sql/select-reviews.ts';
import { findExpiredHolds } from '../sql/write-holds.ts';

const SWEEP_MS = 1000;
const EXPIRED_AT_ONCE = 500;

export interface Sweep {
  stop(): void;
}

interface ExpiredRow {
  transaction_id: string;
  wallet_id: string;
  partition: number;
}

interface Expiring {
  query: { name: string; text: string };
  type: typeof LANE_TYPES.decideReview | typeof LANE_TYPES.expireHold;
  /** The same for the same expiry: the stream keeps one. */
  idOf(transactionId: string): string;
  dataOf(row: ExpiredRow): ReviewVerdict | HoldExpiry;
}

const EXPIRING: readonly Expiring[] = [
  {
    query: findExpiredReviews,
    type: LANE_TYPES.decideReview,
    idOf: (id) => `expire-${id}`,
    dataOf: ({ transaction_id: transactionId, wallet_id: walletId }) => ({
      transactionId,
      walletId,
      verdict: 'expire',
    }),
  },
  {
    query: findExpiredHolds,
    type: LANE_TYPES.expireHold,
    idOf: (id) => `expire-hold-${id}`,
    dataOf: ({ transaction_id: transactionId, wallet_id: walletId }) => ({
      transactionId,
      walletId,
    }),
  },
];

/**
 * Says of every review and every hold whose time is over that it is, in the lane of its wallet:
 * there it is decided in order with what people say. It is said again until it is decided; a
 * message that the stream still remembers is not stored twice.
 */
export function startSweep(options: {
  pool: pg.Pool;
  publisher: Publisher;
  /** The partitions that are ours at the moment. */
  partitions(): Iterable<number>;
  nowUs: () => number;
  log: Logger;
}): Sweep {
  const { pool, publisher, log } = options;
  let isSweeping = false;

  async function sweepOf(expiring: Expiring): Promise<void> {
    const now = isoFromMicros(options.nowUs());
    const { rows } = await pool.query<ExpiredRow>(expiring.query, [
      plainArray([...options.partitions()]),
      now,
      EXPIRED_AT_ONCE,
    ]);
    await Promise.all(rows.map((row) => publisher.publish(expiryOf(expiring, row, now))));
  }

  const timer = setInterval(() => {
    if (isSweeping) return;
    isSweeping = true;
    Promise.all(EXPIRING.map(sweepOf))
      .catch((error: unknown) => {
        log.warn({ problem: faultText(error) }, 'what has expired is looked for later');
      })
      .finally(() => (isSweeping = false));
  }, SWEEP_MS);
  return { stop: () => clearInterval(timer) };
}

function expiryOf({ type, idOf, dataOf }: Expiring, row: ExpiredRow, time: string) {
  const { wallet_id: wallet, partition } = row;
  const id = idOf(row.transaction_id);
  const data = dataOf(row);
  const envelope = createEnvelope(type, { id, source: 'florin/ledger', wallet, time, data });
  return {
    subject: laneSubject('ready', partition, wallet),
    body: JSON.stringify([envelope]),
    id,
    type,
    wallet,
    partition,
  };
}
