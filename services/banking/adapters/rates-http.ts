import { isCurrency, parseRate, RetryableError, type Currency, type Rate } from '@florin/kernel';
import { request } from 'undici';
import { z } from 'zod';
import type { RateTable } from '../domain/rate-table.ts';

/** A provider of exchange rates. @throws RetryableError when it gave no proper answer */
export type FetchRates = () => Promise<RateTable>;

const BYTES_MAX = 256 * 1024;

const published = z.object({
  base: z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code)),
  publishedAt: z.iso.datetime(),
  rates: z.record(z.string(), z.string()),
});

/** Currencies that are not known here are left out; a rate that is none makes all doubtful. */
function tableOf(body: unknown, nowMs: number): RateTable {
  const { base, publishedAt, rates } = published.parse(body);
  const known = new Map<Currency, Rate>();
  for (const [code, text] of Object.entries({ ...rates, [base]: '1' })) {
    if (!isCurrency(code)) continue;
    const rate = parseRate(text);
    if (!rate.ok) throw new TypeError(`the rate of ${code} ${rate.error}`);
    known.set(code, rate.value);
  }
  // A clock that runs ahead must not keep rates young.
  return { base, publishedAtMs: Math.min(Date.parse(publishedAt), nowMs), rates: known };
}

export function createRatesHttp(options: {
  url: string;
  requestTimeoutMs: number;
  nowMs: () => number;
}): FetchRates {
  const { url, requestTimeoutMs, nowMs } = options;
  return async () => {
    try {
      const signal = AbortSignal.timeout(requestTimeoutMs);
      const { statusCode, body } = await request(url, { signal });
      const bytes = await body.arrayBuffer();
      if (statusCode !== 200) throw new TypeError(`it answered ${statusCode}`);
      if (bytes.byteLength > BYTES_MAX) throw new TypeError('it answered too much');
      return tableOf(JSON.parse(Buffer.from(bytes).toString()), nowMs());
    } catch (error) {
      throw new RetryableError('the exchange gave no proper answer', { cause: error });
    }
  };
}
