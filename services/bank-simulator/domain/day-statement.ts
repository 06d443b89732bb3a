import type { Currency, Minor } from '@florin/kernel';
import { statusAt, type Payment } from './payment.ts';
import { applySlips, type Slip } from './statement-slip.ts';

/** Something that a bank has booked on our account. */
export interface BookedEntry {
  readonly reference: string;
  readonly endToEndId: string;
  readonly currency: Currency;
  /** More than 0 where money came in. */
  readonly amount: Minor;
  readonly bookedAtMs: number;
}

/** What a bank says of a currency and a day. Balances are what it holds for us. */
export interface DayStatement {
  readonly bank: string;
  readonly currency: Currency;
  readonly fromMs: number;
  /** The end of the day, or now while it lasts. */
  readonly toMs: number;
  readonly complete: boolean;
  readonly opening: Minor;
  readonly closing: Minor;
  /** In the order in which they were booked. */
  readonly entries: readonly BookedEntry[];
}

const DAY_MS = 86_400_000;

/** "2026-11-20" → its first moment, UTC. */
export const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00.000Z`);
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const bookedBy = (payments: Iterable<Payment>, nowMs: number): BookedEntry[] =>
  [...payments]
    .filter((payment) => statusAt(payment, nowMs) === 'settled')
    .map(({ paymentId, idempotencyKey, kind, amount, currency, standsAtMs }) => ({
      reference: paymentId,
      endToEndId: idempotencyKey,
      currency,
      amount: kind === 'charge' ? amount : -amount,
      bookedAtMs: standsAtMs,
    }));

const inOrder = (one: BookedEntry, other: BookedEntry): number =>
  one.bookedAtMs - other.bookedAtMs || (one.reference < other.reference ? -1 : 1);

const sum = (entries: readonly BookedEntry[]): Minor =>
  entries.reduce((total, { amount }) => total + amount, 0n);

/** The days of which there is a statement: from that of the first booking up to today. */
export function daysOf(
  payments: Iterable<Payment>,
  slips: readonly Slip[],
  nowMs: number,
): string[] {
  const booked = applySlips(bookedBy(payments, nowMs), slips);
  const firstMs = booked.reduce((least, { bookedAtMs }) => Math.min(least, bookedAtMs), nowMs);
  const days: string[] = [];
  for (let at = startOfDay(dayOf(firstMs)); at <= nowMs; at += DAY_MS) days.push(dayOf(at));
  return days;
}

/**
 * The statements of a day: one for each currency that the bank had an order in by then, also where
 * nothing was booked. They add up, whatever slips they hold: it is the bank that is wrong then.
 */
export function statementsOfDay(
  bank: string,
  payments: Iterable<Payment>,
  slips: readonly Slip[],
  day: string,
  nowMs: number,
): DayStatement[] {
  const known = [...payments];
  const fromMs = startOfDay(day);
  const endMs = fromMs + DAY_MS;
  const complete = endMs <= nowMs;
  const toMs = complete ? endMs : nowMs;
  const booked = applySlips(bookedBy(known, nowMs), slips).toSorted(inOrder);
  const currencies = new Set([...known, ...booked].map(({ currency }) => currency));
  return [...currencies].toSorted().map((currency) => {
    const own = booked.filter((one) => one.currency === currency && one.bookedAtMs < endMs);
    const opening = sum(own.filter(({ bookedAtMs }) => bookedAtMs < fromMs));
    const entries = own.filter(({ bookedAtMs }) => bookedAtMs >= fromMs);
    const closing = opening + sum(entries);
    return { bank, currency, fromMs, toMs, complete, opening, closing, entries };
  });
}
