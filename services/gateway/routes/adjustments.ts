import {
  adjustmentBody,
  adjustmentsQuery,
  adjustmentView,
  decidedAdjustmentView,
  pageOf,
  verdictBody,
} from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { Adjustments } from '../adapters/adjustments.ts';
import type { AdjustWallet, Adjusted } from '../adjust-wallet.ts';
import type { Caller } from '../domain/caller.ts';
import { fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { ownView } from '../domain/transaction-view.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface AdjustmentRouteDeps {
  adjustments: Adjustments;
  adjustWallet: AdjustWallet;
  /** Tells the audit log. */
  record: RecordAction;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

const VERDICTS = {
  approve: 'Carry an adjustment out that a colleague has proposed',
  reject: 'Turn an adjustment down that a colleague has proposed',
} as const;

/** Four eyes are those of two people: a machine client could be both of them. */
const personOnly = (caller: Caller): Refusal | undefined =>
  caller.kind === 'user'
    ? undefined
    : refusal('forbidden', 'adjustments are proposed and decided by people');

function answerOf(adjusted: Exclude<Adjusted, Refusal>, isDryRun: boolean): Answer {
  const { adjustment, transaction, replayed } = adjusted;
  const view = transaction === undefined ? undefined : ownView(transaction, 'all');
  const { id: _, ...tried } = view ?? { id: '' };
  return {
    status: 200,
    body: {
      ...adjustment,
      ...(isDryRun ? { dryRun: true } : {}),
      ...(view === undefined ? {} : { transaction: isDryRun ? tried : view }),
    },
    headers: replayed ? { 'idempotency-replayed': 'true' } : {},
  };
}

export function adjustmentRoutes(deps: AdjustmentRouteDeps): Route[] {
  const { adjustments, adjustWallet, record } = deps;

  const verdictRoute = (verdict: keyof typeof VERDICTS): Route =>
    route({
      ...SHARED,
      method: 'POST',
      path: `/v1/admin/adjustments/:id/${verdict}`,
      summary: VERDICTS[verdict],
      description:
        'Never by who has proposed it. The first verdict stands. What the wallet does not have ' +
        'leaves the proposal open until its time is over.',
      simulates: true,
      body: verdictBody,
      bodyOptional: true,
      answers: { 200: { description: 'The adjustment after it', schema: decidedAdjustmentView } },
      problems: [
        'not-found',
        'four-eyes',
        'adjustment-decided',
        'adjustment-expired',
        'wallet-closed',
        'insufficient-funds',
        'limit-exceeded',
      ],
      async handle({ caller, params, body: { note }, dryRun, requestId }) {
        const stranger = personOnly(caller);
        if (stranger !== undefined) return stranger;
        const adjustmentId = params['id'] ?? '';
        const { adjustment } = await adjustments.getAdjustment({ id: adjustmentId });
        if (adjustment === null) {
          return refusal('not-found', `there is no adjustment ${adjustmentId}`);
        }
        const about = note === undefined ? {} : { note };
        const { walletId } = adjustment;
        const data = { adjustmentId, walletId, verdict, decidedBy: caller.id, ...about };
        if (dryRun) {
          const tried = await adjustWallet.simulate(data, requestId);
          return isRefusal(tried) ? tried : answerOf(tried, true);
        }
        const decided = await adjustWallet.decide(data, requestId);
        if (isRefusal(decided)) return decided;
        const { status, decidedAt, direction, amount, currency } = decided.adjustment;
        await record({
          id: `adjustment-${adjustmentId}-${status}`,
          ...(decidedAt === undefined ? {} : { at: decidedAt }),
          actorId: caller.id,
          action: `adjustment-${status}`,
          target: adjustmentId,
          before: `proposed by ${adjustment.proposedBy}`,
          after: `${direction} ${amount} ${currency}, wallet ${walletId}`,
          ...about,
          requestId,
        });
        return answerOf(decided, false);
      },
    });

  return [
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/admin/adjustments',
      summary: 'Propose to correct a wallet’s balance',
      description:
        'Nothing is posted before a colleague has approved it: then the money comes from, or ' +
        'goes to, the suspense account, as a transaction of the same id.',
      idempotencyKey: 'required',
      body: adjustmentBody,
      answers: { 201: { description: 'The proposal', schema: adjustmentView } },
      problems: ['not-found', 'wallet-closed'],
      async handle({ caller, body, method, path, idempotencyKey, requestId }) {
        const stranger = personOnly(caller);
        if (stranger !== undefined) return stranger;
        const adjustmentId = transactionIdOf(caller.id, idempotencyKey);
        const proposed = await adjustWallet.propose(
          {
            ...body,
            adjustmentId,
            amount: String(body.amount),
            proposedBy: caller.id,
            bodyHash: fingerprintOf(method, path, body),
          },
          requestId,
        );
        if (isRefusal(proposed)) return proposed;
        const { direction, amount, currency, proposedAt } = proposed.adjustment;
        await record({
          id: `adjustment-${adjustmentId}-proposed`,
          at: proposedAt,
          actorId: caller.id,
          action: 'adjustment-proposed',
          target: adjustmentId,
          after: `${direction} ${amount} ${currency}, wallet ${body.walletId}`,
          note: body.reason,
          requestId,
        });
        const headers: Record<string, string> = {};
        if (proposed.replayed) headers['idempotency-replayed'] = 'true';
        return { status: 201, body: proposed.adjustment, headers };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/admin/adjustments',
      summary: 'Adjustments that were proposed, the newest first',
      query: adjustmentsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(adjustmentView) } },
      async handle({ query: { status, walletId, limit, cursor } }) {
        const page = await adjustments.listAdjustments({
          limit,
          ...(status === 'any' ? {} : { status }),
          ...(walletId === undefined ? {} : { walletId }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        return { status: 200, body: page };
      },
    }),
    verdictRoute('approve'),
    verdictRoute('reject'),
  ];
}
