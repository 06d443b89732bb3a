import { bulkBody, bulkView, type RequestContext, type TransactionOrder } from '@florin/contracts';
import type { z } from 'zod';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { bulkItemIdOf, fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { transferOrderOf } from '../domain/order.ts';
import { isRefusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import type { Caller } from '../domain/caller.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { PlaceAtomicBulk } from '../place-atomic-bulk.ts';
import type { Bulk, PlaceBulk } from '../place-bulk.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import {
  answerAtomicBulk,
  answerAtomicDryRun,
  bulkDryRun,
  bulkItemView,
} from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

interface BulkRouteDeps {
  directory: WalletDirectory;
  placeBulk: PlaceBulk;
  placeAtomicBulk: PlaceAtomicBulk;
  simulate: Pick<Simulate, 'bulk' | 'orders'>;
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

type BulkCall = Pick<
  Call<'transactions:write', unknown, undefined, z.output<typeof bulkBody>>,
  'caller' | 'body' | 'preference' | 'requestId' | 'traceId'
>;

export function bulkRoutes(deps: BulkRouteDeps): Route[] {
  const { directory, placeBulk, placeAtomicBulk, simulate } = deps;

  /** What would happen, to all of it or to each of its items after those before. */
  async function tryBulk(call: BulkCall, bulk: Bulk): Promise<Answer | Refusal> {
    const { caller, body, preference, requestId } = call;
    const insight = insightOf(caller);
    if (body.mode === 'atomic') {
      const placed = await simulate.bulk(bulk, requestId);
      return answerAtomicDryRun(placed, bulk.items.length, preference, insight);
    }
    const placements = await simulate.orders(bulk, requestId);
    if (isRefusal(placements)) return placements;
    return bulkDryRun(placements.map((one) => bulkItemView(one, call.traceId(), insight)));
  }

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
        'for ever under this key. Where the books of its wallets lie in several ledger shards ' +
        'that is between-shards, and nothing is done: continueOnFailure pays them one by one.',
      access: 'transactions:write',
      idempotencyKey: 'required',
      waits: true,
      simulates: true,
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
        'between-shards',
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
        if (call.dryRun) return tryBulk(call, bulk);
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
