import type { Behaviour } from './behaviour.ts';
import type { Payment } from './payment.ts';
import type { Slip } from './statement-slip.ts';

/** What the control API can change while the bank runs. */
export interface BankSettings {
  readonly behaviour: Behaviour;
  /** Mean time to an answer, in milliseconds. */
  readonly delayMs: number;
  /** How long a slow bank needs until a payment is settled, in milliseconds. */
  readonly settleMs: number;
  /** Share of calls, 0 to 1, that fail with 500 before anything happened. */
  readonly failureRate: number;
}

/** One simulated bank. It lives in memory; the journal is what outlasts the process. */
export interface Bank {
  readonly name: string;
  readonly initial: BankSettings;
  settings: BankSettings;
  /** By idempotency key, in order of arrival. */
  readonly payments: Map<string, Payment>;
  /** Mistakes in its statements. */
  readonly slips: Slip[];
  /** Calls for payments not recorded before; what a flaky bank counts. */
  calls: number;
}

export function openBank(name: string, initial: BankSettings): Bank {
  return { name, initial, settings: initial, payments: new Map(), slips: [], calls: 0 };
}

/**
 * A realistic time to answer: around the mean, never twice the same.
 * @param draw 0 ≤ draw < 1
 */
export const answerTimeMs = (settings: BankSettings, draw: number): number =>
  settings.delayMs * (0.5 + draw);
