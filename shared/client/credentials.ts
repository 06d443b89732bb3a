import type { Fetch } from './input.ts';
import { createTokenKeeper, type TokenSource } from './keep-token.ts';
import { problemOf } from './florin-problem.ts';

/** How a client proves who it is. */
export type Credentials =
  /** A token that lasts as long as it is needed. */
  | { accessToken: string }
  /** Whatever knows the token of now: a session of somebody who signed in. */
  | { tokens: TokenSource }
  /** OAuth 2.1 client credentials of a machine: tokens are fetched and renewed. */
  | { clientId: string; clientSecret: string; scope?: string };

interface Surroundings {
  baseUrl: string;
  fetch: Fetch;
}

/** @param credentials without any, requests carry no token */
export function createTokenSource(
  credentials: Credentials | undefined,
  { baseUrl, fetch }: Surroundings,
): TokenSource {
  if (credentials === undefined) return { token: async () => undefined };
  if ('tokens' in credentials) return credentials.tokens;
  if ('accessToken' in credentials) return { token: async () => credentials.accessToken };
  const { clientId, clientSecret, scope } = credentials;
  return createTokenKeeper(async () => {
    const response = await fetch(`${baseUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
        ...(scope === undefined ? {} : { scope }),
      }),
    });
    if (!response.ok) throw await problemOf(response);
    const answer = (await response.json()) as { access_token: string; expires_in: number };
    return { accessToken: answer.access_token, expiresIn: answer.expires_in };
  });
}
