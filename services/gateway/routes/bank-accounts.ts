import {
  linkAccountBody,
  linkedAccount,
  linkTokenBody,
  linkTokenView,
  pageOf,
  pageQuery,
} from '@florin/contracts';
import type { Banking } from '../adapters/banking.ts';
import { refusal, type Refusal } from '../domain/refusal.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface BankAccountRouteDeps {
  banking: Pick<
    Banking,
    | 'createLinkToken'
    | 'linkAccount'
    | 'getLinkedAccount'
    | 'listLinkedAccounts'
    | 'removeLinkedAccount'
  >;
}

const SHARED = { tag: 'Bank accounts', access: 'person' } as const;
const ACCOUNT = { description: 'The account', schema: linkedAccount } as const;

const RETRY_AFTER_SECONDS = 5;

const unknown = (id: string): Refusal =>
  refusal('not-found', `there is no linked bank account ${id}`);

const unavailable = (): Refusal =>
  refusal('bank-unavailable', 'accounts can not be linked now', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });

/** Accounts that people have proven to be theirs, at a provider that shows us no passwords. */
export function bankAccountRoutes({ banking }: BankAccountRouteDeps): Route[] {
  const found = async (ownerId: string, id: string): Promise<Answer | Refusal> => {
    const { account } = await banking.getLinkedAccount({ ownerId, id });
    return account === null ? unknown(id) : { status: 200, body: account };
  };
  return [
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/bank-accounts/link-tokens',
      summary: 'Begin to link a bank account',
      description:
        'The token opens the page of the provider of links in the caller’s browser, where the ' +
        'account is proven. What that page answers goes to `POST /v1/bank-accounts`.',
      body: linkTokenBody,
      answers: { 201: { description: 'The token', schema: linkTokenView } },
      problems: ['not-found', 'bank-unavailable'],
      async handle({ caller, body: { bank } }) {
        const given = await banking.createLinkToken({ ownerId: caller.id, bank });
        if (given.ok) {
          const { linkToken, expiresAt } = given;
          return { status: 201, body: { linkToken, expiresAt } };
        }
        return given.code === 'not-found'
          ? refusal('not-found', `there is no bank ${bank}`)
          : unavailable();
      },
    }),
    route({
      ...SHARED,
      method: 'POST',
      path: '/v1/bank-accounts',
      summary: 'Link the bank account that was proven',
      description:
        'Deposits and withdrawals of the caller’s own wallets name it by its `bankAccount`. ' +
        'The same tokens again answer the same account.',
      body: linkAccountBody,
      answers: { 201: ACCOUNT },
      problems: ['invalid-token', 'limit-exceeded', 'bank-unavailable'],
      async handle({ caller, body }) {
        const linked = await banking.linkAccount({ ownerId: caller.id, ...body });
        if (linked.ok) {
          const headers = { location: `/v1/bank-accounts/${linked.account.id}` };
          return { status: 201, body: linked.account, headers };
        }
        if (linked.code === 'bank-unavailable') return unavailable();
        return linked.code === 'invalid-token'
          ? refusal('invalid-token', 'these tokens prove no account; please begin again')
          : refusal('limit-exceeded', 'this is as many accounts as one may link');
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/bank-accounts',
      summary: 'The caller’s linked bank accounts, newest first',
      query: pageQuery,
      answers: { 200: { description: 'A page', schema: pageOf(linkedAccount) } },
      async handle({ caller, query: { limit, cursor } }) {
        const question = { ownerId: caller.id, limit, ...(cursor === undefined ? {} : { cursor }) };
        return { status: 200, body: await banking.listLinkedAccounts(question) };
      },
    }),
    route({
      ...SHARED,
      method: 'GET',
      path: '/v1/bank-accounts/:id',
      summary: 'A linked bank account',
      answers: { 200: ACCOUNT },
      problems: ['not-found'],
      handle: ({ caller, params: { id } }) => found(caller.id, id),
    }),
    route({
      ...SHARED,
      method: 'DELETE',
      path: '/v1/bank-accounts/:id',
      summary: 'Unlink a bank account',
      description:
        'Nothing is paid with it any more. What its bank knows it by is forgotten, and the link ' +
        'ended at its provider, as soon as no payment is under way with it.',
      answers: { 204: { description: 'Unlinked' } },
      problems: ['not-found'],
      async handle({ caller, params: { id } }) {
        const { removed } = await banking.removeLinkedAccount({ ownerId: caller.id, id });
        return removed ? { status: 204 } : unknown(id);
      },
    }),
  ];
}
