import { authorizeBody, authorizeQuery } from '@florin/contracts';
import type { z } from 'zod';
import type { Identity } from '../adapters/identity.ts';
import { route, type Answer, type Route } from '../rest/route.ts';
import { consentPage, mistakePage, type AuthorizationRequest } from '../rest/consent-page.ts';

export interface AuthorizeRouteDeps {
  identity: Pick<Identity, 'describeAuthorization' | 'authorize'>;
  /** Names us in answers, so that clients of several servers can't be confused (RFC 9207). */
  issuer: string;
}

const SHARED = { path: '/oauth/authorize', tag: 'Sign in', access: 'public' } as const;
const CHALLENGE = /^[A-Za-z0-9_-]{43}$/;

const PAGE_HEADERS = {
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-frame-options': 'DENY',
};

/** Nothing runs and nothing is loaded, and the form goes to us and then to the application only. */
const policyFor = (redirectUri: string): string =>
  "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; " +
  `form-action 'self' ${new URL(redirectUri).origin}`;

const page = (status: number, body: string, policy: string): Answer => ({
  status,
  body,
  contentType: 'text/html; charset=utf-8',
  headers: { ...PAGE_HEADERS, 'content-security-policy': policy },
});

const mistake = (text: string): Answer =>
  page(400, mistakePage(text), "default-src 'none'; style-src 'unsafe-inline'");

/** Sends the browser back to the application. */
function sendBack(
  { redirectUri, state }: Pick<AuthorizationRequest, 'redirectUri' | 'state'>,
  facts: Record<string, string>,
): Answer {
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(facts)) target.searchParams.set(name, value);
  if (state !== undefined) target.searchParams.set('state', state);
  return { status: 303, headers: { ...PAGE_HEADERS, location: target.href } };
}

const MISTAKES = {
  'invalid-client': 'This application is not known here.',
  'invalid-redirect': 'The application asked to send you to an address that is not its own.',
} as const;

/**
 * Reads what an application asks for. Before its redirect address has proven to be its own nobody
 * is sent anywhere: a stranger's address would get what is meant for the application.
 */
async function readRequest(
  { identity, issuer }: AuthorizeRouteDeps,
  asked: z.output<typeof authorizeQuery>,
): Promise<{ request: AuthorizationRequest; name: string; scopes: string[] } | Answer> {
  const { client_id: clientId = '', redirect_uri: redirectUri = '', scope, state } = asked;
  const wanted = scope === undefined ? {} : { scope };
  const described = await identity.describeAuthorization({ clientId, redirectUri, ...wanted });
  if (!described.ok && described.code !== 'invalid-scope') return mistake(MISTAKES[described.code]);
  const back = (error: string): Answer => sendBack({ redirectUri, state }, { error, iss: issuer });
  if (asked.response_type !== 'code') return back('unsupported_response_type');
  const { code_challenge: codeChallenge = '' } = asked;
  if (asked.code_challenge_method !== 'S256' || !CHALLENGE.test(codeChallenge)) {
    return back('invalid_request');
  }
  if (!described.ok) return back('invalid_scope');
  const request = { clientId, redirectUri, scope, state, codeChallenge };
  return { request, name: described.name, scopes: described.scopes };
}

const REFUSED = {
  'invalid-credentials': 'E-mail, password or code is wrong.',
  'two-factor-required': 'Please add the code of your authenticator app.',
  throttled: 'Too many attempts for this account: please wait a moment.',
} as const;

export const authorizeRoutes = (deps: AuthorizeRouteDeps): Route[] => [
  route({
    ...SHARED,
    method: 'GET',
    summary: 'Ask a person to let an application act (OAuth 2.1, with PKCE)',
    query: authorizeQuery,
    answers: { 200: { description: 'A page to sign in and agree', contentType: 'text/html' } },
    async handle({ query }) {
      const read = await readRequest(deps, query);
      if ('status' in read) return read;
      return page(200, consentPage(read), policyFor(read.request.redirectUri));
    },
  }),
  route({
    ...SHARED,
    method: 'POST',
    summary: 'The answer of that page',
    description:
      'Carries the credentials themselves and no cookie: there is no signed-in browser whose ' +
      'consent another site could forge.',
    body: authorizeBody,
    acceptsForm: true,
    answers: { 303: { description: 'Back to the application with a code, or with an error' } },
    async handle({ body, origin }) {
      const read = await readRequest(deps, body);
      if ('status' in read) return read;
      const { request } = read;
      const { issuer: iss } = deps;
      if (body.decision !== 'approve') return sendBack(request, { error: 'access_denied', iss });
      const { clientId, redirectUri, scope, codeChallenge } = request;
      const { email, password, totp } = body;
      const answer = await deps.identity.authorize({
        clientId,
        redirectUri,
        codeChallenge,
        email,
        password,
        from: origin(),
        ...(scope === undefined ? {} : { scope }),
        ...(totp === undefined || totp === '' ? {} : { totp }),
      });
      if (answer.ok) return sendBack(request, { code: answer.code, iss });
      if (!(answer.code in REFUSED)) return sendBack(request, { error: 'access_denied', iss });
      const problem = REFUSED[answer.code as keyof typeof REFUSED];
      const status = answer.code === 'throttled' ? 429 : 401;
      return page(status, consentPage({ ...read, email, problem }), policyFor(redirectUri));
    },
  }),
];
