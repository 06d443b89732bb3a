import type { Logger, Metrics } from '@florin/runtime';
import type { ReadReference } from './account-reference.ts';
import { createBank, type Bank, type BankBreakerOptions } from './bank.ts';
import type { BankApi } from './bank-api.ts';
import type { BankAddress } from './bank-directory.ts';
import { createBankHttp, type BankHttpOptions } from './bank-http.ts';
import { createLinkedBank } from './linked-bank.ts';
import { openStripe } from './open-stripe.ts';
import type { ProviderNotes } from './provider-notes.ts';
import { createStripeBank } from './stripe-bank.ts';

export interface OpenBanksOptions extends Omit<BankHttpOptions, 'name' | 'url'> {
  breaker: BankBreakerOptions;
  metrics: Metrics;
  log: Logger;
  nowMs: () => number;
  /** What a provider knows us by. */
  apiKeyOf(bank: string): string;
  notes: ProviderNotes;
  readReference: ReadReference;
}

export type Banks = ReadonlyMap<string, Bank>;

function openApi(address: BankAddress, options: OpenBanksOptions): BankApi {
  const { name, url } = address;
  const { readReference, connections, connectTimeoutMs, requestTimeoutMs } = options;
  const limits = { connections, requestTimeoutMs };
  if ('provider' in address) {
    const stripe = openStripe({ ...limits, url, apiKey: options.apiKeyOf(name) });
    const { notes, metrics, log, nowMs } = options;
    return createStripeBank({ name, stripe, notes, readReference, metrics, log, nowMs });
  }
  const http = createBankHttp({ ...limits, connectTimeoutMs, name, url: address.url });
  return createLinkedBank(http, readReference);
}

/** Each bank with connections and a circuit breaker of its own, by name. */
export function openBanks(addresses: readonly BankAddress[], options: OpenBanksOptions): Banks {
  const { breaker, metrics } = options;
  return new Map(
    addresses.map((address) => {
      const { name } = address;
      return [name, createBank({ name, api: openApi(address, options), breaker, metrics })];
    }),
  );
}

export async function closeBanks(banks: Banks): Promise<void> {
  await Promise.all([...banks.values()].map((bank) => bank.close()));
}
