import type { Currency } from '@florin/kernel';

export interface City {
  country: string;
  latitude: number;
  longitude: number;
}

/** Where wallets live: one currency, so that everybody in a region can pay everybody. */
export interface Region {
  currency: Currency;
  /** Units of the currency for one dollar's worth. */
  perDollar: number;
  /** Local time minus UTC, in hours. */
  hoursAhead: number;
  share: number;
  cities: readonly City[];
}

const city = (country: string, latitude: number, longitude: number): City => ({
  country,
  latitude,
  longitude,
});

export const REGIONS: readonly Region[] = [
  {
    currency: 'USD',
    perDollar: 1,
    hoursAhead: -5,
    share: 0.55,
    cities: [city('US', 40.7, -74), city('US', 41.9, -87.6), city('US', 34, -118.2)],
  },
  {
    currency: 'EUR',
    perDollar: 0.92,
    hoursAhead: 1,
    share: 0.3,
    cities: [city('DE', 52.5, 13.4), city('FR', 48.9, 2.3), city('ES', 40.4, -3.7)],
  },
  {
    currency: 'GBP',
    perDollar: 0.79,
    hoursAhead: 0,
    share: 0.15,
    cities: [city('GB', 51.5, -0.1), city('GB', 53.5, -2.2)],
  },
];

/** Where people travel to, where VPNs end, and where thieves may sit. */
export const FAR_CITIES: readonly City[] = [
  city('TH', 13.8, 100.5),
  city('BR', -23.5, -46.6),
  city('NG', 6.5, 3.4),
  city('RO', 44.4, 26.1),
  city('TR', 41, 29),
  city('NL', 52.4, 4.9),
  city('SG', 1.35, 103.8),
  city('MX', 19.4, -99.1),
  city('AU', -33.9, 151.2),
  city('US', 25.8, -80.2),
];
