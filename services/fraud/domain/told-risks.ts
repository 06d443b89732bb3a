import { risk, type Risk } from '@florin/contracts';
import { jsonOf, signatoryOf, type Incoming, type Verifier } from '@florin/messaging';
import { z } from 'zod';

/** What the ledger was told about an order. */
export interface Told {
  risk: Risk;
  /** When the stream had it. */
  at: string;
}

const toldOrder = z.looseObject({ transactionId: z.string().optional(), risk: risk.optional() });

/** As much of a ready message as is of interest: other things lie in the lane as well. */
const readyEvents = z.array(
  // Of payments that are made together each has its own risk.
  z.looseObject({ data: toldOrder.extend({ orders: z.array(toldOrder).optional() }) }),
);

/** Those whose word about a risk the ledger takes. */
const TELLERS = new Set(['fraud', 'ledger']);

/** The risks in a ready message, by transaction. None where somebody else has signed it. */
export function toldRisksOf(verify: Verifier, incoming: Incoming): Map<string, Told> {
  const risks = new Map<string, Told>();
  const [, , token, wallet = ''] = incoming.subject.split('.');
  const signed = signatoryOf(verify, incoming, { wallet, partition: Number(token) });
  if (!signed.ok || !TELLERS.has(signed.value.service)) return risks;
  const parsed = readyEvents.safeParse(jsonOf(incoming));
  if (!parsed.success) return risks;
  const at = incoming.time.toISOString();
  for (const order of parsed.data.flatMap(({ data }) => data.orders ?? [data])) {
    if (order.transactionId === undefined || order.risk === undefined) continue;
    risks.set(order.transactionId, { risk: order.risk, at });
  }
  return risks;
}

/** Whether two tell the same, but for reasons that a message had no room for. */
export const isSameRisk = (one: Risk, other: Risk): boolean =>
  one.score === other.score &&
  one.decision === other.decision &&
  one.modelVersion === other.modelVersion &&
  one.mode === other.mode &&
  one.degraded === other.degraded;
