import { lookup as lookUp } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { faultText } from '@florin/kernel';
import { Agent, request } from 'undici';
import { isPublicAddress } from './receiver-address.ts';

/** What came of one attempt. */
export interface SendResult {
  status: number | undefined;
  /** In words for the owner of the webhook; undefined when the receiver took it. */
  problem: string | undefined;
  durationMs: number;
}

export interface WebhookSender {
  send(url: string, headers: Record<string, string>, body: string): Promise<SendResult>;
  close(): Promise<void>;
}

/**
 * Looks a name up and gives only public addresses on: it is judged here, where the connection is
 * made, because a name may mean something else a moment after it was checked.
 */
const lookUpPublic: LookupFunction = (host, options, callback) =>
  lookUp(host, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, []);
    const allowed = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = allowed;
    if (first === undefined) return callback(new Error('the host has no public address'), []);
    if (options.all === true) return callback(null, allowed);
    callback(null, first.address, first.family);
  });

/** Redirects are not followed: where they lead was not agreed upon. */
export function createWebhookSender(options: {
  timeoutMs: number;
  allowPrivate: boolean;
}): WebhookSender {
  const { timeoutMs, allowPrivate } = options;
  const agent = new Agent({
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, ...(allowPrivate ? {} : { lookup: lookUpPublic }) },
  });

  async function post(url: string, headers: Record<string, string>, body: string) {
    const answer = await request(url, {
      method: 'POST',
      dispatcher: agent,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Florin-Webhooks/1',
        ...headers,
      },
      body,
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The answer's body is nobody's business; unread it would hold the connection.
    await answer.body.dump({ limit: 16_384 });
    return answer.statusCode;
  }

  return {
    async send(url, headers, body) {
      const startedMs = performance.now();
      const after = () => Math.round(performance.now() - startedMs);
      try {
        const status = await post(url, headers, body);
        const taken = status >= 200 && status < 300;
        const problem = taken ? undefined : `answered ${status}`;
        return { status, problem, durationMs: after() };
      } catch (error) {
        return { status: undefined, problem: faultText(error).slice(0, 200), durationMs: after() };
      }
    },
    close: () => agent.destroy(),
  };
}
