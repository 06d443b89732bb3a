import type { Risk } from '@florin/contracts';
import type { InitiatedOrder } from './initiated-message.ts';
import type { Verdict } from './verdict.ts';

/** Below nats-server's default limit of 1 MiB a message, with room for the headers. */
const BODY_BYTES_MAX = 1_000_000;
const REASONS_WHEN_FULL = [3, 0];

export const riskOf = (verdict: Verdict, reasonsMax = 20): Risk => ({
  score: verdict.score,
  decision: verdict.decision,
  reasons: verdict.reasons.slice(0, reasonsMax),
  modelVersion: verdict.modelVersion,
  featureVersion: verdict.featureVersion,
  mode: verdict.mode,
  degraded: false,
});

/**
 * The orders as they came, each with its risk: what the ledger reads. A message that would be too
 * large for the server loses reasons, never orders; the stored decisions keep them all.
 */
export function scoredBody(verdicts: readonly Verdict[]): string {
  let body = bodyWith(verdicts, 20);
  for (const reasonsMax of REASONS_WHEN_FULL) {
    if (Buffer.byteLength(body) <= BODY_BYTES_MAX) break;
    body = bodyWith(verdicts, reasonsMax);
  }
  return body;
}

function bodyWith(verdicts: readonly Verdict[], reasonsMax: number): string {
  // Whatever the order said about its own risk is replaced, never believed.
  const events = verdicts.map((verdict) => ({
    ...verdict.order.event,
    data: { ...verdict.order.event.data, risk: riskOf(verdict, reasonsMax) },
  }));
  return JSON.stringify(events);
}

/** The orders as they came, without a word about risk: nobody is asked while scoring is off. */
export function unscoredBody(orders: readonly InitiatedOrder[]): string {
  return JSON.stringify(
    orders.map(({ event }) => {
      const { risk: _, ...data } = event.data;
      return { ...event, data };
    }),
  );
}
