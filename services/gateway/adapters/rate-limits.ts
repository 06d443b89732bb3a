import type { Logger, Metrics } from '@florin/runtime';
import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { BUDGETS, type Budget, type RatePlan } from '../domain/rate-plan.ts';
import { openStore } from './open-store.ts';

const WINDOW_SECONDS = 60;

/** What is left of a budget after one request was taken from it. */
export interface Quota {
  budget: Budget;
  limit: number;
  remaining: number;
  /** Until all of it is there again. */
  resetSeconds: number;
  allowed: boolean;
}

export interface RateLimits {
  /** Takes one request from the budget of a key; undefined where there is no limit. */
  take(budget: Budget, key: string): Promise<Quota | undefined>;
  /** Undoes a take: the request turned out to be none that counts. */
  giveBack(budget: Budget, key: string): Promise<void>;
  close(): void;
}

interface RateLimitsDeps {
  plan: RatePlan;
  /** Counts for all gateways together; without, each one counts what it sees. */
  redisUrl: string | undefined;
  log: Logger;
  metrics: Metrics;
}

function limiterOf(budget: Budget, points: number, store: Redis | undefined) {
  const options = { keyPrefix: `florin:rate:${budget}`, points, duration: WINDOW_SECONDS };
  const memory = new RateLimiterMemory(options);
  if (store === undefined) return memory;
  return new RateLimiterRedis({ ...options, storeClient: store, insuranceLimiter: memory });
}

/**
 * Counts requests in windows of a minute, in Redis or Valkey where there is one. While that is away
 * every process counts by itself: neither does a lost store let everything through, nor stop it.
 */
export function createRateLimits({ plan, redisUrl, log, metrics }: RateLimitsDeps): RateLimits {
  const store = redisUrl === undefined ? undefined : openStore(redisUrl, log);
  const limiters = new Map(
    (Object.keys(BUDGETS) as Budget[]).flatMap((budget) => {
      const points = plan[budget];
      return points === null ? [] : [[budget, limiterOf(budget, points, store)] as const];
    }),
  );
  const refused = metrics.counter({
    name: 'rate_limited_total',
    help: 'Requests that came after their budget of the minute was spent',
    labelNames: ['budget'],
  });

  const quotaOf = (budget: Budget, state: RateLimiterRes, allowed: boolean): Quota => ({
    budget,
    limit: plan[budget] ?? 0,
    remaining: Math.max(0, state.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
    allowed,
  });

  return {
    async take(budget, key) {
      const limiter = limiters.get(budget);
      if (limiter === undefined) return undefined;
      try {
        return quotaOf(budget, await limiter.consume(key), true);
      } catch (state) {
        if (!(state instanceof RateLimiterRes)) throw state;
        refused.inc({ budget });
        return quotaOf(budget, state, false);
      }
    },
    async giveBack(budget, key) {
      await limiters.get(budget)?.reward(key);
    },
    close: () => store?.disconnect(),
  };
}
