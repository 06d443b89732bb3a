import { QUOTE_SECONDS_MAX } from '@florin/contracts';
import type { BANKING_REQUESTS, listedRate, Quote } from '@florin/contracts';
import { uuidv7, type Clock } from '@florin/kernel';
import { signQuote, type Signer } from '@florin/messaging';
import type { Metrics } from '@florin/runtime';
import type { z } from 'zod';
import type { Exchange } from './adapters/exchange.ts';
import type { QuoteStore } from './adapters/quote-store.ts';
import { priceConversion, priceOf, type PriceRefusal } from './domain/price-conversion.ts';
import type { Spreads } from './domain/spreads.ts';

type Asked<Name extends keyof typeof BANKING_REQUESTS> = z.output<
  (typeof BANKING_REQUESTS)[Name]['request']
>;
type Answered<Name extends keyof typeof BANKING_REQUESTS> = z.input<
  (typeof BANKING_REQUESTS)[Name]['response']
>;
type Refused = Extract<Answered<'createQuote'>, { ok: false }>;

export interface PromiseRateDeps {
  exchange: Pick<Exchange, 'rates' | 'publishedAtMs'>;
  store: QuoteStore;
  spreads: Spreads;
  sign: Signer;
  /** How long a rate is locked unless less is asked for, and from when rates are refused. */
  quoteMs: number;
  ageMsMax: number;
  retryAfterMs: number;
  clock: Pick<Clock, 'nowMs'>;
  metrics: Metrics;
}

const iso = (ms: number): string => new Date(ms).toISOString();

/** Tells rates, and promises them: signed, so that the books believe them whoever hands them on. */
export function createPromiseRate(deps: PromiseRateDeps) {
  const { exchange, store, spreads, sign, quoteMs, ageMsMax, clock, metrics } = deps;
  const quotes = metrics.counter({
    name: 'quotes_total',
    help: 'Quotes by what came of asking for them',
    labelNames: ['outcome'],
  });

  function refused(code: PriceRefusal): Refused {
    const publishedAtMs = exchange.publishedAtMs();
    return {
      ok: false,
      code,
      ...(publishedAtMs === undefined ? {} : { publishedAt: iso(publishedAtMs) }),
      ...(code === 'rate-stale'
        ? { retryAfterSeconds: Math.max(1, Math.ceil(deps.retryAfterMs / 1000)) }
        : {}),
    };
  }

  async function getRates({ from }: Asked<'getRates'>): Promise<Answered<'getRates'>> {
    const table = await exchange.rates();
    if (table === undefined) return refused('rate-stale');
    const { base, publishedAtMs } = table;
    const fromCurrency = from ?? base;
    if (!table.rates.has(fromCurrency)) return refused('no-rate');
    const rates = [...table.rates.keys()].toSorted().flatMap((toCurrency) => {
      const price = priceOf(table, spreads, fromCurrency, toCurrency);
      const isOther = toCurrency !== fromCurrency && price !== undefined;
      return isOther
        ? [{ fromCurrency, toCurrency, ...price } satisfies z.input<typeof listedRate>]
        : [];
    });
    const staleAt = iso(publishedAtMs + ageMsMax);
    return { ok: true, baseCurrency: base, publishedAt: iso(publishedAtMs), staleAt, rates };
  }

  async function createQuote(asked: Asked<'createQuote'>): Promise<Answered<'createQuote'>> {
    const { clientId, fromCurrency: from, toCurrency: to, fromAmount, expiresInSeconds } = asked;
    const table = await exchange.rates();
    const terms =
      table === undefined
        ? ({ ok: false, error: 'rate-stale' } as const)
        : priceConversion(table, spreads, { amount: BigInt(fromAmount), from, to });
    quotes.inc({ outcome: terms.ok ? 'promised' : terms.error });
    if (!terms.ok) return refused(terms.error);
    const nowMs = clock.nowMs();
    const forMs = Math.min(quoteMs, (expiresInSeconds ?? QUOTE_SECONDS_MAX) * 1000);
    const expiresAt = iso(nowMs + forMs);
    const quote: Quote = { id: uuidv7(nowMs), clientId, ...terms.value, expiresAt };
    await store.keep(signQuote(sign, quote));
    return { ok: true, quote };
  }

  async function getQuote(asked: Asked<'getQuote'>): Promise<Answered<'getQuote'>> {
    return { quote: (await store.find(asked.id, asked.clientId)) ?? null };
  }

  return { getRates, createQuote, getQuote };
}
