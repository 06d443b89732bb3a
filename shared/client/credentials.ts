import { problemOf } from './florin-problem.ts';

/** How a client proves who it is. */
export type Credentials =
  /** A token, or something that knows the token of now: it is asked again after a 401. */
  | { accessToken: string | ((refused?: string) => string | Promise<string>) }
  /** OAuth 2.1 client credentials of a machine: tokens are fetched and renewed. */
  | { clientId: string; clientSecret: string; scope?: string };

export interface TokenSource {
  /** @param refused the token that was just answered with 401 */
  token(refused?: string): Promise<string>;
}

/** So long before its end a token is not used any more. */
const EARLY_MS = 30_000;

export function createTokenSource(
  credentials: Credentials,
  { baseUrl, fetch }: { baseUrl: string; fetch: typeof globalThis.fetch },
): TokenSource {
  if ('accessToken' in credentials) {
    const { accessToken } = credentials;
    return {
      token: async (refused) =>
        typeof accessToken === 'string' ? accessToken : accessToken(refused),
    };
  }
  const { clientId, clientSecret, scope } = credentials;
  let current: Promise<{ token: string; endsAtMs: number }> | undefined;

  async function fetchToken(): Promise<{ token: string; endsAtMs: number }> {
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
    return { token: answer.access_token, endsAtMs: Date.now() + answer.expires_in * 1000 };
  }

  return {
    async token(refused) {
      for (;;) {
        const asked = (current ??= fetchToken());
        try {
          const { token, endsAtMs } = await asked;
          if (token !== refused && endsAtMs - EARLY_MS > Date.now()) return token;
        } catch (error) {
          if (current === asked) current = undefined;
          throw error;
        }
        // All that wait for a new one wait for the same one.
        if (current === asked) current = undefined;
      }
    },
  };
}
