import {
  conversionBody,
  dryRunView,
  quoteBody,
  quoteView,
  ratesQuery,
  ratesView,
  transactionView,
  type ProblemCode,
} from '@florin/contracts';
import type { z } from 'zod';
import type { Banking } from '../adapters/banking.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import { fingerprintOf, transactionIdOf } from '../domain/idempotency.ts';
import { rateRefusal } from '../domain/rate-refusal.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { ConversionRequest, OrderConversion } from '../order-conversion.ts';
import type { PlaceTransaction } from '../place-transaction.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import type { Simulate } from '../simulate.ts';
import { answerDryRun, answerPlacement } from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

interface ConversionRouteDeps {
  banking: Pick<Banking, 'getRates' | 'createQuote'>;
  directory: WalletDirectory;
  orderConversion: OrderConversion;
  placeTransaction: PlaceTransaction;
  simulate: Pick<Simulate, 'order'>;
}

type ConversionCall = Call<'transactions:write', unknown, undefined, ConversionRequest>;

const TAG = 'Currencies';
const NO_RATES: readonly ProblemCode[] = ['rate-stale', 'no-rate'];

async function listRates(
  { banking }: ConversionRouteDeps,
  { from, to }: z.output<typeof ratesQuery>,
): Promise<Answer | Refusal> {
  const told = await banking.getRates(from === undefined ? {} : { from });
  if (!told.ok) return rateRefusal(told);
  const { publishedAt, staleAt, rates } = told;
  const items = rates.filter(({ toCurrency }) => to === undefined || toCurrency === to);
  if (items.length === 0) return rateRefusal({ code: 'no-rate' });
  return { status: 200, body: { publishedAt, staleAt, items, nextCursor: null } };
}

async function promise(
  { banking }: ConversionRouteDeps,
  clientId: string,
  { fromAmount, expiresInSeconds, ...pair }: z.output<typeof quoteBody>,
): Promise<Answer | Refusal> {
  if (pair.fromCurrency === pair.toCurrency) {
    return refusal('same-currency', 'there is nothing to convert between the same currency');
  }
  const told = await banking.createQuote({
    clientId,
    ...pair,
    fromAmount: String(fromAmount),
    ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
  });
  return told.ok ? { status: 201, body: quoteView.parse(told.quote) } : rateRefusal(told);
}

async function convert(deps: ConversionRouteDeps, call: ConversionCall): Promise<Answer | Refusal> {
  const { caller, body, context, requestId, preference } = call;
  const { fromWalletId, toWalletId } = body;
  const [from, to] = await Promise.all([
    deps.directory.find(fromWalletId),
    deps.directory.find(toWalletId),
  ]);
  for (const facts of [ownWallet(from, caller, fromWalletId), ownWallet(to, caller, toWalletId)]) {
    if (isRefusal(facts)) return facts;
  }
  const identity = {
    transactionId: transactionIdOf(caller.id, call.idempotencyKey),
    clientId: caller.id,
    bodyHash: fingerprintOf(call.method, call.path, body),
    context,
  };
  const order = await deps.orderConversion(identity, body);
  if (isRefusal(order)) return order;
  const insight = insightOf(caller);
  if ('known' in order) return answerPlacement(order.known, preference, insight);
  if (call.dryRun) return answerDryRun(await deps.simulate.order(order, requestId), insight);
  const placed = await deps.placeTransaction(order, { requestId, waitMs: preference.waitMs });
  return answerPlacement(placed, preference, insight);
}

export const conversionRoutes = (deps: ConversionRouteDeps): Route[] => [
  route({
    method: 'POST',
    path: '/v1/conversions',
    tag: TAG,
    summary: 'Convert what a quote was made for, at its rate',
    description:
      'Between two wallets of one owner, in one transaction. A quote is used at most once, and ' +
      'stays unused when the conversion is refused. A conversion can’t be reversed: convert back.',
    access: 'transactions:write',
    idempotencyKey: 'required',
    waits: true,
    simulates: true,
    scored: true,
    body: conversionBody,
    answers: {
      200: { description: 'Of a dry run', schema: dryRunView },
      201: { description: 'Final: completed or held', schema: transactionView },
      202: { description: 'Not decided yet: see Location', schema: transactionView },
    },
    problems: [
      'not-found',
      'quote-expired',
      'quote-used',
      'insufficient-funds',
      'wallet-frozen',
      'wallet-closed',
      'currency-mismatch',
      'owner-mismatch',
      'same-wallet',
      'limit-exceeded',
      'risk-blocked',
    ],
    handle: (call) => convert(deps, call),
  }),
  route({
    method: 'POST',
    path: '/v1/quotes',
    tag: TAG,
    summary: 'Lock a rate for some seconds',
    description:
      'toAmount is fromAmount at this rate, rounded down to minor units. Only whoever asked can ' +
      'use it, once, until it expires.',
    access: 'transactions:write',
    body: quoteBody,
    answers: { 201: { description: 'The promise', schema: quoteView } },
    problems: ['same-currency', 'amount-too-small', 'limit-exceeded', ...NO_RATES],
    handle: ({ caller, body }) => promise(deps, caller.id, body),
  }),
  route({
    method: 'GET',
    path: '/v1/rates',
    tag: TAG,
    summary: 'Exchange rates as they are now',
    description: '`rate` is what a quote would lock, `midRate` what the provider publishes.',
    access: 'wallets:read',
    query: ratesQuery,
    answers: { 200: { description: 'Rates', schema: ratesView } },
    problems: NO_RATES,
    handle: ({ query }) => listRates(deps, query),
  }),
];
