import { setTimeout as pause } from 'node:timers/promises';
import type { Cast, Seen } from './cast.ts';
import type { Regular } from './typologies.ts';

/** A payment of the flow: when it was asked for, and what was answered. */
export interface Flowing {
  startedMs: number;
  endedMs: number;
  seen: Seen;
}

/** People who pay each other small amounts all the time. */
export interface Flow extends AsyncDisposable {
  /** Everything so far, in the order of the answers. */
  payments: Flowing[];
  /** What was no answer about a payment: 503, 500, a broken connection. */
  failures: unknown[];
  stop(): Promise<void>;
}

/** As people pause between two payments: a wallet that pays all the time is a suspicious one. */
const THINKING_MS = 90;

export function startFlow(cast: Cast, people: readonly Regular[], clients: number): Flow {
  const payments: Flowing[] = [];
  const failures: unknown[] = [];
  let stopped = false;

  async function pay(n: number): Promise<void> {
    const payer = people[n % people.length] as Regular;
    const payee = people[(n + 1) % people.length] as Regular;
    const startedMs = performance.now();
    const cents = 200 + ((n * 37) % 700);
    const seen = await cast.transfer(payer.wallet, payee.wallet, cents, payer.home);
    payments.push({ startedMs, endedMs: performance.now(), seen });
  }

  async function client(first: number): Promise<void> {
    for (let n = first; !stopped; n += clients) {
      await pay(n).catch((error: unknown) => failures.push(error));
      await pause(THINKING_MS);
    }
  }

  const running = Array.from({ length: clients }, (_, first) => client(first));
  async function stop(): Promise<void> {
    stopped = true;
    await Promise.all(running);
  }
  return { payments, failures, stop, [Symbol.asyncDispose]: stop };
}
