import type { IncomingMessage } from 'node:http';
import type { RequestOrigin } from '@florin/contracts';
import { clientAddress } from './client-address.ts';

const AGENT_MAX = 500;

/** Who a request says it comes from: shown to the owner of a session, and tells devices apart. */
export const createReadOrigin =
  (trustedProxies: number) =>
  (request: IncomingMessage): RequestOrigin => {
    const address = clientAddress(request, trustedProxies);
    const agent = request.headers['user-agent']?.slice(0, AGENT_MAX);
    return {
      ...(address !== undefined && { address: address.slice(0, 100) }),
      ...(agent !== undefined && { userAgent: agent }),
    };
  };
