import { randomUUID } from 'node:crypto';
import type { RewardTerms, Transaction } from '@florin/contracts';
import { createEnvelope, EVENT_TYPES, type LedgerEvent } from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { createPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import type { LaneOrders } from '../adapters/lane-orders.ts';
import { createFollowEvents } from '../follow-events.ts';
import { createGrantRewards } from '../grant-rewards.ts';
import { createRuleUseCases } from '../manage-rules.ts';
import { createRewardPayer } from '../pay-rewards.ts';
import { createRewardUseCases } from '../read-rewards.ts';
import { createSettleOutcome } from '../settle-outcome.ts';

const DAY_MS = 86_400_000;
let told = 0;

/** What the ledger tells of a transaction that ended. */
export function eventOf(transaction: Transaction): LedgerEvent {
  const name = transaction.status === 'failed' ? 'transaction-failed' : 'transaction-completed';
  return createEnvelope(EVENT_TYPES[name], {
    id: `00-${++told}`,
    source: 'test',
    wallet: transaction.walletId,
    time: transaction.createdAt,
    data: { partition: 0, sequence: told, transaction, entries: [] },
  });
}

/** Ended an hour from now, unless said: after every rule of the test began. */
export function ended(
  more: Partial<Transaction> & Pick<Transaction, 'type' | 'walletId'>,
): Transaction {
  const at = new Date(Date.now() + 1000).toISOString();
  return {
    id: uuidv7(),
    status: 'completed',
    amount: '10000',
    currency: 'USD',
    createdAt: at,
    completedAt: at,
    ...more,
  };
}

/**
 * Rewards on a real database. The ledger in their surroundings pays what it is ordered, once for
 * each id, as long as there is money; what it has decided is told when a test says so.
 */
export async function openRewards() {
  const stack = new AsyncDisposableStack();
  const url = await freshDatabase('rewards', new URL('../migrations', import.meta.url));
  const database = stack.use(await createPool({ url, applicationName: 'rewards', max: 20 }));
  const db = database.slonik;
  const clock = systemClock;
  const owners = new Map<string, string>();
  const decided = new Map<string, Transaction>();
  const ordered: string[] = [];
  const outcomes: string[] = [];
  const refusals: string[] = [];
  let purse: bigint | undefined = 1_000_000_000n;

  function decide(transaction: Transaction, refusal: string | undefined): void {
    ordered.push(transaction.id);
    if (decided.has(transaction.id)) return;
    decided.set(
      transaction.id,
      refusal === undefined
        ? transaction
        : ({ ...transaction, status: 'failed', failure: { code: refusal } } as Transaction),
    );
  }
  const orders: LaneOrders = {
    async pay({ id, walletId, amount }) {
      const isShort = (purse ?? 0n) < amount;
      if (!isShort && !decided.has(id)) purse = (purse ?? 0n) - amount;
      const paid = ended({ id, type: 'reward', walletId, amount: String(amount) });
      decide(paid, isShort ? 'insufficient-funds' : undefined);
    },
    async takeBack({ transactionId: id, rewardId, walletId, amount }) {
      const back = { relatedTransactionId: rewardId, amount: String(amount), remaining: '0' };
      decide(ended({ id, type: 'reversal', walletId, ...back }), refusals.shift());
    },
  };
  const settle = createSettleOutcome({
    db,
    clock,
    takeBackPausesMs: [1, 1],
    onSettled: (_, outcome) => void outcomes.push(outcome),
    onTakenBack: (outcome) => void outcomes.push(outcome),
    onDue: () => payer.wake(),
  });
  const payer = createRewardPayer({
    db,
    orders,
    readTransaction: async (id) => decided.get(id) ?? null,
    walletExists: async () => purse !== undefined,
    settle,
    clock,
    log: createLogger('rewards', 'silent'),
    concurrency: 16,
    claimMs: 40,
    pollMs: 10,
  });
  payer.start();
  stack.defer(() => payer.stop());
  const grantRewards = createGrantRewards({
    db,
    findOwners: async () => owners,
    findWallet: async (userId) => [...owners].findLast(([, ownerId]) => ownerId === userId)?.[0],
    clock,
    onDue: () => payer.wake(),
    onDeclined: (_, reason) => void outcomes.push(reason),
  });
  const follow = createFollowEvents({ db, clock, grantRewards, settle, onDue: () => payer.wake() });
  const rules = createRuleUseCases({ db, clock });
  const rewards = createRewardUseCases({ db, clock });

  return {
    db,
    rules,
    rewards,
    ordered,
    outcomes,
    decided,
    refusals,
    tell: (...transactions: Transaction[]) => follow(transactions.map(eventOf)),
    person(): { id: string; wallet: string } {
      const [id, wallet] = [randomUUID(), randomUUID()];
      owners.set(wallet, id);
      return { id, wallet };
    },
    setPurse: (amount: bigint | undefined) => void (purse = amount),
    async rule(terms: RewardTerms, more: { budget?: string; perPersonMax?: string } = {}) {
      const made = await rules.createRule({
        id: randomUUID(),
        name: `rule ${terms.kind}`,
        currency: 'USD',
        terms,
        validUntil: new Date(Date.now() + 365 * DAY_MS).toISOString(),
        budget: '1000000',
        createdBy: 'admin',
        ...more,
      });
      if ('refused' in made) throw new Error(made.detail);
      return made.rule;
    },
    async rewardsOf(userId: string) {
      return (await rewards.listRewards({ userId, limit: 100 })).items;
    },
    async allOf(ruleId: string) {
      return (await rewards.listRewards({ ruleId, limit: 100 })).items;
    },
    async committed(ruleId: string) {
      return (await rules.getRule({ id: ruleId })).rule?.committed;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export type OpenRewards = Awaited<ReturnType<typeof openRewards>>;
