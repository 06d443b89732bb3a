import { bulkBody, bulkView, type RequestContext, type TransactionOrder } from '@florin/contracts';
import type { z } from 'zod';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { bulkItemIdOf, fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { transferOrderOf } from '../domain/order.ts';
import { isRefusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import type { Caller } from '../domain/caller.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { PlaceAtomicBulk } from '../place-atomic-bulk.ts';
import type { PlaceBulk } from '../place-bulk.ts';
import { route, type Route } from '../rest/route.ts';
import { answerAtomicBulk, bulkItemView } from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

interface BulkRouteDeps {
  directory: WalletDirectory;
  placeBulk: PlaceBulk;
  placeAtomicBulk: PlaceAtomicBulk;
}

type BulkItem = z.output<typeof bulkBody>['items'][number];

/** The part of a bulk that its items share. */
interface BulkIdentity {
  caller: Caller;
  key: string;
  fingerprint: string;
  context: RequestContext;
}

async function orderItem(
  directory: WalletDirectory,
  { caller, key, fingerprint, context }: BulkIdentity,
  item: BulkItem,
  index: number,
): Promise<TransactionOrder | Refusal> {
  const { fromWalletId, toWalletId } = item;
  const [fromFacts, toFacts] = await Promise.all([
    directory.find(fromWalletId),
    directory.find(toWalletId),
  ]);
  const from = ownWallet(fromFacts, caller, fromWalletId);
  if (isRefusal(from)) return from;
  if (toFacts === undefined) return walletNotFound(toWalletId);
  const identity = {
    transactionId: bulkItemIdOf(caller.id, key, index),
    clientId: caller.id,
    bodyHash: fingerprint,
    currency: from.currency,
    context,
  };
  return transferOrderOf(identity, item, toWalletId);
}

export function bulkRoutes({ directory, placeBulk, placeAtomicBulk }: BulkRouteDeps): Route[] {
  return [
    route({
      method: 'POST',
      path: '/v1/transactions/bulk',
      tag: 'Payments',
      summary: 'Up to 1000 transfers in one request',
      description:
        'With continueOnFailure each item is a transaction of its own, with its own result, in ' +
        'the order of the items. With atomic all of them are done together, or none: then the ' +
        'answer is the problem of the first item that was refused, named in errors, and the same ' +
        'for ever under this key.',
      access: 'transactions:write',
      idempotencyKey: 'required',
      waits: true,
      scored: true,
      body: bulkBody,
      answers: { 200: { description: 'A result for each item', schema: bulkView } },
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
        const { caller, body, idempotencyKey: key, context, preference, requestId } = call;
        const fingerprint = fingerprintOf(call.method, call.path, body);
        const identity = { caller, key, fingerprint, context };
        const items = await Promise.all(
          body.items.map((item, index) => orderItem(directory, identity, item, index)),
        );
        const bulk = { id: transactionIdOf(caller.id, key), fingerprint, items };
        const how = { requestId, waitMs: preference.waitMs };
        if (body.mode === 'atomic') {
          const placed = await placeAtomicBulk(bulk, how);
          return answerAtomicBulk(placed, items.length, preference, insightOf(caller));
        }
        const placed = await placeBulk(bulk, how);
        if (isRefusal(placed)) return placed;
        const insight = insightOf(caller);
        const views = placed.placements.map((placement) =>
          bulkItemView(placement, call.traceId(), insight),
        );
        return {
          status: 200,
          body: { items: views },
          headers: {
            ...(placed.replayed ? { 'idempotency-replayed': 'true' } : {}),
            ...(preference.applied === undefined
              ? {}
              : { 'preference-applied': preference.applied }),
          },
        };
      },
    }),
  ];
}
