import type { Logger, Metrics } from '@florin/runtime';
import type { ReadReference } from './account-reference.ts';
import { createBank, type Bank, type BankBreakerOptions } from './bank.ts';
import type { BankApi } from './bank-api.ts';
import type { BankAddress } from './bank-directory.ts';
import { createBankHttp, type BankHttpOptions } from './bank-http.ts';
import { createLinkedBank } from './linked-bank.ts';
import type { ProviderNotes } from './provider-notes.ts';

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

/** Its package is read only where it is needed: it is a fifth of the start of a process. */
async function openProvider(
  { name, url }: BankAddress,
  options: OpenBanksOptions,
): Promise<BankApi> {
  const [{ openStripe }, { createStripeBank }] = await Promise.all([
    import('./open-stripe.ts'),
    import('./stripe-bank.ts'),
  ]);
  const { connections, requestTimeoutMs, notes, readReference, metrics, log, nowMs } = options;
  const limits = { connections, requestTimeoutMs };
  const stripe = openStripe({ ...limits, url, apiKey: options.apiKeyOf(name) });
  return createStripeBank({ name, stripe, notes, readReference, metrics, log, nowMs });
}

async function openApi(address: BankAddress, options: OpenBanksOptions): Promise<BankApi> {
  if ('provider' in address) return openProvider(address, options);
  const { connections, connectTimeoutMs, requestTimeoutMs, readReference } = options;
  const limits = { connections, connectTimeoutMs, requestTimeoutMs };
  return createLinkedBank(createBankHttp({ ...limits, ...address }), readReference);
}

/** Each bank with connections and a circuit breaker of its own, by name. */
export async function openBanks(
  addresses: readonly BankAddress[],
  options: OpenBanksOptions,
): Promise<Banks> {
  const { breaker, metrics } = options;
  const opened = addresses.map(async (address) => {
    const { name } = address;
    const api = await openApi(address, options);
    return [name, createBank({ name, api, breaker, metrics })] as const;
  });
  return new Map(await Promise.all(opened));
}

export async function closeBanks(banks: Banks): Promise<void> {
  await Promise.all([...banks.values()].map((bank) => bank.close()));
}
