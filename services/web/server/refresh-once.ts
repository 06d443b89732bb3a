import { createHash } from 'node:crypto';
import type { Clock } from '@florin/kernel';
import type { GatewaySessions, SessionAnswer } from './gateway-sessions.ts';

/**
 * How long the pair that a refresh token was traded for is handed out again. A token works once,
 * and using it twice ends the session: for a thief that is right, but a browser whose connection
 * broke before the answer came has nothing else to ask with.
 */
export const GRACE_MS = 20_000;
/** Enough for many people at once; the oldest go first. */
const REMEMBERED_MAX = 10_000;

interface Trade {
  answer: Promise<SessionAnswer>;
  untilMs: number;
}

/** Wraps `refresh` so that asking twice with one token, at once or shortly after, asks once. */
export function createRefreshOnce({
  refresh,
  clock,
}: {
  refresh: GatewaySessions['refresh'];
  clock: Clock;
}): GatewaySessions['refresh'] {
  const trades = new Map<string, Trade>();

  function forgetOld(nowMs: number): void {
    for (const [key, { untilMs }] of trades) {
      if (untilMs > nowMs && trades.size <= REMEMBERED_MAX) return;
      trades.delete(key);
    }
  }

  return async (refreshToken, visitor) => {
    const nowMs = clock.monotonicMs();
    forgetOld(nowMs);
    const key = createHash('sha256').update(refreshToken).digest('base64');
    const known = trades.get(key);
    if (known) return known.answer;
    const answer = refresh(refreshToken, visitor);
    trades.set(key, { answer, untilMs: nowMs + GRACE_MS });
    try {
      const settled = await answer;
      if (!settled.ok) trades.delete(key);
      return settled;
    } catch (error) {
      trades.delete(key);
      throw error;
    }
  };
}
