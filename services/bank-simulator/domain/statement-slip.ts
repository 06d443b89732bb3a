import type { Currency, Minor } from '@florin/kernel';
import type { BookedEntry } from './day-statement.ts';

/**
 * A mistake in what a bank says it has booked, planted to be found: an entry that is missing, has
 * another amount or comes twice, or one that nobody has asked for.
 */
export type Slip =
  | { readonly kind: 'missing'; readonly endToEndId: string }
  | { readonly kind: 'duplicate'; readonly endToEndId: string }
  | { readonly kind: 'amount'; readonly endToEndId: string; readonly amount: Minor }
  | {
      readonly kind: 'extra';
      readonly reference: string;
      readonly endToEndId: string;
      readonly currency: Currency;
      /** Below 0 where money is said to have gone. */
      readonly amount: Minor;
      readonly bookedAtMs: number;
    };

function applySlip(booked: readonly BookedEntry[], slip: Slip): BookedEntry[] {
  if (slip.kind === 'extra') {
    const { kind: _, ...entry } = slip;
    return [...booked, entry];
  }
  return booked.flatMap((entry) => {
    if (entry.endToEndId !== slip.endToEndId) return [entry];
    if (slip.kind === 'missing') return [];
    if (slip.kind === 'duplicate') return [entry, { ...entry, reference: `${entry.reference}-2` }];
    return [{ ...entry, amount: entry.amount < 0n ? -slip.amount : slip.amount }];
  });
}

/** What the bank says it has booked, mistakes included. */
export const applySlips = (
  booked: readonly BookedEntry[],
  slips: readonly Slip[],
): readonly BookedEntry[] => slips.reduce<readonly BookedEntry[]>(applySlip, booked);
