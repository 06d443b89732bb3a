import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMetrics } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bank } from '../adapters/bank.ts';
import { openBanks } from '../adapters/open-banks.ts';
import { PLAIN_BANKS } from './plain-banks.ts';
import { samplePayment } from './sample-payment.ts';

const LIMIT_MS = 300;
const payment = samplePayment({ bank: 'scripted' });
const open: { server: Server; bank: Bank }[] = [];

afterEach(async () => {
  for (const { server, bank } of open.splice(0)) {
    await bank.close();
    server.closeAllConnections();
    server.close();
  }
});

/** A bank that answers as written, and a client of it. */
async function openScripted(script: RequestListener): Promise<{ bank: Bank; server: Server }> {
  const server = createServer(script);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const banks = await openBanks([{ name: 'scripted', url: `http://127.0.0.1:${port}/v1/` }], {
    connections: 2,
    connectTimeoutMs: 500,
    requestTimeoutMs: LIMIT_MS,
    breaker: {
      timeoutMs: 1_000,
      errorThresholdPercentage: 50,
      volumeThreshold: 3,
      resetTimeoutMs: 100,
    },
    metrics: createMetrics('banking'),
    ...PLAIN_BANKS,
  });
  const pair = { server, bank: banks.get('scripted') as Bank };
  open.push(pair);
  return pair;
}

const reply =
  (status: number, body: unknown): RequestListener =>
  (_request, response) =>
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));

const settledBody = { paymentId: 'b-1', status: 'settled' };
const settled = { type: 'settled', bankReference: 'b-1' };

const ASKED: [string, RequestListener, object][] = [
  ['settled', reply(200, settledBody), settled],
  ['accepted', reply(202, { paymentId: 'b', status: 'pending' }), { type: 'pending' }],
  ['402', reply(402, { paymentId: 'b', status: 'declined' }), { type: 'declined' }],
  ['an order that it does not take', reply(400, {}), { type: 'declined' }],
  ['401', reply(401, {}), { type: 'not-executed' }],
  ['404', reply(404, 'no such path'), { type: 'not-executed' }],
  ['too many calls', reply(429, {}), { type: 'not-executed' }],
  ['500', reply(500, {}), { type: 'lost' }],
  ['503', reply(503, {}), { type: 'lost' }],
  ['409', reply(409, {}), { type: 'lost' }],
  ['200 that is no JSON', reply(200, '<html>'), { type: 'lost' }],
  ['200 in other words', reply(200, { state: 'fine' }), { type: 'lost' }],
  [
    'a reference that no column takes',
    reply(200, { ...settledBody, paymentId: '\u0000' }),
    { type: 'lost' },
  ],
  ['more than fits', reply(200, `"${'x'.repeat(100_000)}"`), { type: 'lost' }],
  ['nothing, ever', () => undefined, { type: 'lost' }],
  ['half an answer', (_, response) => void response.writeHead(200).write('{'), { type: 'lost' }],
  ['a reset', (request) => request.socket.destroy(), { type: 'lost' }],
];

const CHECKED: [string, RequestListener, object][] = [
  ['settled', reply(200, settledBody), settled],
  ['declined', reply(200, { paymentId: 'b', status: 'declined' }), { type: 'declined' }],
  ['pending', reply(200, { paymentId: 'b', status: 'pending' }), { type: 'pending' }],
  ['404', reply(404, {}), { type: 'never-seen' }],
  ['402', reply(402, {}), { type: 'unreachable' }],
  ['500', reply(500, {}), { type: 'unreachable' }],
  ['no JSON', reply(200, ''), { type: 'unreachable' }],
  ['nothing, ever', () => undefined, { type: 'unreachable' }],
  ['a reset', (request) => request.socket.destroy(), { type: 'unreachable' }],
];

describe('what a bank answers is never read as more certain than it is', () => {
  test.each(ASKED)('asked: %s', async (_case, script, expected) => {
    const { bank } = await openScripted(script);
    expect(await bank.ask(payment)).toEqual(expected);
  });

  test.each(CHECKED)('status: %s', async (_case, script, expected) => {
    const { bank } = await openScripted(script);
    expect(await bank.checkStatus(payment)).toEqual(expected);
  });

  test('a refused connection was certainly not executed', async () => {
    const { bank, server } = await openScripted(reply(200, settledBody));
    await new Promise((resolve) => server.close(resolve));
    expect(await bank.ask(payment)).toEqual({ type: 'not-executed' });
    expect(await bank.checkStatus(payment)).toEqual({ type: 'unreachable' });
  });

  test('the order carries the transaction id as the bank’s idempotency key', async () => {
    const seen: { url: string | undefined; body: string }[] = [];
    const { bank } = await openScripted((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += chunk));
      request.on('end', () => {
        seen.push({ url: request.url, body });
        reply(200, settledBody)(request, response);
      });
    });
    await bank.ask(payment);
    await bank.checkStatus(payment);
    const { transactionId } = payment;
    expect(seen.map(({ url }) => url)).toEqual(['/v1/payments', `/v1/payments/${transactionId}`]);
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({
      idempotencyKey: transactionId,
      kind: 'charge',
      amount: '2500',
      currency: 'EUR',
      account: 'ok',
    });
  });
});

describe('the breaker of a bank', () => {
  test('opens on faults, lets nothing out while open, closes on an answer', async () => {
    let calls = 0;
    let script = reply(500, {});
    const { bank } = await openScripted((request, response) => {
      calls++;
      script(request, response);
    });
    for (let i = 0; i < 3; i++) await bank.ask(payment);
    expect(bank.circuit()).toBe('open');
    const before = calls;
    expect(await bank.ask(payment)).toEqual({ type: 'blocked' });
    expect(calls).toBe(before);
    script = reply(404, {});
    await eventually(() => bank.circuit() === 'half-open');
    expect(await bank.checkStatus(payment)).toEqual({ type: 'never-seen' });
    expect(bank.circuit()).toBe('closed');
  });

  test('a bank that declines everything is in good health', async () => {
    const { bank } = await openScripted(reply(402, {}));
    for (let i = 0; i < 10; i++) await bank.ask(payment);
    expect(bank.circuit()).toBe('closed');
  });
});
