import { faultText } from '@florin/kernel';
import { storeDeadLetter, type Bus, type Incoming } from '@florin/messaging';
import { retry, type Logger } from '@florin/runtime';
import type pg from 'pg';
import type { Source } from '../scoring/scoring-loop.ts';
import { isFactRefused, noteRefusedFact } from '../sql/refused-facts.ts';

/** So many wait at most, with their texts: beyond, the stream itself is what an operator reads. */
const WAITING_MAX = 1_000;

export interface FactsAside {
  /** Never waits. */
  put(source: Source, incoming: Incoming, reason: string): void;
  /** Resolves when all that was put here is stored. */
  settled(): Promise<void>;
  stop(): void;
}

/**
 * Puts facts that can never be understood among the dead letters, where operators find them. Every
 * process reads every fact, and again after a start: a note in the database says which ones lie
 * there already. Of those that look at the same moment, the stream keeps the first.
 */
export function createFactsAside(deps: {
  bus: Bus;
  pool: Pick<pg.Pool, 'query'>;
  log: Logger;
}): FactsAside {
  const { bus, pool, log } = deps;
  const stopping = new AbortController();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  async function store(place: unknown[], stream: string, incoming: Incoming, reason: string) {
    const { rowCount } = await pool.query({ ...isFactRefused, values: place });
    if (rowCount === 1) return;
    await storeDeadLetter(bus, { reader: 'fraud', stream }, incoming, reason);
    await pool.query({ ...noteRefusedFact, values: place });
    log.error({ stream, sequence: incoming.sequence, problem: reason }, 'dead letter');
  }

  return {
    put({ stream, createdAt }, incoming, reason) {
      if (waiting >= WAITING_MAX || stopping.signal.aborted) return;
      waiting++;
      const place = [stream, createdAt, incoming.sequence];
      // The network's buffer is another message's soon.
      const kept = { ...incoming, body: incoming.body.slice() };
      last = last
        .then(() =>
          retry(() => store(place, stream, kept, reason), {
            attempts: Infinity,
            baseMs: 100,
            capMs: 5_000,
            signal: stopping.signal,
            isRetryable: () => true,
          }),
        )
        .catch((error: unknown) => {
          const { sequence } = incoming;
          log.warn({ stream, sequence, problem: faultText(error) }, 'a fact was not put aside');
        })
        .finally(() => waiting--);
    },
    settled: () => last,
    stop: () => stopping.abort(),
  };
}
