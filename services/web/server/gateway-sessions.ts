import { tokenPairView, type loginBody } from '@florin/contracts';
import { RetryableError } from '@florin/kernel';
import type { z } from 'zod';

export type TokenPair = z.output<typeof tokenPairView>;

/** Tokens, or the gateway's own answer to hand on: a problem document and its status. */
export type SessionAnswer =
  | { ok: true; tokens: TokenPair }
  | { ok: false; status: number; retryAfter: string | null; problem: string };

/** Whom we ask for: limits and the list of sessions are about them, not about us. */
export interface Visitor {
  address: string;
  userAgent: string;
}

export interface GatewaySessions {
  login(body: z.output<typeof loginBody>, visitor: Visitor): Promise<SessionAnswer>;
  refresh(refreshToken: string, visitor: Visitor): Promise<SessionAnswer>;
  logout(refreshToken: string): Promise<void>;
}

/** Argon2 takes its time on purpose, and a queue before it takes more. */
const TIMEOUT_MS = 15_000;

/** The gateway's calls for signing in, as this server makes them for its visitors. */
export function createGatewaySessions(gatewayUrl: string): GatewaySessions {
  async function post(path: string, body: unknown, visitor?: Visitor): Promise<Response> {
    try {
      return await fetch(new URL(path, gatewayUrl), {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(visitor && {
            'x-forwarded-for': visitor.address,
            'user-agent': visitor.userAgent,
          }),
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
    login: async (body, visitor) => tokensFrom(await post('/v1/auth/login', body, visitor)),
    refresh: async (refreshToken, visitor) =>
      tokensFrom(await post('/v1/auth/refresh', { refreshToken }, visitor)),
    async logout(refreshToken) {
      await (await post('/v1/auth/logout', { refreshToken })).arrayBuffer();
    },
  };
}
