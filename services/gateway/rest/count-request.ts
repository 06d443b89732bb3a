import type { IncomingMessage } from 'node:http';
import type { Quota, RateLimits } from '../adapters/rate-limits.ts';
import type { Caller } from '../domain/caller.ts';
import { budgetOf, countedWallet, type Budget } from '../domain/rate-plan.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { clientAddress } from './client-address.ts';
import type { Answer, Route } from './route.ts';

/** Counts one request, by what is known of it at each step. */
export interface CountRequest {
  /** Of somebody who has not proven who they are: a try at a password, or a token that is none. */
  stranger(): Promise<Refusal | undefined>;
  caller(caller: Caller): Promise<Refusal | undefined>;
  /** A payment, once its body is known. */
  payment(route: Route, caller: Caller | undefined, body: unknown): Promise<Refusal | undefined>;
  /** Undoes the count of a stranger who has proven to be none. */
  proven(route: Route, outcome: Answer | Refusal): Promise<void>;
  /** What the answer tells about the budget that is nearest to its end. */
  headers(): Record<string, string>;
}

interface CountDeps {
  limits: Pick<RateLimits, 'take' | 'giveBack'>;
  trustedProxies: number;
}

/** The fields of draft-ietf-httpapi-ratelimit-headers. */
const headersOf = ({ budget, limit, remaining, resetSeconds }: Quota): Record<string, string> => ({
  'ratelimit-policy': `"${budget}";q=${limit};w=60`,
  ratelimit: `"${budget}";r=${remaining};t=${resetSeconds}`,
});

const tooMany = ({ budget, limit, resetSeconds }: Quota): Refusal =>
  refusal('rate-limited', `at most ${limit} requests a minute (${budget}); please wait`, {
    retryAfterSeconds: resetSeconds,
  });

const NO_HEADERS = {};

/** A login that succeeds is no try at all: only what fails, and what makes accounts, is counted. */
const isProof = (outcome: Answer | Refusal): boolean =>
  'status' in outcome && outcome.status === 200;

/** Whether strangers may only try this now and then. What they read is the same for everybody. */
export const isAttempt = ({ access, method }: Route): boolean =>
  access === 'public' && method !== 'GET';

export function createCounting({ limits, trustedProxies }: CountDeps) {
  return (request: IncomingMessage): CountRequest => {
    let nearest: Quota | undefined;
    const address = (): string => clientAddress(request, trustedProxies) ?? 'unknown';

    async function take(budget: Budget, key: string): Promise<Refusal | undefined> {
      const quota = await limits.take(budget, key);
      if (quota === undefined) return undefined;
      if (nearest === undefined || quota.remaining <= nearest.remaining) nearest = quota;
      return quota.allowed ? undefined : tooMany(quota);
    }

    return {
      stranger: () => take('anonymous', address()),
      async caller(caller) {
        const budget = budgetOf(caller);
        return budget === undefined ? undefined : take(budget, caller.id);
      },
      async payment({ access, idempotencyKey }, caller, body) {
        if (access !== 'transactions:write' || idempotencyKey !== 'required') return undefined;
        if (caller === undefined || budgetOf(caller) === undefined) return undefined;
        const wallet = countedWallet(body);
        return wallet === undefined ? undefined : take('wallet', wallet);
      },
      async proven(route, outcome) {
        if (isAttempt(route) && isProof(outcome)) await limits.giveBack('anonymous', address());
      },
      headers: () => (nearest === undefined ? NO_HEADERS : headersOf(nearest)),
    };
  };
}

export type StartCounting = ReturnType<typeof createCounting>;
