import { REWARD_KINDS, REWARDS_OWNER, type RewardKind } from '@florin/contracts';
import { faultText } from '@florin/kernel';
import type { Database } from '@florin/postgres';
import type { Logger, Metrics } from '@florin/runtime';
import { countWaiting, budgetsLeft } from './sql/figures.ts';

const LOOK_EVERY_MS = 15_000;

/** What there is for rewards: wallets of the platform with their balances. */
export type ListPurses = (
  ownerId: string,
) => Promise<readonly { currency: string; balances: { available: string } }[]>;

/** What somebody is told of when it first happens: a counter that is not there yet can't grow. */
const TOLD_OF = ['unfunded', 'insufficient-funds', 'budget-exhausted'];

/** Counts what rewards come to. */
export function countRewards(metrics: Metrics) {
  const decided = metrics.counter({
    name: 'rewards_decided_total',
    help: 'Rewards that ended, by kind: paid, or why not',
    labelNames: ['kind', 'outcome'],
  });
  const takenBack = metrics.counter({
    name: 'reward_take_backs_total',
    help: 'Rewards, or parts of them, that went back with their payment, or could not',
    labelNames: ['outcome'],
  });
  for (const kind of REWARD_KINDS) {
    for (const outcome of TOLD_OF) decided.inc({ kind, outcome }, 0);
  }
  takenBack.inc({ outcome: 'owed' }, 0);
  return {
    decided: (kind: RewardKind, outcome: string): void => decided.inc({ kind, outcome }),
    takenBack: (outcome: 'done' | 'owed'): void => takenBack.inc({ outcome }),
  };
}

/** Keeps gauges of what waits and of what there is to pay from. Answers how to end that. */
export function gaugeRewards(
  db: Database['slonik'],
  listPurses: ListPurses,
  metrics: Metrics,
  log: Logger,
): () => void {
  const waiting = metrics.gauge({
    name: 'rewards_waiting_seconds',
    help: 'How long the longest waiting reward has waited for the ledger, of all processes',
  });
  const left = metrics.gauge({
    name: 'reward_budget_left_ratio',
    help: 'What is left of the budget of a rule that is in force',
    labelNames: ['rule'],
  });
  const purse = metrics.gauge({
    name: 'reward_purse_available',
    help: 'What there is to pay rewards from, in minor units',
    labelNames: ['currency'],
  });

  async function look(): Promise<void> {
    waiting.set(await countWaiting(db));
    left.reset();
    for (const { id, share } of await budgetsLeft(db, new Date())) left.set({ rule: id }, share);
    for (const { currency, balances } of await listPurses(REWARDS_OWNER)) {
      purse.set({ currency }, Number(balances.available));
    }
  }
  let hasLooked = false;
  const lookNow = (): void =>
    void look().then(
      () => (hasLooked = true),
      (error: unknown) => {
        // At the first start whoever is asked may be starting, too.
        const level = hasLooked ? 'warn' : 'info';
        log[level]({ reason: faultText(error) }, 'rewards can not be measured now');
      },
    );
  lookNow();
  const timer = setInterval(lookNow, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}
