import type { KycLevel, WalletLimits } from '@florin/contracts';
import { worthOfCents, type Currency } from '@florin/kernel';
import type { AssetTable } from './asset-table.ts';

/** What may leave a wallet, in whole dollars: once, in a day, in a month. */
export const KYC_LIMITS = {
  0: { perTransaction: 10_000, perDay: 50_000, perMonth: 200_000 },
  1: { perTransaction: 50_000, perDay: 200_000, perMonth: 1_000_000 },
  2: { perTransaction: 250_000, perDay: 1_000_000, perMonth: 5_000_000 },
} as const satisfies Record<KycLevel, Record<keyof WalletLimits, number>>;

/**
 * The limits of a level in a wallet's currency, in its minor units: a level means roughly the same
 * in each, by the table of what a dollar is worth.
 */
export function limitsOf(
  level: KycLevel,
  currency: Currency,
  { unitsPerDollar }: Pick<AssetTable, 'unitsPerDollar'>,
): WalletLimits {
  const units = unitsPerDollar(currency);
  const inMinor = (dollars: number): string =>
    String(worthOfCents(BigInt(dollars) * 100n, currency, units));
  const { perTransaction, perDay, perMonth } = KYC_LIMITS[level];
  return {
    perTransaction: inMinor(perTransaction),
    perDay: inMinor(perDay),
    perMonth: inMinor(perMonth),
  };
}

/** What identity calls a level; whatever is not known here counts as none. */
export const asKycLevel = (level: number): KycLevel => (level === 1 || level === 2 ? level : 0);
