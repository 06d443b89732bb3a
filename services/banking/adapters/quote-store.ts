import { signedQuote, type SignedQuote } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import { isTransient, type Database } from '@florin/postgres';
import { findQuote, writeQuote } from '../sql/write-quote.ts';

/** Promised rates in Postgres. @throws RetryableError while the database is away */
export interface QuoteStore {
  keep(quote: SignedQuote): Promise<void>;
  /** Undefined when there is none, or it was promised to somebody else. */
  find(id: string, clientId: string): Promise<SignedQuote | undefined>;
}

/** How long a quote is known after its end: requests are repeated, and people ask questions. */
const KEPT_MS = 7 * 86_400_000;

function retryableIfTransient(error: unknown): never {
  if (!isTransient(error)) throw error;
  throw new RetryableError('quotes can not be kept now', { cause: error });
}

export function createQuoteStore(pool: Database['hot'], nowMs: () => number): QuoteStore {
  async function keep(quote: SignedQuote): Promise<void> {
    const { id, clientId, expiresAt } = quote;
    const before = new Date(nowMs() - KEPT_MS).toISOString();
    await pool.query(writeQuote, [id, clientId, expiresAt, JSON.stringify(quote), before]);
  }

  async function find(id: string, clientId: string): Promise<SignedQuote | undefined> {
    const { rows } = await pool.query<{ signed: unknown }>(findQuote, [id, clientId]);
    return rows[0] === undefined ? undefined : signedQuote.parse(rows[0].signed);
  }

  return {
    keep: (quote) => keep(quote).catch(retryableIfTransient),
    find: (id, clientId) => find(id, clientId).catch(retryableIfTransient),
  };
}
