import {
  CURRENCIES,
  exponentOf,
  isListedCurrency,
  unitsPerDollarOf,
  type Currency,
  type CustomAsset,
} from '@florin/kernel';

/** An asset of this installation's own. */
export interface Asset {
  code: CustomAsset;
  name: string;
  /** What a dollar is worth in it, roughly: its limits are made from it. */
  unitsPerDollar: string;
}

export interface DescribedCurrency {
  code: Currency;
  decimals: number;
  name: string;
  kind: 'iso-4217' | 'crypto' | 'custom';
}

/** What wallets may be opened in, and how much of it is how much. */
export interface AssetTable {
  exists(currency: Currency): boolean;
  /** Of what is not known here any more a unit counts as a dollar. */
  unitsPerDollar(currency: Currency): string;
  list(): readonly DescribedCurrency[];
}

const NAMES = new Intl.DisplayNames('en', { type: 'currency' });

/** The currencies of the world, and the assets that an installation has besides. */
export function createAssetTable(assets: readonly Asset[]): AssetTable {
  const own = new Map<Currency, Asset>(assets.map((asset) => [asset.code, asset]));
  const listed = CURRENCIES.map((code): DescribedCurrency => ({
    code,
    decimals: exponentOf(code),
    name: code === 'BTC' ? 'Bitcoin' : (NAMES.of(code) ?? code),
    kind: code === 'BTC' ? 'crypto' : 'iso-4217',
  }));
  const custom = assets.map(({ code, name }): DescribedCurrency => ({
    code,
    decimals: exponentOf(code),
    name,
    kind: 'custom',
  }));
  const all = [...listed, ...custom];
  return {
    exists: (currency) => isListedCurrency(currency) || own.has(currency),
    unitsPerDollar: (currency) =>
      unitsPerDollarOf(currency) ?? own.get(currency)?.unitsPerDollar ?? '1',
    list: () => all,
  };
}
