import { LEDGER_REQUESTS, paymentEventBatch, type PaymentRequestView } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, jsonOf, readPartition, request, type Bus } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, type Person } from './person.ts';

/** Hunts payment requests that are paid twice, tell who has an e-mail, or are anybody’s. */

const PATH = '/v1/payment-requests';
let platform: Platform;
let bus: Bus;
let ana: Person & { email: string };
let ben: Person & { email: string };
let eve: Person & { email: string };
let machine: Person;
const told: string[] = [];
let stopListening: () => Promise<void>;

async function named(url: string, name: string): Promise<Person & { email: string }> {
  const stranger = createPerson(url);
  const email = `${uuidv7()}@example.com`;
  const password = 'correct horse battery';
  await stranger.call('POST', '/v1/auth/register', { email, password, name });
  const { body } = await stranger.call('POST', '/v1/auth/login', { email, password });
  return { ...createPerson(url, String(body['accessToken'])), email };
}

beforeAll(async () => {
  platform = await startScratchPlatform({
    fraudScoring: 'off',
    services: ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger', 'payments'],
    serviceEnv: {
      payments: { POLL_INTERVAL: '100', CLAIM_TIME: '1s', REQUESTS_PER_PAYER_MAX: '3' },
    },
  });
  const { gatewayUrl: url, oauthClient, natsUrl } = platform.dev();
  ana = await named(url, 'Ana');
  ben = await named(url, 'Ben');
  eve = await named(url, 'Eve');
  machine = createPerson(url, await machineToken(url, oauthClient)());
  bus = await connect({ url: natsUrl, name: 'test', log: createLogger('test', 'fatal') });
  const reader = readPartition(bus, {
    stream: 'PAY',
    filterSubject: 'pay.*',
    startAfter: 0,
    onMessage(message) {
      for (const { type, subject } of paymentEventBatch.parse(jsonOf(message))) {
        told.push(`${subject} ${type.split('.')[1]}`);
      }
    },
    onDisorder: ({ detail }) => {
      throw new Error(detail);
    },
  });
  stopListening = () => reader.stop();
});
afterAll(async () => {
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(breaks).toEqual([]);
  console.log('  books: every invariant holds, each currency sums to zero');
  await stopListening();
  await bus.close();
  await platform.stop();
});

async function ask(who: Person, body: object, key?: string) {
  const answer = await who.pay(PATH, body, key);
  const asked = answer.body as unknown as PaymentRequestView & { code?: string };
  console.log(`  POST ${PATH} -> ${answer.status} ${asked.code ?? asked.status}`);
  return { ...asked, http: answer.status };
}

async function act(who: Person, id: string, verb: string, body?: object, key = uuidv7()) {
  const headers = { 'idempotency-key': key };
  const path = `${PATH}/${id}/${verb}`;
  const answer = await who.call<{ id: string; status: string; code?: string }>(
    'POST',
    path,
    body,
    headers,
  );
  console.log(`  POST …/${verb} -> ${answer.status} ${answer.body.code ?? answer.body.status}`);
  return { ...answer.body, http: answer.status };
}

const read = async (who: Person, id: string) =>
  (await who.call<PaymentRequestView>('GET', `${PATH}/${id}`)).body;
const balanceOf = async (who: Person, wallet: string) => (await who.wallet(wallet)).balances.posted;

