import type { Transaction } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Metrics } from '@florin/runtime';
import { announceAcceptance, announceRequest } from './announce-request.ts';
import {
  lockPaidRequests,
  setRequestStatus,
  takeExpired,
  type PaymentRequestRow,
} from './sql/payment-requests.ts';
import type { Queries } from './sql/queries.ts';

const AT_ONCE = 100;

interface SettleDeps {
  db: Database['slonik'];
  clock: Clock;
  metrics: Metrics;
  /** Somebody is to be told of something. */
  onTold(): void;
}

/** Writes down what became of payment requests: paid, refused for now, or over. */
export function createSettlePaymentRequests({ db, clock, metrics, onTold }: SettleDeps) {
  const outcomes = metrics.counter({
    name: 'payment_requests_total',
    help: 'Payment requests by what became of them; refused: the payment failed, still open',
    labelNames: ['outcome'],
  });

  async function settle(tx: Queries, request: PaymentRequestRow, transaction: Transaction) {
    const { status, failure, id } = transaction;
    const nowMs = clock.nowMs();
    if (request.status !== 'processing') return;
    if (status === 'completed' || status === 'reversed') {
      const accepted = await setRequestStatus(tx, request.id, 'accepted');
      await announceAcceptance(tx, accepted, id, nowMs);
      outcomes.inc({ outcome: 'accepted' });
    }
    if (status !== 'failed') return;
    const code = failure?.code ?? 'internal';
    if (request.expiresAt.getTime() > nowMs) {
      await setRequestStatus(tx, request.id, 'open', code);
      outcomes.inc({ outcome: 'refused' });
    } else {
      await expire(tx, request, code);
    }
  }

  async function expire(tx: Queries, { id }: PaymentRequestRow, code: string | null) {
    const expired = await setRequestStatus(tx, id, 'expired', code);
    await announceRequest(tx, 'payment-request-expired', expired, clock.nowMs());
    outcomes.inc({ outcome: 'expired' });
  }

  return {
    /** Told twice, or of an earlier try, it changes nothing. */
    async settle(transactions: readonly Transaction[]): Promise<void> {
      if (transactions.length === 0) return;
      const byId = new Map(transactions.map((transaction) => [transaction.id, transaction]));
      await db.transaction(async (tx) => {
        for (const request of await lockPaidRequests(tx, [...byId.keys()])) {
          const transaction = byId.get(request.transactionId ?? '');
          if (transaction !== undefined) await settle(tx, request, transaction);
        }
      });
      onTold();
    },
    /** Ends those whose time is over. Answers whether there may be more. */
    expireSome: (): Promise<boolean> =>
      db.transaction(async (tx) => {
        const over = await takeExpired(tx, new Date(clock.nowMs()), AT_ONCE);
        for (const request of over) await expire(tx, request, request.failureCode);
        return over.length === AT_ONCE;
      }),
  };
}

export type SettlePaymentRequests = ReturnType<typeof createSettlePaymentRequests>;
