import { RetryableError } from '@florin/kernel';
import { retry } from '@florin/runtime';
import { request } from 'undici';
import { z } from 'zod';

const bankName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);
const address = z.url({ protocol: /^https?$/ });

/** A bank that speaks our protocol, or a provider with one of its own. */
export const bankAddress = z.union([
  z.object({
    name: bankName,
    provider: z.literal('stripe'),
    url: address.default('https://api.stripe.com'),
  }),
  z.object({ name: bankName, url: address }),
]);
export type BankAddress = z.output<typeof bankAddress>;

export const bankAddresses = z
  .array(bankAddress)
  .refine((banks) => new Set(banks.map(({ name }) => name)).size === banks.length, {
    error: 'must not name a bank twice',
  });

const directory = z.object({ banks: bankAddresses });

async function fetchOnce(url: string): Promise<BankAddress[]> {
  try {
    const response = await request(url, { signal: AbortSignal.timeout(2_000) });
    return directory.parse(await response.body.json()).banks;
  } catch (error) {
    throw new RetryableError(`the bank directory ${url} can't be read`, { cause: error });
  }
}

/** Reads the banks' addresses once, at start: they stay the same for a run. Waits some seconds. */
export const fetchBankDirectory = (url: string, signal: AbortSignal): Promise<BankAddress[]> =>
  retry(() => fetchOnce(url), { attempts: 20, baseMs: 100, capMs: 1_000, signal });
