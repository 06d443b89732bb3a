import { createEnvelope, LANE_TYPES, laneSubject, type ReviewVerdict } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Publisher } from '@florin/messaging';
import type { Logger } from '@florin/runtime';
import type pg from 'pg';
import { plainArray } from '../adapters/array-literal.ts';
import { isoFromMicros } from '../domain/iso-time.ts';
import { findExpiredReviews } from '../sql/select-reviews.ts';

const SWEEP_MS = 1000;
const REVIEWS_AT_ONCE = 500;

export interface ReviewSweep {
  stop(): void;
}

interface ExpiredReview {
  transaction_id: string;
  wallet_id: string;
  partition: number;
}

/**
 * Says of every review whose time is over that it is, in the lane of its wallet: there it is
 * decided in order with what people say. It is said again until it is decided; a message that the
 * stream still remembers is not stored twice.
 */
export function startReviewSweep(options: {
  pool: pg.Pool;
  publisher: Publisher;
  /** The partitions that are ours at the moment. */
  partitions(): Iterable<number>;
  nowUs: () => number;
  log: Logger;
}): ReviewSweep {
  const { pool, publisher, log } = options;
  let isSweeping = false;

  async function sweep(): Promise<void> {
    const now = isoFromMicros(options.nowUs());
    const { rows } = await pool.query<ExpiredReview>(findExpiredReviews, [
      plainArray([...options.partitions()]),
      now,
      REVIEWS_AT_ONCE,
    ]);
    await Promise.all(rows.map((review) => publisher.publish(expiryOf(review, now))));
  }

  const timer = setInterval(() => {
    if (isSweeping) return;
    isSweeping = true;
    sweep()
      .catch((error: unknown) => {
        log.warn({ problem: faultText(error) }, 'reviews that have expired are looked for later');
      })
      .finally(() => (isSweeping = false));
  }, SWEEP_MS);
  return { stop: () => clearInterval(timer) };
}

function expiryOf(
  { transaction_id: id, wallet_id: wallet, partition }: ExpiredReview,
  time: string,
) {
  const data: ReviewVerdict = { transactionId: id, walletId: wallet, verdict: 'expire' };
  const type = LANE_TYPES.decideReview;
  const messageId = `expire-${id}`;
  const envelope = createEnvelope(type, {
    id: messageId,
    source: 'florin/ledger',
    wallet,
    time,
    data,
  });
  return {
    subject: laneSubject('ready', partition, wallet),
    body: JSON.stringify([envelope]),
    id: messageId,
    type,
    wallet,
    partition,
  };
}
