import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Stripe } from 'stripe';

export interface StripeConnection {
  /** Stripe's own, or that of a proxy or a stand-in. */
  url: string;
  apiKey: string;
  connections: number;
  requestTimeoutMs: number;
}

/**
 * The `stripe` package as we use it: by itself it repeats, once and under the same key, only what a
 * closed connection swallowed. All else is asked again by the saga.
 */
export function openStripe({ url, apiKey, connections, requestTimeoutMs }: StripeConnection) {
  const limits = { keepAlive: true, maxSockets: connections };
  const common = { maxNetworkRetries: 0, timeout: requestTimeoutMs, telemetry: false };
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === 'http:';
  return new Stripe(apiKey, {
    ...common,
    host: hostname,
    port: Number(port || (isPlain ? 80 : 443)),
    protocol: isPlain ? 'http' : 'https',
    httpAgent: isPlain ? new HttpAgent(limits) : new HttpsAgent(limits),
  });
}
