import { userView } from '@florin/contracts';

/** Whether an Authorization header is that of an operator, by the gateway's word. */
export type IsOperator = (authorization: string | undefined) => Promise<boolean>;

const TIMEOUT_MS = 10_000;

export function createIsOperator(gatewayUrl: string): IsOperator {
  return async (authorization) => {
    if (authorization === undefined) return false;
    const answer = await fetch(new URL('/v1/me', gatewayUrl), {
      headers: { authorization },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) return false;
    const { roles } = userView.parse(await answer.json());
    return roles.includes('operator') || roles.includes('admin');
  };
}
