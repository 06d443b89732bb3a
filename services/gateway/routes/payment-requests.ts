import {
  acceptanceBody,
  pageOf,
  paymentRequestBody,
  paymentRequestsQuery,
  paymentRequestView,
  transactionView,
  type PaymentRequest,
  type PaymentRequestView,
} from '@florin/contracts';
import type { Identity } from '../adapters/identity.ts';
import type { Payments } from '../adapters/payments.ts';
import type { WalletDirectory } from '../adapters/wallet-directory.ts';
import type { Caller } from '../domain/caller.ts';
import { fingerprintOf, paymentRequestIdOf } from '../domain/idempotency.ts';
import { isRefusal, refusal, type Refusal } from '../domain/refusal.ts';
import { insightOf } from '../domain/transaction-view.ts';
import type { PlaceTransaction } from '../place-transaction.ts';
import { route, type Answer, type Call, type Route } from '../rest/route.ts';
import { answerPlacement } from './payment-answers.ts';
import { ownWallet } from './wallet-access.ts';

interface PaymentRequestDeps {
  payments: Payments;
  directory: Pick<WalletDirectory, 'find'>;
  identity: Pick<Identity, 'findUserByEmail' | 'getUser'>;
  placeTransaction: PlaceTransaction;
}

const TAG = { tag: 'Payment requests' } as const;
const REQUEST = { description: 'The request', schema: paymentRequestView } as const;
const REFUSALS = ['not-found', 'hold-already-settled'] as const;

const unknown = (id: string): Refusal => refusal('not-found', `there is no payment request ${id}`);

/** People see requests that they made or were asked, machine clients all. */
const userOf = (caller: Caller): string | null => (caller.kind === 'machine' ? null : caller.id);

/**
 * A request as one side sees it. Whoever asks reads the e-mail as it was written and learns nothing
 * about who has it; whoever is asked learns who asks.
 */
function createViews({ identity }: Pick<PaymentRequestDeps, 'identity'>) {
  return async (requests: readonly PaymentRequest[], caller: Caller) => {
    const isIncoming = ({ payerId }: PaymentRequest): boolean => payerId === caller.id;
    const ids = new Set(requests.filter(isIncoming).map(({ requesterId }) => requesterId));
    const users = await Promise.all([...ids].map((id) => identity.getUser({ id })));
    const names = new Map(users.flatMap(({ user }) => (user ? [[user.id, user.name]] : [])));
    return requests.map((request): PaymentRequestView => {
      const { payerId: _payer, requesterId, fromEmail, lastFailure, ...view } = request;
      if (!isIncoming(request)) {
        const email = fromEmail === null ? {} : { fromEmail };
        return { ...view, ...email, direction: 'outgoing' };
      }
      const name = names.get(requesterId);
      return {
        ...view,
        ...(name !== undefined && { requesterName: name }),
        ...(lastFailure !== undefined && { lastFailure }),
        direction: 'incoming',
      };
    });
  };
}

type Body = ReturnType<typeof paymentRequestBody.parse>;

async function ask(
  deps: PaymentRequestDeps,
  call: Call<'transactions:write', unknown, undefined, Body>,
): Promise<{ request: PaymentRequest; replayed: boolean } | Refusal> {
  const { caller, body, idempotencyKey } = call;
  const { toWalletId, fromEmail, amount, description, expiresInSeconds } = body;
  const to = ownWallet(await deps.directory.find(toWalletId), caller, toWalletId);
  if (isRefusal(to)) return to;
  const { user } = await deps.identity.findUserByEmail({ email: fromEmail });
  if (user?.id === to.ownerId) {
    const errors = [{ pointer: '/fromEmail', detail: 'is the owner of that wallet' }];
    return refusal('validation-failed', 'nobody asks themselves', { facts: { errors } });
  }
  const made = await deps.payments.createPaymentRequest({
    id: paymentRequestIdOf(caller.id, idempotencyKey),
    requesterId: to.ownerId,
    payerId: user?.id ?? null,
    fromEmail,
    fingerprint: fingerprintOf(call.method, call.path, body),
    toWalletId,
    amount: amount.toString(),
    currency: to.currency,
    ...(description !== undefined && { description }),
    expiresInSeconds,
  });
  if ('request' in made) return made;
  const code = made.refused === 'key-reused' ? 'idempotency-key-reused' : 'limit-exceeded';
  return refusal(code, made.detail);
}

