import { rewardsWalletId, type Transaction } from '@florin/contracts';
import { faultText, RetryableError, type Clock } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { pollWork, type Logger, type PolledWork } from '@florin/runtime';
import type { LaneOrders } from './adapters/lane-orders.ts';
import type { SettleOutcome } from './settle-outcome.ts';
import { claimRewards, type ClaimedReward } from './sql/rewards.ts';
import { claimTakeBacks, type ClaimedTakeBack } from './sql/take-backs.ts';

interface PayDeps {
  db: Database['slonik'];
  orders: LaneOrders;
  /** Null when the ledger does not know it. @throws RetryableError while it is away */
  readTransaction(id: string): Promise<Transaction | null>;
  walletExists(id: string): Promise<boolean>;
  settle: SettleOutcome;
  clock: Clock;
  log: Logger;
  concurrency: number;
  claimMs: number;
  pollMs: number;
}

export interface RewardPayer {
  start(): void;
  /** Something may be due. */
  wake(): void;
  /** Takes up nothing more; resolves when what is under way is sent or given up for now. */
  stop(): Promise<void>;
}

const isOpen = ({ status }: Transaction): boolean => status === 'pending' || status === 'held';

/**
 * Orders what is due at the ledger, and asks it what became of orders that nobody has heard of
 * again. Killed anywhere, the next process orders the same once more, under the same id.
 */
export function createRewardPayer(deps: PayDeps): RewardPayer {
  const { db, orders, settle, clock, log, concurrency } = deps;

  /** Whether the ledger has ended it already. */
  async function isSettled(transactionId: string): Promise<boolean> {
    const transaction = await deps.readTransaction(transactionId);
    if (transaction === null || isOpen(transaction)) return false;
    await settle.hear(transaction);
    return true;
  }

  async function pay(reward: ClaimedReward): Promise<void> {
    if (reward.attempts > 1 && (await isSettled(reward.id))) return;
    const isFunded = await deps.walletExists(rewardsWalletId(reward.currency));
    if (isFunded) await orders.pay(reward);
    // The ledger could not even refuse it.
    else await settle.decline(reward.id, 'unfunded');
  }

  async function takeBack(one: ClaimedTakeBack): Promise<void> {
    if (one.again && (await isSettled(one.transactionId))) return;
    await orders.takeBack(one);
  }

  async function attempt(work: Promise<void>, id: string): Promise<void> {
    try {
      await work;
    } catch (error) {
      // Nothing is lost: the claim ends, and it is due again.
      const isExpected = error instanceof RetryableError || isTransient(error);
      log[isExpected ? 'warn' : 'error']({ err: error, id }, `to wait: ${faultText(error)}`);
    }
  }

  async function round(): Promise<boolean> {
    const nowMs = clock.nowMs();
    const [now, until] = [new Date(nowMs), new Date(nowMs + deps.claimMs)];
    const rewards = await claimRewards(db, now, until, concurrency);
    const takeBacks = await claimTakeBacks(db, now, until, concurrency);
    await Promise.all([
      ...rewards.map((one) => attempt(pay(one), one.id)),
      ...takeBacks.map((one) => attempt(takeBack(one), one.transactionId)),
    ]);
    return rewards.length === concurrency || takeBacks.length === concurrency;
  }

  let work: PolledWork | undefined;
  return {
    start() {
      work ??= pollWork({ name: 'paying rewards', everyMs: deps.pollMs, log, doSome: round });
    },
    wake: () => work?.wake(),
    stop: async () => work?.stop(),
  };
}
