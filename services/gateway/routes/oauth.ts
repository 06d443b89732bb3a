import {
  clientCredentialsBody,
  oauthTokenView,
  SCOPES,
  tokenQuestionBody,
  type tokenPair,
} from '@florin/contracts';
import { z } from 'zod';
import type { Identity } from '../adapters/identity.ts';
import { basicCredentials } from '../domain/client-credentials.ts';
import { route, type Answer, type Route } from '../rest/route.ts';

interface OauthRouteDeps {
  identity: Pick<
    Identity,
    'issueClientToken' | 'refresh' | 'exchangeCode' | 'introspect' | 'revokeToken' | 'getKeys'
  >;
  issuer: string;
  /** Where clients reach this API, as metadata tells them. */
  publicUrl(): string;
}

type TokenRequest = z.output<typeof clientCredentialsBody>;
type ClientFields = Pick<TokenRequest, 'client_id' | 'client_secret'>;
type TokenPair = z.output<typeof tokenPair>;

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

/** Client id and secret, with Basic or in the body. A public client has an id only. */
function clientOf(
  body: ClientFields,
  authorization: string | undefined,
): { clientId: string; clientSecret?: string } | Answer {
  const { client_id: clientId, client_secret: clientSecret } = body;
  if (authorization !== undefined) {
    if (clientSecret !== undefined) {
      return oauthError('invalid_request', 'the client is authenticated in two ways at once');
    }
    const basic = basicCredentials(authorization);
    return basic ?? oauthError('invalid_client', 'send client id and secret');
  }
  if (clientId === undefined) return oauthError('invalid_client', 'send client id and secret');
  return clientSecret === undefined ? { clientId } : { clientId, clientSecret };
}

const isAnswer = (value: object): value is Answer => 'status' in value;
const isConfidential = <C extends { clientSecret?: string }>(
  client: C,
): client is C & { clientSecret: string } => client.clientSecret !== undefined;

const wrongClient = (): Answer => oauthError('invalid_client', 'client id or secret is wrong');

async function issueForMachine(
  identity: OauthRouteDeps['identity'],
  body: TokenRequest,
  authorization: string | undefined,
): Promise<Answer> {
  const client = clientOf(body, authorization);
  if (isAnswer(client)) return client;
  if (!isConfidential(client)) return wrongClient();
  const { scope } = body;
  const wanted = scope === undefined ? {} : { scope };
  const answer = await identity.issueClientToken({ ...client, ...wanted });
  if (!answer.ok) {
    return answer.code === 'invalid-scope'
      ? oauthError('invalid_scope', 'the client may not have this scope')
      : wrongClient();
  }
  const token = {
    access_token: answer.accessToken,
    token_type: 'Bearer',
    expires_in: answer.expiresIn,
    scope: answer.scope,
  };
  return { status: 200, body: token, headers: NO_STORE };
}

const tokenAnswer = ({ tokens, scope }: { tokens: TokenPair; scope: string }): Answer => ({
  status: 200,
  body: {
    access_token: tokens.accessToken,
    token_type: 'Bearer',
    expires_in: tokens.expiresIn,
    refresh_token: tokens.refreshToken,
    scope,
  },
  headers: NO_STORE,
});

/** Of a person's own session, or, with a client, of an application's. */
async function refresh(
  identity: OauthRouteDeps['identity'],
  body: TokenRequest,
  authorization: string | undefined,
): Promise<Answer> {
  const { refresh_token: refreshToken, client_id: clientId } = body;
  if (refreshToken === undefined) return oauthError('invalid_request', 'refresh_token is missing');
  const hasClient = authorization !== undefined || clientId !== undefined;
  const client = hasClient ? clientOf(body, authorization) : undefined;
  if (client !== undefined && isAnswer(client)) return client;
  const answer = await identity.refresh({ refreshToken, ...(client && { client }) });
  if (answer.ok) return tokenAnswer(answer);
  if (answer.code === 'invalid-client') return wrongClient();
  return oauthError('invalid_grant', 'the refresh token is not valid');
}

