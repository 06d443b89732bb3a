import type { Clock } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { OrderDesk } from './adapters/order-desk.ts';
import type { SettlePaymentRequests } from './settle-payment-requests.ts';
import { claimUndecided } from './sql/payment-requests.ts';

const AT_ONCE = 50;

interface ResendDeps {
  db: Database['slonik'];
  desk: OrderDesk;
  settle: SettlePaymentRequests['settle'];
  clock: Clock;
  claimMs: number;
}

/**
 * Sends orders again that were accepted and of which nothing was heard: the gateway that should
 * have sent them may be dead. The ledger carries each out once, and answers what it has decided.
 */
export function createResendAcceptances({ db, desk, settle, clock, claimMs }: ResendDeps) {
  return async (): Promise<boolean> => {
    const nowMs = clock.nowMs();
    const until = new Date(nowMs + 2 * claimMs);
    const claimed = await claimUndecided(db, { now: new Date(nowMs), until, limit: AT_ONCE });
    const decided = await Promise.all(
      claimed.map(({ orderBody }) => desk.place(orderBody, claimMs)),
    );
    await settle(decided.filter((transaction) => transaction !== undefined));
    return claimed.length === AT_ONCE;
  };
}
