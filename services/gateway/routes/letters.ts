import { legalHoldBody, letterView, pageOf, pageQuery } from '@florin/contracts';
import type { Identity } from '../adapters/identity.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { route, type Route } from '../rest/route.ts';

interface LettersRouteDeps {
  identity: Pick<Identity, 'listLetters' | 'setLegalHold'>;
}

const SHARED = { tag: 'Operators', access: 'admin' } as const;

export const lettersRoutes = ({ identity }: LettersRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/admin/outbox',
    summary: 'Letters to users, newest first',
    description: 'Their texts open accounts, so they are shown on development systems only.',
    query: pageQuery,
    answers: { 200: { description: 'A page', schema: pageOf(letterView) } },
    async handle({ query: { limit, cursor } }) {
      const position = cursor === undefined ? {} : { cursor };
      return { status: 200, body: await identity.listLetters({ limit, ...position }) };
    },
  }),
  route({
    ...SHARED,
    method: 'PUT',
    path: '/v1/admin/users/:id/legal-hold',
    summary: 'Keep an account from being erased, or no longer',
    body: legalHoldBody,
    answers: { 204: { description: 'So it is' } },
    problems: ['not-found'],
    async handle({ params, body: { held } }) {
      const answer = await identity.setLegalHold({ userId: params.id, held });
      return answer.ok ? { status: 204 } : identityRefusal(answer);
    },
  }),
];