async function exchangeCode(
  identity: OauthRouteDeps['identity'],
  body: TokenRequest,
  authorization: string | undefined,
): Promise<Answer> {
  const client = clientOf(body, authorization);
  if (isAnswer(client)) return client;
  const { code, redirect_uri: redirectUri, code_verifier: codeVerifier } = body;
  if (code === undefined || redirectUri === undefined || codeVerifier === undefined) {
    return oauthError('invalid_request', 'code, redirect_uri and code_verifier are required');
  }
  const answer = await identity.exchangeCode({ ...client, code, redirectUri, codeVerifier });
  if (answer.ok) return tokenAnswer(answer);
  if (answer.code === 'invalid-client') return wrongClient();
  return oauthError('invalid_grant', 'the code is not valid for this client');
}

const introspectionView = z.looseObject({ active: z.boolean() });

const metadataView = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  introspection_endpoint: z.string(),
  revocation_endpoint: z.string(),
  jwks_uri: z.string(),
  grant_types_supported: z.array(z.string()),
  token_endpoint_auth_methods_supported: z.array(z.string()),
  scopes_supported: z.array(z.string()),
  response_types_supported: z.array(z.string()),
  code_challenge_methods_supported: z.array(z.string()),
  authorization_response_iss_parameter_supported: z.boolean(),
});

const metadataOf = ({ issuer, publicUrl }: OauthRouteDeps): z.output<typeof metadataView> => ({
  issuer,
  authorization_endpoint: `${publicUrl()}/oauth/authorize`,
  token_endpoint: `${publicUrl()}/oauth/token`,
  introspection_endpoint: `${publicUrl()}/oauth/introspect`,
  revocation_endpoint: `${publicUrl()}/oauth/revoke`,
  jwks_uri: `${publicUrl()}/.well-known/jwks.json`,
  grant_types_supported: ['client_credentials', 'authorization_code', 'refresh_token'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
  scopes_supported: [...SCOPES],
  response_types_supported: ['code'],
  code_challenge_methods_supported: ['S256'],
  authorization_response_iss_parameter_supported: true,
});

const CACHED = { 'cache-control': 'public, max-age=300' };

const OAUTH_ERROR = {
  description: 'An OAuth error (RFC 6749 §5.2)',
  schema: z.object({ error: z.string(), error_description: z.string() }),
};

export function oauthRoutes(deps: OauthRouteDeps): Route[] {
  const { identity } = deps;
  return [
    route({
      method: 'POST',
      path: '/oauth/token',
      tag: 'Sign in',
      summary: 'OAuth 2.1 token endpoint for machine clients and applications',
      description: 'As a form or as JSON; client id and secret with Basic or in the body.',
      access: 'public',
      body: clientCredentialsBody,
      acceptsForm: true,
      answers: {
        200: { description: 'An access token', schema: oauthTokenView },
        401: OAUTH_ERROR,
      },
      handle({ body, authorization }) {
        switch (body.grant_type) {
          case 'client_credentials':
            return issueForMachine(identity, body, authorization);
          case 'authorization_code':
            return exchangeCode(identity, body, authorization);
          case 'refresh_token':
            return refresh(identity, body, authorization);
          default:
            return oauthError(
              'unsupported_grant_type',
              'use client_credentials, authorization_code or refresh_token',
            );
        }
      },
    }),
    route({
      method: 'POST',
      path: '/oauth/introspect',
      tag: 'Sign in',
      summary: 'Whether a token of the client holds (RFC 7662)',
      access: 'public',
      body: tokenQuestionBody,
      acceptsForm: true,
      answers: {
        200: { description: 'active, and if so what it says', schema: introspectionView },
        401: OAUTH_ERROR,
      },
      async handle({ body, authorization }) {
        const client = clientOf(body, authorization);
        if (isAnswer(client)) return client;
        if (!isConfidential(client)) return wrongClient();
        const answer = await identity.introspect({ ...client, token: body.token });
        return answer.ok ? { status: 200, body: answer.token, headers: NO_STORE } : wrongClient();
      },
    }),
    route({
      method: 'POST',
      path: '/oauth/revoke',
      tag: 'Sign in',
      summary: 'End what a token of the client stands for (RFC 7009)',
      access: 'public',
      body: tokenQuestionBody,
      acceptsForm: true,
      answers: {
        200: { description: 'Ended, whether it was known or not' },
        401: OAUTH_ERROR,
      },
      async handle({ body, authorization }) {
        const client = clientOf(body, authorization);
        if (isAnswer(client)) return client;
        const answer = await identity.revokeToken({ ...client, token: body.token });
        return answer.ok ? { status: 200, body: {}, headers: NO_STORE } : wrongClient();
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
