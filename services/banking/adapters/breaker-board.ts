import { KV_BUCKETS, type BreakerState } from '@florin/contracts';
import { faultText, type Clock } from '@florin/kernel';
import { putValue, type Bus } from '@florin/messaging';
import { retry, type Logger } from '@florin/runtime';
import type { Circuit } from '../domain/circuit.ts';
import type { Bank } from './bank.ts';

interface BreakerBoardOptions {
  bus: Bus;
  /** Banks, and whatever else outside is behind a breaker. */
  banks: Iterable<Pick<Bank, 'name' | 'circuit' | 'onCircuitChange'>>;
  resetTimeoutMs: number;
  clock: Pick<Clock, 'nowMs'>;
  log: Logger;
  signal: AbortSignal;
}

/**
 * Shows every bank's circuit breaker to the other services, from now on and at every change: the
 * gateway turns deposits away while a bank is away. Several processes write to the same place: each
 * has its own breaker, and the last change is what is shown.
 */
export function showBreakers(options: BreakerBoardOptions): void {
  const { bus, banks, resetTimeoutMs, clock, log, signal } = options;
  const shown = new Map<string, BreakerState>();

  async function write(state: BreakerState): Promise<void> {
    // A newer state has come while this one waited for the server.
    if (shown.get(state.bank) !== state) return;
    await putValue(bus, KV_BUCKETS.breakers, state.bank, JSON.stringify(state));
  }

  function show(bank: string, circuit: Circuit): void {
    const state: BreakerState = {
      bank,
      state: circuit,
      since: new Date(clock.nowMs()).toISOString(),
      ...(circuit === 'open' && { retryAfterSeconds: Math.ceil(resetTimeoutMs / 1000) }),
    };
    shown.set(bank, state);
    const patience = { attempts: 20, baseMs: 100, capMs: 5_000, signal, isRetryable: () => true };
    retry(() => write(state), patience).catch((error: unknown) => {
      log.error({ bank, circuit, reason: faultText(error) }, 'a breaker state can not be shown');
    });
  }

  for (const bank of banks) {
    show(bank.name, bank.circuit());
    bank.onCircuitChange((circuit) => {
      log[circuit === 'open' ? 'warn' : 'info']({ bank: bank.name, circuit }, 'breaker changed');
      show(bank.name, circuit);
    });
  }
}
