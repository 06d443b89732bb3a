import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { uuidv7 } from '@florin/kernel';

/** What banking knows it by, and what it signs with. */
export const PROVIDER = 'stripe';
export const PROVIDER_SECRETS = {
  apiKey: 'sk_test_rehearsal',
  webhookSecrets: ['whsec_rehearsal'],
};

interface Payout {
  id: string;
  object: 'payout';
  status: 'paid' | 'failed';
  metadata: Record<string, string>;
}

/** As much of Stripe as pays money out at once, and takes it back some days later. */
export interface PayoutProvider extends AsyncDisposable {
  url: string;
  /** The payout came back from its bank. Answers the webhook that says so. */
  sendBack(reference: string): { payload: string; signature: string };
}

const METADATA = /^metadata\[(\w+)\]$/;

function paidAsAsked(form: string): Payout {
  const metadata = [...new URLSearchParams(form)].flatMap(([name, value]) => {
    const [, key] = METADATA.exec(name) ?? [];
    return key === undefined ? [] : [[key, value] as const];
  });
  const id = `po_${uuidv7().replaceAll('-', '')}`;
  return { id, object: 'payout', status: 'paid', metadata: Object.fromEntries(metadata) };
}

function sign(payload: string): string {
  const [secret = ''] = PROVIDER_SECRETS.webhookSecrets;
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex');
  return `t=${seconds},v1=${signature}`;
}

const reply = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

export async function startPayoutProvider(): Promise<PayoutProvider> {
  const payouts = new Map<string, Payout>();
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , , id = ''] = new URL(request.url ?? '', 'http://provider').pathname.split('/');
    if (request.method === 'POST') {
      const payout = paidAsAsked(await text(request));
      payouts.set(payout.id, payout);
      return reply(response, 200, payout);
    }
    const known = payouts.get(id);
    return known === undefined
      ? reply(response, 404, { error: { type: 'invalid_request_error' } })
      : reply(response, 200, known);
  }
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sendBack(reference) {
      const payout = payouts.get(reference);
      if (payout === undefined) throw new Error(`nothing was paid out as ${reference}`);
      payout.status = 'failed';
      const event = { id: `evt_${reference}`, object: 'event', type: 'payout.failed' };
      const payload = JSON.stringify({ ...event, data: { object: payout } });
      return { payload, signature: sign(payload) };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
