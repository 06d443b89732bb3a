import {
  captureBody,
  dryRunView,
  holdBody,
  releaseBody,
  transactionView,
  type AnyOrder,
  type FollowUpOrder,
} from '@florin/contracts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { mayLookIntoWalletOf } from '../domain/caller.ts';
import { fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { holdOrderOf } from '../domain/order.ts';
import { isRefusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import { insightOf, type Insight } from '../domain/transaction-view.ts';
import type { FollowUpRequest, OrderFollowUp } from '../order-follow-up.ts';
import type { PlaceTransaction } from '../place-transaction.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import { answerDryRun, answerPlacement } from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

interface HoldDeps {
  directory: WalletDirectory;
  orderFollowUp: OrderFollowUp;
  placeTransaction: PlaceTransaction;
  simulate: Pick<Simulate, 'order'>;
}

const SHARED = {
  method: 'POST',
  tag: 'Holds',
  access: 'transactions:write',
  idempotencyKey: 'required',
  waits: true,
  simulates: true,
  answers: {
    200: { description: 'Of a dry run', schema: dryRunView },
    201: { description: 'The transaction', schema: transactionView },
    202: { description: 'Not decided yet: see Location', schema: transactionView },
  },
} as const;

type HoldCall = Pick<
  Call<'transactions:write', { id: string }, undefined, unknown>,
  | 'caller'
  | 'params'
  | 'body'
  | 'method'
  | 'path'
  | 'idempotencyKey'
  | 'dryRun'
  | 'preference'
  | 'requestId'
>;

export function holdRoutes(deps: HoldDeps): Route[] {
  async function place(
    order: AnyOrder,
    { dryRun, requestId, preference }: Pick<HoldCall, 'dryRun' | 'requestId' | 'preference'>,
    insight: Insight,
  ): Promise<Answer | Refusal> {
    if (dryRun) return answerDryRun(await deps.simulate.order(order, requestId), insight);
    const placed = await deps.placeTransaction(order, { requestId, waitMs: preference.waitMs });
    return answerPlacement(placed, preference, insight);
  }

  async function follow(
    { caller, params, body, method, path, idempotencyKey, ...call }: HoldCall,
    type: Exclude<FollowUpOrder['type'], 'reversal'>,
    { amount, final }: Pick<FollowUpRequest, 'amount' | 'final'>,
  ): Promise<Answer | Refusal> {
    const order = await deps.orderFollowUp({
      caller,
      relatedId: params.id,
      transactionId: transactionIdOf(caller.id, idempotencyKey),
      bodyHash: fingerprintOf(method, path, body),
      type,
      amount,
      final,
      reason: undefined,
    });
    if (isRefusal(order)) return order;
    const payer = await deps.directory.find(order.walletId);
    const isOwn = payer !== undefined && mayLookIntoWalletOf(caller, payer.ownerId);
    return place(order, call, isOwn ? insightOf(caller) : 'counterparty');
  }

  return [
    route({
      ...SHARED,
      path: '/v1/holds',
      summary: 'Reserve money on a wallet for somebody',
      description:
        'It is no longer available at once, and is paid when it is captured. What is left when ' +
        'its time is over is released. The hold ends completed when anything of it was captured, ' +
        'reversed when it was released, failed with hold-expired when nobody did either.',
      scored: true,
      body: holdBody,
      problems: [
        'not-found',
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'currency-mismatch',
        'same-wallet',
        'limit-exceeded',
        'risk-blocked',
      ],
      async handle(call) {
        const { caller, body, method, path, context } = call;
        const { walletId, toWalletId } = body;
        const [fromFacts, toFacts] = await Promise.all([
          deps.directory.find(walletId),
          deps.directory.find(toWalletId),
        ]);
        const from = ownWallet(fromFacts, caller, walletId);
        if (isRefusal(from)) return from;
        if (toFacts === undefined) return walletNotFound(toWalletId);
        const identity = {
          transactionId: transactionIdOf(caller.id, call.idempotencyKey),
          clientId: caller.id,
          bodyHash: fingerprintOf(method, path, body),
          currency: from.currency,
          context,
        };
        return place(holdOrderOf(identity, body), call, insightOf(caller));
      },
    }),
    route({
      ...SHARED,
      path: '/v1/holds/:id/capture',
      summary: 'Pay what is held, in part or all that is left of it',
      description:
        'As often as there is something left, until one is final: that releases the rest. Both ' +
        'sides of the hold may. More than is left is limit-exceeded (see remaining).',
      body: captureBody,
      bodyOptional: true,
      problems: [
        'not-found',
        'wallet-frozen',
        'wallet-closed',
        'limit-exceeded',
        'hold-expired',
        'hold-already-settled',
      ],
      handle: (call) =>
        follow(call, 'capture', { amount: call.body.amount, final: call.body.final }),
    }),
    route({
      ...SHARED,
      path: '/v1/holds/:id/release',
      summary: 'Give up what is still held',
      description: 'Whoever placed the hold may, and whom it was placed for.',
      body: releaseBody,
      bodyOptional: true,
      problems: ['not-found', 'limit-exceeded', 'hold-expired', 'hold-already-settled'],
      handle: (call) => follow(call, 'release', { amount: undefined, final: false }),
    }),
  ];
}