describe('payment requests by REST', () => {
  test('asked, refused for want of money, paid once, and linked both ways', async () => {
    const mine = await fundedWallet(ana, '0');
    const [poor, rich] = [await fundedWallet(ben, '10'), await fundedWallet(ben, '1000')];
    const body = { fromEmail: ben.email, toWalletId: mine, amount: '600', description: 'dinner' };
    const asked = await ask(ana, body, 'dinner');
    expect(asked).toMatchObject({ http: 201, status: 'open', direction: 'outgoing' });
    expect(asked.fromEmail).toBe(ben.email);
    expect(await ask(ana, body, 'dinner')).toMatchObject({ http: 201, id: asked.id });
    expect(await ask(ana, { ...body, amount: '1' }, 'dinner')).toMatchObject({
      code: 'idempotency-key-reused',
    });
    const { body: inbox } = await ben.call<{ items: PaymentRequestView[] }>('GET', PATH);
    expect(inbox.items).toMatchObject([{ id: asked.id, requesterName: 'Ana', amount: '600' }]);
    expect(inbox.items[0]?.fromEmail).toBeUndefined();

    expect(await act(ben, asked.id, 'accept', { fromWalletId: poor })).toMatchObject({
      http: 422,
      code: 'insufficient-funds',
    });
    await eventually(async () => (await read(ben, asked.id)).status === 'open');
    expect((await read(ben, asked.id)).lastFailure?.code).toBe('insufficient-funds');
    expect((await read(ana, asked.id)).lastFailure).toBeUndefined();

    const key = uuidv7();
    const fromRich = { fromWalletId: rich };
    const both = await Promise.all([
      act(ben, asked.id, 'accept', fromRich, key),
      act(ben, asked.id, 'accept', fromRich, uuidv7()),
    ]);
    expect(new Set(both.map(({ http }) => http))).toEqual(new Set([201, 422]));
    const paid = both.find(({ http }) => http === 201);
    expect(await read(ben, asked.id)).toMatchObject({
      status: 'accepted',
      transactionId: paid?.id,
    });
    expect(await act(ben, asked.id, 'accept', fromRich)).toMatchObject({
      code: 'hold-already-settled',
    });
    const { body: transfer } = await ana.call('GET', `/v1/transactions/${paid?.id}`);
    expect(transfer).toMatchObject({
      type: 'transfer',
      description: 'dinner',
      metadata: { paymentRequestId: asked.id },
    });
    expect([await balanceOf(ana, mine), await balanceOf(ben, rich)]).toEqual(['600', '400']);
    await eventually(() => told.filter((line) => line.startsWith(asked.id)).length === 2);
    expect(told.filter((line) => line.startsWith(asked.id))).toEqual([
      `${asked.id} payment-request-received`,
      `${asked.id} payment-request-accepted`,
    ]);
  });

  test('declined, taken back, expired; and no third person sees or ends it', async () => {
    const mine = await fundedWallet(ana, '0');
    const from = await fundedWallet(ben, '1000');
    const body = { fromEmail: ben.email, toWalletId: mine, amount: '1' };
    const declined = await ask(ana, body);
    for (const verb of ['accept', 'decline', 'cancel']) {
      const wallet = verb === 'accept' ? { fromWalletId: await fundedWallet(eve, '0') } : {};
      expect((await act(eve, declined.id, verb, wallet)).http).toBe(404);
    }
    expect((await act(ana, declined.id, 'decline')).http).toBe(404);
    expect((await act(ben, declined.id, 'cancel')).http).toBe(404);
    expect((await eve.call('GET', `${PATH}/${declined.id}`)).status).toBe(404);
    expect(await act(ben, declined.id, 'decline')).toMatchObject({ status: 'declined' });
    expect(await act(ben, declined.id, 'decline')).toMatchObject({ status: 'declined' });
    const late = { fromWalletId: from };
    expect((await act(ben, declined.id, 'accept', late)).code).toBe('hold-already-settled');

    const cancelled = await ask(ana, body);
    expect(await act(ana, cancelled.id, 'cancel')).toMatchObject({ status: 'cancelled' });
    expect((await act(ben, cancelled.id, 'accept', late)).code).toBe('hold-already-settled');

    const expiring = await ask(ana, { ...body, expiresInSeconds: 1 });
    await eventually(async () => (await read(ben, expiring.id)).status === 'expired');
    expect((await act(ben, expiring.id, 'accept', late)).code).toBe('hold-already-settled');
    await eventually(() => told.includes(`${expiring.id} payment-request-expired`));
    expect(await balanceOf(ben, from)).toBe('1000');
  });

  test('who asks learns nothing about who has an e-mail, and can’t ask without end', async () => {
    const mine = await fundedWallet(eve, '0');
    const known = { fromEmail: ana.email, toWalletId: mine, amount: '5' };
    const unknown = { ...known, fromEmail: `${uuidv7()}@example.com` };
    const shapes: string[][] = [];
    for (const body of [known, unknown]) {
      const asked = await ask(eve, body);
      expect(asked.http).toBe(201);
      shapes.push(Object.keys(asked).toSorted());
      for (let more = 0; more < 2; more++) expect((await ask(eve, body)).http).toBe(201);
      expect(await ask(eve, body)).toMatchObject({ http: 422, code: 'limit-exceeded' });
    }
    expect(shapes[0]).toEqual(shapes[1]);
    const { body } = await eve.call<{ items: PaymentRequestView[] }>(
      'GET',
      `${PATH}?direction=outgoing&status=open`,
    );
    expect(body.items).toHaveLength(6);
    expect(await ask(eve, { ...known, fromEmail: eve.email })).toMatchObject({ http: 400 });
    expect(await ask(eve, { ...known, toWalletId: uuidv7() })).toMatchObject({ http: 404 });
  });

  test('machine clients act for both sides', async () => {
    const mine = await fundedWallet(ana, '0');
    const from = await fundedWallet(ben, '1000');
    const asked = await ask(machine, { fromEmail: ben.email, toWalletId: mine, amount: '40' });
    const notHis = { fromWalletId: await fundedWallet(eve, '100') };
    expect((await act(machine, asked.id, 'accept', notHis)).http).toBe(404);
    expect((await act(machine, asked.id, 'accept', { fromWalletId: from })).http).toBe(201);
    expect(await read(ana, asked.id)).toMatchObject({ status: 'accepted' });
  });

  test('accepted while everything dies: paid once', async () => {
    const mine = await fundedWallet(ana, '0');
    const from = await fundedWallet(ben, '10000');
    const REQUESTS = 6;
    const ids: string[] = [];
    for (let n = 0; n < REQUESTS; n++) {
      const asked = await ask(ana, {
        fromEmail: ben.email,
        toWalletId: mine,
        amount: '10',
      });
      ids.push(asked.id);
      const accepting = act(ben, asked.id, 'accept', { fromWalletId: from }).catch(() => undefined);
      const victim = n % 2 === 0 ? 'payments' : 'gateway';
      // The request is on its way when its server is gone.
      const pid = platform.pidOf(victim);
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await accepting;
      await eventually(async () => {
        const { status } = await read(ben, asked.id).catch(() => ({ status: 'away' }));
        if (status === 'accepted') return true;
        // It never arrived: then it may be accepted now, by another key.
        if (status === 'open') {
          await act(ben, asked.id, 'accept', { fromWalletId: from }).catch(() => undefined);
        }
        return false;
      });
    }
    expect(await balanceOf(ana, mine)).toBe(String(10 * REQUESTS));
    console.log(`  ${REQUESTS} requests, ${REQUESTS} kills: paid once each`);
  });
});
