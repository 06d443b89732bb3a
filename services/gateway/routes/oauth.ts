import { clientCredentialsBody, oauthTokenView, SCOPES } from '@florin/contracts';
import { z } from 'zod';
import type { Identity } from '../adapters/identity.ts';
import { basicCredentials } from '../domain/client-credentials.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface OauthRouteDeps {
  identity: Pick<Identity, 'issueClientToken' | 'refresh' | 'getKeys'>;
  issuer: string;
  /** Where clients reach this API, as metadata tells them. */
  publicUrl(): string;
}

type TokenRequest = z.output<typeof clientCredentialsBody>;

/** The codes of RFC 6749 §5.2 that are used here. */
const ERROR_STATUS = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_scope: 400,
  unsupported_grant_type: 400,
} as const;

const NO_STORE = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** OAuth's own form of an error, which its client libraries look for. */
function oauthError(error: keyof typeof ERROR_STATUS, description: string): Answer {
  const status = ERROR_STATUS[error];
  return {
    status,
    body: { error, error_description: description },
    headers: {
      ...NO_STORE,
      ...(status === 401 ? { 'www-authenticate': 'Basic realm="florin"' } : {}),
    },
  };
}

async function issueForMachine(
  identity: OauthRouteDeps['identity'],
  body: TokenRequest,
  authorization: string | undefined,
): Promise<Answer> {
  const { client_id: clientId, client_secret: clientSecret, scope } = body;
  const inBody =
    clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
  if (authorization !== undefined && clientSecret !== undefined) {
    return oauthError('invalid_request', 'the client is authenticated in two ways at once');
  }
  const credentials = authorization === undefined ? inBody : basicCredentials(authorization);
  if (credentials === undefined) {
    return oauthError('invalid_client', 'send client id and secret, with Basic or in the body');
  }
  const answer = await identity.issueClientToken({
    ...credentials,
    ...(scope === undefined ? {} : { scope }),
  });
  if (!answer.ok) {
    return answer.code === 'invalid-scope'
      ? oauthError('invalid_scope', 'the client may not have this scope')
      : oauthError('invalid_client', 'client id or secret is wrong');
  }
  const token = {
    access_token: answer.accessToken,
    token_type: 'Bearer',
    expires_in: answer.expiresIn,
    scope: answer.scope,
  };
  return { status: 200, body: token, headers: NO_STORE };
}

async function refreshForPerson(
  identity: OauthRouteDeps['identity'],
  body: TokenRequest,
): Promise<Answer> {
  const { refresh_token: refreshToken } = body;
  if (refreshToken === undefined) return oauthError('invalid_request', 'refresh_token is missing');
  const answer = await identity.refresh({ refreshToken });
  if (!answer.ok) return oauthError('invalid_grant', 'the refresh token is not valid');
  const token = {
    access_token: answer.tokens.accessToken,
    token_type: 'Bearer',
    expires_in: answer.tokens.expiresIn,
    refresh_token: answer.tokens.refreshToken,
  };
  return { status: 200, body: token, headers: NO_STORE };
}

const metadataView = z.object({
  issuer: z.string(),
  token_endpoint: z.string(),
  jwks_uri: z.string(),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
});

const metadataOf = ({ issuer, publicUrl }: OauthRouteDeps): z.output<typeof metadataView> => ({
  issuer,
  token_endpoint: `${publicUrl()}/oauth/token`,
  jwks_uri: `${publicUrl()}/.well-known/jwks.json`,
  grant_types_supported: ['client_credentials', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  scopes_supported: [...SCOPES],
  response_types_supported: [],
});

const CACHED = { 'cache-control': 'public, max-age=300' };

export function oauthRoutes(deps: OauthRouteDeps): Route[] {
  const { identity } = deps;
  return [
    route({
      method: 'POST',
      path: '/oauth/token',
      tag: 'Sign in',
      summary: 'OAuth 2.1 token endpoint for machine clients',
      description: 'As a form or as JSON; client id and secret with Basic or in the body.',
      access: 'public',
      body: clientCredentialsBody,
      acceptsForm: true,
      answers: {
        200: { description: 'An access token', schema: oauthTokenView },
        401: {
          description: 'An OAuth error (RFC 6749 §5.2)',
          schema: z.object({ error: z.string(), error_description: z.string() }),
        },
      },
      handle({ body, authorization }) {
        switch (body.grant_type) {
          case 'client_credentials':
            return issueForMachine(identity, body, authorization);
          case 'refresh_token':
            return refreshForPerson(identity, body);
          default:
            return oauthError('unsupported_grant_type', 'use client_credentials or refresh_token');
        }
      },
    }),
    route({
      method: 'GET',
      path: '/.well-known/jwks.json',
      tag: 'Sign in',
      summary: 'Public keys of access tokens',
      access: 'public',
      answers: {
        200: {
          description: 'A JSON Web Key Set (RFC 7517)',
          schema: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
        },
      },
      handle: async () => ({ status: 200, body: await identity.getKeys({}), headers: CACHED }),
    }),
    route({
      method: 'GET',
      path: '/.well-known/oauth-authorization-server',
      tag: 'Sign in',
      summary: 'OAuth metadata (RFC 8414)',
      access: 'public',
      answers: { 200: { description: 'Metadata', schema: metadataView } },
      handle: () => ({ status: 200, body: metadataOf(deps), headers: CACHED }),
    }),
  ];
}
