import type { Currency, Rate } from '@florin/kernel';

/** What a provider has published: units of each currency for one of the base. */
export interface RateTable {
  readonly base: Currency;
  readonly publishedAtMs: number;
  /** The base among them, as 1. */
  readonly rates: ReadonlyMap<Currency, Rate>;
}

/** After so long a rate is none: others know a better one, and would take the difference. */
export const isStale = ({ publishedAtMs }: RateTable, nowMs: number, ageMsMax: number): boolean =>
  nowMs - publishedAtMs >= ageMsMax;
