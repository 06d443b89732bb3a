import { splitBody, splitView, type Transaction, type TransactionOrder } from '@florin/contracts';
import { assert } from '@florin/kernel';
import type { z } from 'zod';
import type { Ledger } from '../adapters/ledger.ts';
import type { WalletDirectory, WalletFacts } from '../adapters/wallet-directory.ts';
import { bulkItemIdOf, fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { transferOrderOf } from '../domain/order.ts';
import { isRefusal, refusal, walletNotFound, type Refusal } from '../domain/refusal.ts';
import { insightOf, ownView, refusalOfFailed, type Insight } from '../domain/transaction-view.ts';
import type { FindRecipientWallet } from '../find-recipient-wallet.ts';
import type { AtomicPlacement, PlaceAtomicBulk } from '../place-atomic-bulk.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import { ownWallet, visibleWallet } from './wallet-access.ts';

interface SplitDeps {
  directory: Pick<WalletDirectory, 'find'>;
  ledger: Pick<Ledger, 'getSplit'>;
  findRecipientWallet: FindRecipientWallet;
  placeAtomicBulk: PlaceAtomicBulk;
  simulate: Pick<Simulate, 'bulk'>;
}

type Split = z.output<typeof splitBody>;
type SplitCall = Call<'transactions:write', unknown, undefined, Split>;

/** What was done or refused, of which all parts have one payer. */
function viewOf(parts: readonly Transaction[], insight: Insight): z.input<typeof splitView> {
  const [first] = parts;
  assert(first !== undefined, 'a payment to several has parts');
  return {
    ...(first.splitId === undefined ? {} : { id: first.splitId }),
    status: parts.some(({ status }) => status === 'failed') ? 'failed' : 'completed',
    walletId: first.walletId,
    amount: String(parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
    currency: first.currency,
    recipients: parts.map((one) => ownView(one, insight)),
  };
}

/** The part that nothing was done for is named by its place. */
function refusalAt(
  { item, because, replayed }: Extract<AtomicPlacement, { because: unknown }>,
  isDryRun: boolean,
  insight: Insight,
): Refusal {
  const refused = isRefusal(because) ? because : refusalOfFailed(because, replayed, insight);
  const { transaction, ...facts } = refused.facts ?? {};
  const detail = `nothing was paid, because of recipient ${item}: ${refused.detail}`;
  const pointer = `/recipients/${item}`;
  return {
    ...refused,
    detail,
    facts: {
      ...facts,
      errors: [{ pointer, detail: `${refused.refused}: ${refused.detail}` }],
      ...(transaction === undefined || isDryRun ? {} : { transaction }),
    },
  };
}

export function splitRoutes(deps: SplitDeps): Route[] {
  async function orderPart(
    { caller, body, method, path, idempotencyKey: key, context }: SplitCall,
    { currency }: WalletFacts,
    place: number,
  ): Promise<TransactionOrder | Refusal> {
    const recipient = body.recipients[place];
    assert(recipient !== undefined, 'a recipient of a payment to several');
    const { toWalletId, toEmail = '', amount, description = body.description } = recipient;
    const found =
      toWalletId === undefined
        ? await deps.findRecipientWallet(toEmail, currency)
        : (await deps.directory.find(toWalletId)) && toWalletId;
    if (found === undefined && toWalletId !== undefined) return walletNotFound(toWalletId);
    if (found === undefined) {
      return refusal('not-found', `nobody with this e-mail has a wallet in ${currency}`);
    }
    const identity = {
      transactionId: bulkItemIdOf(caller.id, key, place),
      clientId: caller.id,
      bodyHash: fingerprintOf(method, path, body),
      currency,
      context,
    };
    const { fromWalletId, metadata } = body;
    return transferOrderOf(identity, { fromWalletId, amount, description, metadata }, found);
  }

  function answer(placed: AtomicPlacement, call: SplitCall): Answer | Refusal {
    const insight = insightOf(call.caller);
    if (isRefusal(placed)) return placed;
    if ('because' in placed) return refusalAt(placed, call.dryRun, insight);
    const view = viewOf(placed.transactions, insight);
    if (call.dryRun) {
      const { id: _, recipients, ...tried } = view;
      const parts = recipients.map(({ id: __, splitId: ___, ...part }) => part);
      return { status: 200, body: { ...tried, dryRun: true, recipients: parts } };
    }
    const headers: Record<string, string> = { location: `/v1/splits/${view.id}` };
    if (placed.replayed) headers['idempotency-replayed'] = 'true';
    return { status: 201, body: view, headers };
  }

  return [
    route({
      method: 'POST',
      path: '/v1/splits',
      tag: 'Payments',
      summary: 'Pay up to 100 recipients at once, all of them or none',
      description:
        'Each recipient gets a transfer of their own, with splitId in common; each can be ' +
        'reversed by itself. The amounts must sum to the whole exactly. When one is refused ' +
        'nothing is paid: the answer is the problem of the first that was, named in errors; ' +
        'between-shards where the books of one of them lie in another ledger shard.',
      access: 'transactions:write',
      idempotencyKey: 'required',
      waits: true,
      simulates: true,
      scored: true,
      body: splitBody,
      answers: {
        200: { description: 'Of a dry run', schema: splitView },
        201: { description: 'All were paid', schema: splitView },
      },
      problems: [
        'not-found',
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'currency-mismatch',
        'same-wallet',
        'limit-exceeded',
        'between-shards',
        'amount-below-fee',
        'risk-blocked',
      ],
      async handle(call) {
        const { caller, body, method, path, idempotencyKey, requestId, preference } = call;
        const { fromWalletId } = body;
        const from = ownWallet(await deps.directory.find(fromWalletId), caller, fromWalletId);
        if (isRefusal(from)) return from;
        const items = await Promise.all(body.recipients.map((_, at) => orderPart(call, from, at)));
        const split = {
          id: transactionIdOf(caller.id, idempotencyKey),
          fingerprint: fingerprintOf(method, path, body),
          items,
          isSplit: true as const,
        };
        const placed = call.dryRun
          ? await deps.simulate.bulk(split, requestId)
          : await deps.placeAtomicBulk(split, { requestId, waitMs: preference.waitMs });
        return answer(placed, call);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/splits/:id',
      tag: 'Payments',
      summary: 'A payment to several, as its payer sees it',
      description: 'Of one that was refused, the part that was the reason.',
      access: 'transactions:read',
      answers: { 200: { description: 'Its parts, in order', schema: splitView } },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { transactions } = await deps.ledger.getSplit({ id });
        const [first] = transactions;
        const unknown = refusal('not-found', `there is no payment to several ${id}`);
        if (first === undefined) return unknown;
        const payer = await deps.directory.find(first.walletId);
        if (isRefusal(visibleWallet(payer, caller, first.walletId))) return unknown;
        return { status: 200, body: viewOf(transactions, insightOf(caller)) };
      },
    }),
  ];
}
