import { createMetrics } from '@florin/runtime';
import { createBank, type Bank } from '../adapters/bank.ts';
import { createBankHttp } from '../adapters/bank-http.ts';

const BREAKER = {
  timeoutMs: 2_000,
  errorThresholdPercentage: 50,
  volumeThreshold: 10,
  resetTimeoutMs: 200,
};

/** Clients of banks with time limits short enough for tests. */
export function openBanks(
  addresses: readonly { name: string; url: string }[],
  { requestTimeoutMs = 150, ...breaker }: { requestTimeoutMs?: number; volumeThreshold?: number },
): Map<string, Bank> {
  const metrics = createMetrics('banking');
  return new Map(
    addresses.map(({ name, url }) => {
      const http = createBankHttp({
        name,
        url,
        connections: 64,
        connectTimeoutMs: 500,
        requestTimeoutMs,
      });
      return [name, createBank({ name, http, breaker: { ...BREAKER, ...breaker }, metrics })];
    }),
  );
}
