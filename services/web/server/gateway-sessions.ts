import { tokenPairView, type loginBody } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { z } from 'zod';

export type TokenPair = z.output<typeof tokenPairView>;

/** Tokens, or the gateway's own answer to hand on: a problem document and its status. */
export type SessionAnswer =
  | { ok: true; tokens: TokenPair }
  | { ok: false; status: number; retryAfter: string | null; problem: string };

export interface GatewaySessions {
  login(body: z.output<typeof loginBody>, clientAddress: string): Promise<SessionAnswer>;
  refresh(refreshToken: string, clientAddress: string): Promise<SessionAnswer>;
  logout(refreshToken: string): Promise<void>;
}

/** Argon2 takes its time on purpose, and a queue before it takes more. */
const TIMEOUT_MS = 15_000;

/** The gateway's calls for signing in, as this server makes them for its visitors. */
export function createGatewaySessions(gatewayUrl: string): GatewaySessions {
  async function post(path: string, body: unknown, clientAddress?: string): Promise<Response> {
    try {
      return await fetch(new URL(path, gatewayUrl), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(clientAddress === undefined ? {} : { 'x-forwarded-for': clientAddress }),
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (error) {
      throw new RetryableError('the gateway does not answer', { cause: error });
    }
  }

  async function tokensFrom(response: Response): Promise<SessionAnswer> {
    if (response.ok) return { ok: true, tokens: tokenPairView.parse(await response.json()) };
    const retryAfter = response.headers.get('retry-after');
    return { ok: false, status: response.status, retryAfter, problem: await response.text() };
  }

  return {
    login: async (body, address) => tokensFrom(await post('/v1/auth/login', body, address)),
    refresh: async (refreshToken, address) =>
      tokensFrom(await post('/v1/auth/refresh', { refreshToken }, address)),
    async logout(refreshToken) {
      await (await post('/v1/auth/logout', { refreshToken })).arrayBuffer();
    },
  };
}
