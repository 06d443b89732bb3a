import type { KycLevel, WalletLimits } from '@florin/contracts';
import { exponentOf, type Currency } from '@florin/kernel';

/** Roughly what a dollar is worth, so that a level means the same in each currency. */
const UNITS_PER_DOLLAR: Partial<Record<Currency, number>> = {
  BRL: 5,
  CNY: 5,
  DKK: 5,
  HKD: 5,
  PLN: 5,
  CZK: 20,
  MXN: 20,
  NOK: 10,
  SEK: 10,
  ZAR: 20,
  INR: 100,
  JPY: 100,
  KRW: 1000,
  BTC: 0.000_01,
};

/** What may leave a wallet, in whole dollars: once, in a day, in a month. */
export const KYC_LIMITS = {
  0: { perTransaction: 10_000, perDay: 50_000, perMonth: 200_000 },
  1: { perTransaction: 50_000, perDay: 200_000, perMonth: 1_000_000 },
  2: { perTransaction: 250_000, perDay: 1_000_000, perMonth: 5_000_000 },
} as const satisfies Record<KycLevel, Record<keyof WalletLimits, number>>;

/** The limits of a level in a wallet's currency, in its minor units. */
export function limitsOf(level: KycLevel, currency: Currency): WalletLimits {
  const minorUnits = (UNITS_PER_DOLLAR[currency] ?? 1) * 10 ** exponentOf(currency);
  const inMinor = (dollars: number): string => String(Math.round(dollars * minorUnits));
  const { perTransaction, perDay, perMonth } = KYC_LIMITS[level];
  return {
    perTransaction: inMinor(perTransaction),
    perDay: inMinor(perDay),
    perMonth: inMinor(perMonth),
  };
}

/** What identity calls a level; whatever is not known here counts as none. */
export const asKycLevel = (level: number): KycLevel => (level === 1 || level === 2 ? level : 0);
