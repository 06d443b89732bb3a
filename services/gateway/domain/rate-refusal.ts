import type { QUOTE_REFUSALS } from '@florin/contracts';
import { refusal, type Refusal } from './refusal.ts';

interface RefusedRate {
  code: (typeof QUOTE_REFUSALS)[number];
  publishedAt?: string | undefined;
  retryAfterSeconds?: number | undefined;
}

/** Why there is no rate, in words for people. */
export function rateRefusal({ code, publishedAt, retryAfterSeconds = 1 }: RefusedRate): Refusal {
  switch (code) {
    case 'no-rate':
      return refusal(code, 'the provider of rates has none for this');
    case 'amount-too-small':
      return refusal(code, 'after rounding down nothing would be left of it');
    case 'limit-exceeded':
      return refusal(code, 'more than may be moved at once would come of it');
    case 'rate-stale': {
      const last = publishedAt === undefined ? '' : `, the last are of ${publishedAt}`;
      return refusal(code, `there are no current rates${last}`, { retryAfterSeconds });
    }
  }
}
