import { dryRunView, reverseBody, transactionView } from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { actsAsStaff, type Caller } from '../domain/caller.ts';
import { fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { isRefusal } from '../domain/refusal.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { OrderFollowUp } from '../order-follow-up.ts';
import type { Placement, PlaceTransaction } from '../place-transaction.ts';
import { route, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import { answerDryRun, answerPlacement } from './payment-answers.ts';

interface ReversalDeps {
  directory: Pick<WalletDirectory, 'find'>;
  orderFollowUp: OrderFollowUp;
  placeTransaction: PlaceTransaction;
  simulate: Pick<Simulate, 'order'>;
  record: RecordAction;
}

export function reversalRoutes(deps: ReversalDeps): Route[] {
  /** The audit log hears what the staff does with other people’s money before it is answered. */
  async function tell(caller: Caller, placement: Placement, requestId: string): Promise<void> {
    if (isRefusal(placement) || placement.transaction.status !== 'completed') return;
    const { id, walletId, relatedTransactionId, amount, currency } = placement.transaction;
    const facts = await deps.directory.find(walletId);
    if (facts === undefined || !actsAsStaff(caller, facts.ownerId)) return;
    const { description, completedAt } = placement.transaction;
    await deps.record({
      id: `reversal-${id}`,
      ...(completedAt === undefined ? {} : { at: completedAt }),
      actorId: caller.id,
      action: 'transaction-reversed',
      target: relatedTransactionId ?? id,
      after: `${amount} ${currency} by ${id}`,
      ...(description === undefined ? {} : { note: description }),
      requestId,
    });
  }

  return [
    route({
      method: 'POST',
      path: '/v1/transactions/:id/reverse',
      tag: 'Payments',
      summary: 'Give a payment back, in part or all that is left of it',
      description:
        'Whoever received a transfer or a capture refunds it; machine clients and operators may, ' +
        'too. Operators also charge a deposit back to its bank. A reversal is a transaction of ' +
        'its own: relatedTransactionId names the original, which names it in ' +
        'relatedTransactionIds, adds it to reversedAmount and becomes reversed when nothing is ' +
        'left. More than is left is limit-exceeded (see remaining), nothing left ' +
        'hold-already-settled.',
      access: 'transactions:write|admin',
      idempotencyKey: 'required',
      waits: true,
      simulates: true,
      body: reverseBody,
      bodyOptional: true,
      answers: {
        200: { description: 'Of a dry run', schema: dryRunView },
        201: { description: 'The reversal', schema: transactionView },
        202: { description: 'Not decided yet: see Location', schema: transactionView },
      },
      problems: [
        'not-found',
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'limit-exceeded',
        'hold-already-settled',
      ],
      async handle({ caller, params: { id }, body, method, path, ...call }) {
        const order = await deps.orderFollowUp({
          caller,
          relatedId: id,
          transactionId: transactionIdOf(caller.id, call.idempotencyKey),
          bodyHash: fingerprintOf(method, path, body),
          type: 'reversal',
          amount: body.amount,
          final: false,
          reason: body.reason,
        });
        if (isRefusal(order)) return order;
        const { requestId, preference } = call;
        if (call.dryRun) {
          return answerDryRun(await deps.simulate.order(order, requestId), insightOf(caller));
        }
        const placed = await deps.placeTransaction(order, { requestId, waitMs: preference.waitMs });
        await tell(caller, placed, requestId);
        return answerPlacement(placed, preference, insightOf(caller));
      },
    }),
  ];
}
