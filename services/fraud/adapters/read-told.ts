import { readyMessageId } from '@florin/contracts';
import type { Bus, Verifier } from '@florin/messaging';
import { toldRisksOf, type Told } from '../domain/told-risks.ts';
import { readRange, type LaneRange } from './read-range.ts';

/** An initiated message whose answer is looked for. */
export interface Asked {
  id: string;
  sequence: number;
  transactionIds: readonly string[];
}

/** Messages that are fetched ahead of their reading. */
const [BUFFERED_MIN, BUFFERED_MAX] = [32, 512];

/**
 * Looks up in a ready lane what the ledger was told about orders, whoever told it. The first word
 * counts, as it does for the ledger.
 */
export function createReadTold(bus: Bus, verify: Verifier) {
  return async function readTold(
    lane: Pick<LaneRange, 'partition' | 'createdAt' | 'signal'>,
    asked: readonly Asked[],
  ): Promise<Map<string, Told>> {
    const told = new Map<string, Told>();
    const missing = new Set(asked.flatMap(({ transactionIds }) => transactionIds));
    if (missing.size === 0) return told;
    const ids = new Set(asked.map(({ id }) => readyMessageId(id)));
    const found = new AbortController();
    const range = {
      ...lane,
      stage: 'ready' as const,
      after: Math.min(...asked.map(({ sequence }) => sequence)),
      signal: AbortSignal.any([lane.signal, found.signal]),
      // The answers lie behind each other: what is fetched beyond them is fetched for nothing.
      maxBuffered: Math.min(BUFFERED_MAX, Math.max(BUFFERED_MIN, asked.length)),
    };
    await readRange(bus, range, (message) => {
      if (!isOneOf(ids, message.id ?? '')) return;
      for (const [transactionId, one] of toldRisksOf(verify, message)) {
        if (!told.has(transactionId)) told.set(transactionId, one);
        missing.delete(transactionId);
      }
      if (missing.size === 0) found.abort();
    });
    return told;
  };
}

export type ReadTold = ReturnType<typeof createReadTold>;

/** The parts of an answer that was too large for one message are numbered. */
const isOneOf = (ids: ReadonlySet<string>, id: string): boolean =>
  ids.has(id) || ids.has(id.replace(/-[0-9]+$/, ''));
