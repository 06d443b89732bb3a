import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer } from 'httpxy';
import { sendProblem } from './problem.ts';

export type ApiProxy = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Longer than the longest wait that the API grants its clients. */
const TIMEOUT_MS = 90_000;

/** Passes requests on as they are, events as they come, and answers for a dead target. */
export function createApiProxy(target: string): ApiProxy {
  const proxy = createProxyServer({ target, xfwd: true, proxyTimeout: TIMEOUT_MS });
  return async (request, response) => {
    try {
      await proxy.web(request, response);
    } catch {
      if (response.headersSent) response.destroy();
      else sendProblem(response, 'overloaded', 'the API does not answer at the moment');
    }
  };
}
