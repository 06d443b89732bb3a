import type { Metrics } from '@florin/runtime';
import { createBank, type Bank, type BankBreakerOptions } from './bank.ts';
import type { BankAddress } from './bank-directory.ts';
import { createBankHttp, type BankHttpOptions } from './bank-http.ts';

export interface OpenBanksOptions extends Omit<BankHttpOptions, 'name' | 'url'> {
  breaker: BankBreakerOptions;
  metrics: Metrics;
}

export type Banks = ReadonlyMap<string, Bank>;

/** Each bank with connections and a circuit breaker of its own, by name. */
export function openBanks(
  addresses: readonly BankAddress[],
  { breaker, metrics, ...http }: OpenBanksOptions,
): Banks {
  return new Map(
    addresses.map(({ name, url }) => {
      const bank = { name, http: createBankHttp({ ...http, name, url }), breaker, metrics };
      return [name, createBank(bank)];
    }),
  );
}

export async function closeBanks(banks: Banks): Promise<void> {
  await Promise.all([...banks.values()].map((bank) => bank.close()));
}
