import { PROBLEMS } from '@florin/contracts';
import { isRefusal, type Refusal } from '../domain/refusal.ts';
import { ownView, refusalOfFailed, type Insight } from '../domain/transaction-view.ts';
import type { AtomicPlacement } from '../place-atomic-bulk.ts';
import type { Placement } from '../place-transaction.ts';
import type { Preference } from '../rest/preference.ts';
import { problemDocument } from '../rest/problem-document.ts';
import type { Answer } from '../rest/route.ts';

const locationOf = (transactionId: string): string => `/v1/transactions/${transactionId}`;

/** A placement as an answer: 201 when decided or held, 202 when not yet, else a problem. */
export function answerPlacement(
  placement: Placement,
  preference: Preference,
  insight: Insight,
): Answer | Refusal {
  if (isRefusal(placement)) return placement;
  const { state, transaction, replayed } = placement;
  if (transaction.status === 'failed') return refusalOfFailed(transaction, replayed, insight);
  const headers: Record<string, string> = { location: locationOf(transaction.id) };
  if (replayed) headers['idempotency-replayed'] = 'true';
  if (preference.applied !== undefined) headers['preference-applied'] = preference.applied;
  return { status: state === 'pending' ? 202 : 201, body: ownView(transaction, insight), headers };
}

/** What a placement would have been answered, had it been more than tried. */
export function answerDryRun(placement: Placement, insight: Insight): Answer | Refusal {
  if (isRefusal(placement)) return placement;
  const { transaction } = placement;
  if (transaction.status === 'failed') return untold(refusalOfFailed(transaction, false, insight));
  const { id: _, ...view } = ownView(transaction, insight);
  return { status: 200, body: { ...view, dryRun: true } };
}

/** There is no transaction that was refused. */
function untold(refused: Refusal): Refusal {
  const { transaction: _, ...facts } = refused.facts ?? {};
  return { ...refused, facts };
}

export function answerAtomicDryRun(
  placement: AtomicPlacement,
  count: number,
  preference: Preference,
  insight: Insight,
): Answer | Refusal {
  const answer = answerAtomicBulk(placement, count, preference, insight);
  if (isRefusal(answer)) return untold(answer);
  if (!('transactions' in placement)) return answer;
  return bulkDryRun(
    placement.transactions.map((one) => ({ status: 201, transaction: ownView(one, insight) })),
  );
}

/** Every item of a bulk as it would have been answered, without ids that stand for nothing. */
export function bulkDryRun(
  views: readonly { status: number; transaction?: { id?: string }; problem?: object }[],
): Answer {
  const items = views.map(({ transaction, ...view }) => {
    if (transaction === undefined || view.problem !== undefined) return view;
    const { id: _, ...rest } = transaction;
    return { ...view, transaction: rest };
  });
  return { status: 200, body: { dryRun: true, items } };
}

/** All of a bulk as one answer, or the problem of the item that nothing was done for. */
export function answerAtomicBulk(
  placement: AtomicPlacement,
  count: number,
  { applied }: Preference,
  insight: Insight,
): Answer | Refusal {
  if (isRefusal(placement)) return placement;
  if ('transactions' in placement) {
    const { transactions, replayed } = placement;
    const items = transactions.map((one) => ({ status: 201, transaction: ownView(one, insight) }));
    return {
      status: 200,
      body: { items },
      headers: {
        ...(replayed ? { 'idempotency-replayed': 'true' } : {}),
        ...(applied === undefined ? {} : { 'preference-applied': applied }),
      },
    };
  }
  const { item, because, replayed } = placement;
  const refused = isRefusal(because) ? because : refusalOfFailed(because, replayed, insight);
  const { status } = PROBLEMS[refused.refused];
  const detail = `nothing was done, because of item ${item}: ${refused.detail}`;
  const items = Array.from({ length: count }, (_, at) => ({ status: at === item ? status : 424 }));
  const errors = [{ pointer: `/items/${item}`, detail: `${refused.refused}: ${refused.detail}` }];
  return { ...refused, detail, facts: { ...refused.facts, errors, items } };
}

/** One item of a bulk answer: what the same request alone would have been answered. */
export function bulkItemView(placement: Placement, traceId: string, insight: Insight) {
  const refused = isRefusal(placement)
    ? placement
    : placement.transaction.status === 'failed'
      ? refusalOfFailed(placement.transaction, placement.replayed, insight)
      : undefined;
  if (refused !== undefined) {
    const { transaction, ...facts } = refused.facts ?? {};
    return {
      status: PROBLEMS[refused.refused].status,
      ...(transaction === undefined ? {} : { transaction }),
      problem: problemDocument({ ...refused, facts }, traceId),
    };
  }
  const { state, transaction } = placement as Exclude<Placement, Refusal>;
  return { status: state === 'pending' ? 202 : 201, transaction: ownView(transaction, insight) };
}
