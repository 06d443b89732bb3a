import { CURRENCIES, unitsPerDollarOf } from '@florin/kernel';

/** How the exchange answers: `failing` with 500, `hanging` never, `down` refuses connections. */
export const EXCHANGE_BEHAVIOURS = ['ok', 'failing', 'hanging', 'down'] as const;

/** What the control API can change while the exchange runs. */
export interface ExchangeSettings {
  readonly behaviour: (typeof EXCHANGE_BEHAVIOURS)[number];
  /** Mean time to an answer, in milliseconds. */
  readonly delayMs: number;
  /** How long ago its rates were published when they are asked for, in milliseconds. */
  readonly ageMs: number;
  /** Units of a currency for one of the base, as decimals. */
  readonly rates: Readonly<Record<string, string>>;
}

export const BASE = 'USD';

/** As they were some day; those that are not named have the round ones of the table. */
const OF_SOME_DAY: Record<string, string> = {
  AUD: '1.5312',
  BRL: '5.4021',
  BTC: '0.00001087',
  CAD: '1.3947',
  CHF: '0.8021',
  CNY: '7.1184',
  CZK: '21.043',
  DKK: '6.4372',
  EUR: '0.8629',
  GBP: '0.7614',
  HKD: '7.7803',
  INR: '88.71',
  JPY: '151.37',
  KRW: '1432.6',
  KWD: '0.30711',
  MXN: '18.402',
  NOK: '10.084',
  NZD: '1.7402',
  PLN: '3.6683',
  SEK: '9.4418',
  SGD: '1.2998',
  TND: '2.9415',
  ZAR: '17.311',
};

export const initialRates = (extra: Readonly<Record<string, string>>): Record<string, string> => ({
  ...Object.fromEntries(CURRENCIES.map((code) => [code, unitsPerDollarOf(code)])),
  ...OF_SOME_DAY,
  ...extra,
  [BASE]: '1',
});

/** Some rates changed, null withdraws one; the others stay as they are. */
export function changeRates(
  rates: ExchangeSettings['rates'],
  changes: Readonly<Record<string, string | null>>,
): Record<string, string> {
  const merged = Object.entries({ ...rates, ...changes, [BASE]: '1' });
  return Object.fromEntries(merged.filter((entry): entry is [string, string] => entry[1] !== null));
}
