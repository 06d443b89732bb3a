import { breakerState, type BreakerState } from '@florin/contracts';
import type { Clock } from '@florin/kernel';
import { z } from 'zod';

/** The circuit breakers of the banks, as the banking service reports them. */
export interface BankBreakers {
  /** Seconds until a bank whose breaker is open may be asked again; undefined: it may now. */
  openForSeconds(bank: string): number | undefined;
  list(): BreakerState[];
  /** Takes a report as JSON; undefined when it was withdrawn. What can't be read withdraws too. */
  report(bank: string, json: string | undefined): void;
}

const RETRY_AFTER_DEFAULT_SECONDS = 10;

const reportedState = z
  .string()
  .transform((json, context) => {
    try {
      return JSON.parse(json) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' });
      return z.NEVER;
    }
  })
  .pipe(breakerState);

export function createBankBreakers(clock: Clock): BankBreakers {
  const states = new Map<string, BreakerState>();
  return {
    openForSeconds(bank) {
      const state = states.get(bank);
      if (state?.state !== 'open') return undefined;
      const { since, retryAfterSeconds = RETRY_AFTER_DEFAULT_SECONDS } = state;
      // A report that was lost must not shut a bank out for ever: open holds as long as announced.
      const leftMs = Date.parse(since) + retryAfterSeconds * 1000 - clock.nowMs();
      return leftMs > 0 ? Math.ceil(leftMs / 1000) : undefined;
    },
    list: () => [...states.values()].toSorted((a, b) => (a.bank < b.bank ? -1 : 1)),
    report(bank, json) {
      const read = reportedState.safeParse(json);
      if (read.success) states.set(bank, read.data);
      else states.delete(bank);
    },
  };
}
