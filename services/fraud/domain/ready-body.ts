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
  const risks = new Map(verdicts.map((one) => [one.order, riskOf(one, reasonsMax)]));
  const orders = verdicts.map(({ order }) => order);
  return bodyOf(orders, (order) => ({ risk: risks.get(order) }));
}

/** The orders as they came, without a word about risk: nobody is asked while scoring is off. */
export const unscoredBody = (orders: readonly InitiatedOrder[]): string =>
  bodyOf(orders, () => ({ risk: undefined }));

/** Whatever an order said about its own risk is replaced, never believed. A bulk goes on as one. */
function bodyOf(
  orders: readonly InitiatedOrder[],
  word: (order: InitiatedOrder) => { risk: Risk | undefined },
): string {
  const events: object[] = [];
  let at = 0;
  while (at < orders.length) {
    const order = orders[at] as InitiatedOrder;
    const { event, bulk } = order;
    if (bulk === undefined) {
      events.push({ ...event, data: { ...event.data, ...word(order) } });
      at += 1;
      continue;
    }
    const items = orders.slice(at, at + bulk.data.orders.length);
    const scored = bulk.data.orders.map((item, place) => ({
      ...item,
      ...word(items[place] as InitiatedOrder),
    }));
    events.push({ ...bulk, data: { ...bulk.data, orders: scored } });
    at += items.length;
  }
  return JSON.stringify(events);
}
