import { apiKeyBody, apiKeyView, apiKeyWithSecretView, pageOf } from '@florin/contracts';
import type { Identity } from '../adapters/identity.ts';
import { identityRefusal } from '../domain/identity-refusal.ts';
import { inSession } from '../domain/own-session.ts';
import { route, type Route } from '../rest/route.ts';

interface ApiKeyRouteDeps {
  identity: Pick<Identity, 'createApiKey' | 'listApiKeys' | 'removeApiKey'>;
}

const SHARED = { tag: 'Profile', access: 'person' } as const;

/** Keys for the caller's own programs. No key makes another one. */
export const apiKeyRoutes = ({ identity }: ApiKeyRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    path: '/v1/me/api-keys',
    summary: 'The caller’s API keys, newest first',
    answers: { 200: { description: 'All that work', schema: pageOf(apiKeyView) } },
    async handle({ caller }) {
      const { apiKeys } = await identity.listApiKeys({ userId: caller.id });
      return { status: 200, body: { items: apiKeys, nextCursor: null } };
    },
  }),
  route({
    ...SHARED,
    method: 'POST',
    path: '/v1/me/api-keys',
    summary: 'Make a key for a program of one’s own',
    description:
      'It gets access tokens at /oauth/token with grant_type=client_credentials, and acts for ' +
      'the caller within its scopes. A new password ends it, as it ends sessions.',
    body: apiKeyBody,
    answers: { 201: { description: 'Made', schema: apiKeyWithSecretView } },
    problems: ['step-up-required', 'limit-exceeded'],
    handle: ({ caller, body }) =>
      inSession(caller, async (own) => {
        const answer = await identity.createApiKey({ ...own, ...body });
        if (!answer.ok) return identityRefusal(answer);
        const { apiKey, clientSecret } = answer;
        return { status: 201, body: { ...apiKey, clientSecret } };
      }),
  }),
  route({
    ...SHARED,
    method: 'DELETE',
    path: '/v1/me/api-keys/:id',
    summary: 'Remove an API key',
    description: 'Its tokens end at once.',
    answers: { 204: { description: 'Removed' } },
    problems: ['not-found'],
    async handle({ caller, params }) {
      const answer = await identity.removeApiKey({ userId: caller.id, id: params.id });
      return answer.ok ? { status: 204 } : identityRefusal(answer);
    },
  }),
];
