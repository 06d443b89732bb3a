import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { present } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { listenToEvents, type HeardEvent } from './event-listener.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

let platform: Platform;
let url: string;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({ fraudScoring: 'off' });
  url = platform.dev().gatewayUrl;
  ana = await newPerson(url);
  ben = await newPerson(url);
});
afterAll(() => platform.stop());

const amountsOf = (heard: readonly HeardEvent[]): string[] =>
  heard
    .filter(({ name }) => name === 'transaction-completed')
    .map(({ data }) => (data['transaction'] as { amount: string }).amount);

describe('what people are told while it happens', () => {
  test('each side of a payment hears of it, once, and strangers nothing', async () => {
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    const eve = await newPerson(url);
    await using payer = listenToEvents([url], ana.token);
    await using payee = listenToEvents([url], ben.token);
    await using stranger = listenToEvents([url], eve.token);
    await eventually(() => [payer, payee, stranger].every((one) => one.connections() === 1));
    await ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '5' });
    await eventually(() => payer.heard.length > 0 && payee.heard.length > 0);
    expect(amountsOf(payer.heard)).toEqual(['5']);
    expect(amountsOf(payee.heard)).toEqual(['5']);
    const seen = JSON.stringify(payee.heard);
    expect(seen).not.toContain('balances');
    expect(JSON.stringify(payer.heard)).toContain('"available":"99995"');
    expect(stranger.heard).toEqual([]);
  });

  test('listeners lose and repeat nothing over a gateway that is killed thrice', async () => {
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    const listeners = Array.from({ length: 20 }, () => listenToEvents([url], ben.token));
    await using stack = new AsyncDisposableStack();
    for (const listener of listeners) stack.use(listener);
    await eventually(() => listeners.every((one) => one.connections() > 0));
    const sent: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (let nth = 1; nth <= 20; nth++) {
        const amount = String(round * 100 + nth);
        const { status } = await ana.pay('/v1/transfers', {
          fromWalletId: from,
          toWalletId: to,
          amount,
        });
        expect(status).toBe(201);
        sent.push(amount);
      }
      const killed = present(platform.pidOf('gateway'), 'gateway');
      process.kill(killed, 'SIGKILL');
      await eventually(
        async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200,
      );
    }
    await eventually(() => listeners.every(({ heard }) => amountsOf(heard).length >= sent.length));
    for (const { heard } of listeners) expect(amountsOf(heard)).toEqual(sent);
  });

  test('refuses what is no event id, and people who want to hear of everybody', async () => {
    const wrong = await ana.call('GET', '/v1/events?after=yesterday');
    expect([wrong.status, wrong.body['code']]).toEqual([400, 'validation-failed']);
    const nosy = await ana.call('GET', '/v1/events?scope=all');
    expect([nosy.status, nosy.body['code']]).toEqual([403, 'forbidden']);
    expect((await createPerson(url).call('GET', '/v1/events')).status).toBe(401);
  });

  test('a webhook and the app hear of a payment; others can’t touch the webhook', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => bodies.push(text));
      request.on('end', () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const hook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const made = await ben.call<{ id: string; secret: string }>('POST', '/v1/webhooks', {
      url: hook,
      eventTypes: ['transaction-completed'],
    });
    expect(made.status).toBe(201);
    expect(made.body.secret).toMatch(/^whsec_/);
    const path = `/v1/webhooks/${made.body.id}`;
    for (const [method, at] of [
      ['DELETE', path],
      ['POST', `${path}/rotate`],
      ['POST', `${path}/test`],
      ['GET', `${path}/deliveries`],
    ] as const) {
      expect((await ana.call(method, at)).status).toBe(404);
    }
    const from = await fundedWallet(ana);
    const to = await fundedWallet(ben, '0');
    await ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount: '9' });
    await eventually(() => bodies.length === 1);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      type: 'transaction-completed',
      data: { transaction: { amount: '9', walletId: from, counterpartyWalletId: to } },
    });
    const inbox = await ben.call<{ items: { kind: string; facts: { amount: string } }[] }>(
      'GET',
      '/v1/notifications?unread=true&limit=1',
    );
    expect(inbox.body.items[0]).toMatchObject({ kind: 'money-received', facts: { amount: '9' } });
    expect((await ben.call('DELETE', path)).status).toBe(204);
    server.close();
  });
});