async function accept(
  { payments, directory, placeTransaction }: PaymentRequestDeps,
  call: Call<'transactions:write', { id: string }, undefined, { fromWalletId: string }>,
): Promise<Answer | Refusal> {
  const { caller, params, body, idempotencyKey: key, context, requestId, preference } = call;
  const { fromWalletId } = body;
  const from = ownWallet(await directory.find(fromWalletId), caller, fromWalletId);
  if (isRefusal(from)) return from;
  const accepted = await payments.acceptPaymentRequest({
    id: params.id,
    payerId: from.ownerId,
    clientId: caller.id,
    key,
    fromWalletId,
  });
  if ('refused' in accepted) {
    const code = accepted.refused === 'settled' ? 'hold-already-settled' : 'idempotency-key-reused';
    return refusal(code, accepted.detail);
  }
  if (accepted.order === null) return unknown(params.id);
  const order = { ...accepted.order, context };
  const placement = await placeTransaction(order, { requestId, waitMs: preference.waitMs });
  return answerPlacement(placement, preference, insightOf(caller));
}

export function paymentRequestRoutes(deps: PaymentRequestDeps): Route[] {
  const { payments } = deps;
  const viewsOf = createViews(deps);
  const answer = async (
    told: { request: PaymentRequest | null } | { refused: 'settled'; detail: string },
    id: string,
    caller: Caller,
  ): Promise<Answer | Refusal> => {
    if ('refused' in told) return refusal('hold-already-settled', told.detail);
    if (told.request === null) return unknown(id);
    const [body] = await viewsOf([told.request], caller);
    return { status: 200, body };
  };

  return [
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/payment-requests',
      access: 'transactions:write',
      summary: 'Ask somebody to pay you',
      description:
        'The answer is the same whether anybody has that e-mail or not. What nobody accepts ' +
        'in time expires.',
      idempotencyKey: 'required',
      body: paymentRequestBody,
      answers: { 201: REQUEST },
      problems: ['not-found', 'limit-exceeded'],
      async handle(call) {
        const made = await ask(deps, call);
        if (isRefusal(made)) return made;
        const [body] = await viewsOf([made.request], call.caller);
        const headers: Record<string, string> = {
          location: `/v1/payment-requests/${made.request.id}`,
        };
        if (made.replayed) headers['idempotency-replayed'] = 'true';
        return { status: 201, body, headers };
      },
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/payment-requests',
      access: 'transactions:read',
      summary: 'What the caller was asked to pay, or has asked for, newest first',
      query: paymentRequestsQuery,
      answers: { 200: { description: 'A page', schema: pageOf(paymentRequestView) } },
      async handle({ caller, query: { cursor, ...query } }) {
        const page = await payments.listPaymentRequests({
          ...query,
          ...(cursor !== undefined && { cursor }),
          userId: userOf(caller),
        });
        const items = await viewsOf(page.items, caller);
        return { status: 200, body: { ...page, items } };
      },
    }),
    route({
      ...TAG,
      method: 'GET',
      path: '/v1/payment-requests/:id',
      access: 'transactions:read',
      summary: 'One payment request',
      answers: { 200: REQUEST },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const question = { id, userId: userOf(caller) };
        return answer(await payments.getPaymentRequest(question), id, caller);
      },
    }),
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/payment-requests/:id/accept',
      access: 'transactions:write',
      summary: 'Pay what was asked for',
      description:
        'An ordinary transfer, answered as one; its metadata names the request. When it is ' +
        'refused the request stays open, to be accepted with another key.',
      idempotencyKey: 'required',
      waits: true,
      scored: true,
      body: acceptanceBody,
      answers: {
        201: { description: 'Final: completed or held', schema: transactionView },
        202: { description: 'Not decided yet: see Location', schema: transactionView },
      },
      problems: [
        ...REFUSALS,
        'insufficient-funds',
        'wallet-frozen',
        'wallet-closed',
        'currency-mismatch',
        'same-wallet',
        'risk-blocked',
      ],
      handle: (call) => accept(deps, call),
    }),
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/payment-requests/:id/decline',
      access: 'transactions:write',
      summary: 'Say no to a payment request',
      answers: { 200: REQUEST },
      problems: REFUSALS,
      async handle({ caller, params: { id } }) {
        const question = { id, userId: userOf(caller) };
        return answer(await payments.declinePaymentRequest(question), id, caller);
      },
    }),
    route({
      ...TAG,
      method: 'POST',
      path: '/v1/payment-requests/:id/cancel',
      access: 'transactions:write',
      summary: 'Take a payment request back',
      answers: { 200: REQUEST },
      problems: REFUSALS,
      async handle({ caller, params: { id } }) {
        const question = { id, userId: userOf(caller) };
        return answer(await payments.cancelPaymentRequest(question), id, caller);
      },
    }),
  ];
}
