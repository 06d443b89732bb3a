import { LEDGER_REQUESTS } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

let platform: Platform;
let ana: Person;
let ben: Person;
let machine: Person;
let operator: Person;

beforeAll(async () => {
  // The books are what is looked at here: a scorer would hold some of it, and rightly so.
  platform = await startScratchPlatform({
    fraudScoring: 'off',
    demo: true,
    services: ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger'],
  });
  const { gatewayUrl: url, oauthClient, users } = platform.dev();
  [ana, ben] = [await newPerson(url), await newPerson(url)];
  machine = createPerson(url, await machineToken(url, oauthClient)());
  const staff = users.find(({ roles }) => roles.includes('operator'));
  const signIn = { email: staff?.email, password: staff?.password };
  const { body } = await createPerson(url).call('POST', '/v1/auth/login', signIn);
  operator = createPerson(url, String(body['accessToken']));
});
afterAll(() => platform.stop());

interface Told {
  id: string;
  type: string;
  status: string;
  amount: string;
  code?: string;
  remaining?: string;
  relatedTransactionId?: string;
  relatedTransactionIds?: string[];
  reversedAmount?: string;
  balances?: { posted: string; held: string; available: string };
  hold?: { capturedAmount: string; releasedAmount: string };
  transaction?: { id: string; failure: { code: string } };
}

/** Asks, prints what was answered, and answers that. */
async function ask(who: Person, path: string, body: object = {}, key = uuidv7()) {
  const answer = await who.pay(path, body, key);
  const told = answer.body as unknown as Told;
  const { status } = answer;
  const { type, amount, remaining, balances, code } = told;
  const facts = code === undefined ? [type, told.status, amount] : [code];
  if (remaining !== undefined) facts.push(`remaining ${remaining}`);
  if (balances) facts.push(`posted ${balances.posted} held ${balances.held}`);
  console.log(`  POST ${path.replaceAll(/[0-9a-f-]{36}/g, '…')} -> ${status} ${facts.join(' ')}`);
  return { ...told, http: status };
}

const get = async (who: Person, id: string) =>
  (await who.call<Told>('GET', `/v1/transactions/${id}`)).body;

/** Prints a wallet's balances and entries. */
async function show(name: string, who: Person, wallet: string): Promise<void> {
  const { balances } = await who.wallet(wallet);
  const path = `/v1/wallets/${wallet}/entries`;
  const { body } = await who.call<{ items: Record<string, string>[] }>('GET', path);
  const entries = body.items
    .toReversed()
    .map((one) => `${one['direction'] === 'debit' ? '-' : '+'}${one['amount']}`);
  const { posted, held, available } = balances;
  console.log(
    `  ${name}: posted ${posted} held ${held} available ${available} [${entries.join(' ')}]`,
  );
}

async function booksAreRight(): Promise<void> {
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(breaks).toEqual([]);
  console.log('  books: every invariant holds, each currency sums to zero');
}

describe('reversals by REST', () => {
  test('a refund in parts, its refusals, and both sides of the link', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const body = { fromWalletId: from, toWalletId: to, amount: '600' };
    const paid = await ask(ana, '/v1/transfers', body);
    const reverse = `/v1/transactions/${paid.id}/reverse`;
    const key = uuidv7();
    const part = { amount: '200', reason: 'one of three broke' };
    const first = await ask(ben, reverse, part, key);
    expect(first).toMatchObject({ http: 201, relatedTransactionId: paid.id, remaining: '400' });
    expect(await ask(ben, reverse, part, key)).toMatchObject({ http: 201, id: first.id });
    expect(await ask(ben, reverse, { amount: '1' }, key)).toMatchObject({
      http: 422,
      code: 'idempotency-key-reused',
    });
    expect(await ask(ben, reverse, { amount: '401' })).toMatchObject({
      http: 422,
      code: 'limit-exceeded',
      remaining: '400',
    });
    expect((await ask(ana, reverse)).http).toBe(404);
    expect((await ask(operator, reverse, { amount: '100' })).http).toBe(201);
    expect((await ask(machine, reverse)).http).toBe(201);
    expect((await ask(ben, reverse)).code).toBe('hold-already-settled');
    const original = await get(ana, paid.id);
    expect(original).toMatchObject({ status: 'reversed', reversedAmount: '600' });
    expect(original.relatedTransactionIds).toHaveLength(3);
    expect((await get(ana, first.id)).balances).toBeUndefined();
    await show('ana', ana, from);
    await show('ben', ben, to);
    expect((await ana.wallet(from)).balances.available).toBe('1000');
    await booksAreRight();
  });

  test('money that is spent, frozen wallets, and what can’t be reversed', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const pay = (payer: Person, a: string, b: string, amount: string) =>
      ask(payer, '/v1/transfers', { fromWalletId: a, toWalletId: b, amount });
    const paid = await pay(ana, from, to, '600');
    await pay(ben, to, from, '500');
    const reverse = `/v1/transactions/${paid.id}/reverse`;
    expect((await ask(ben, reverse)).code).toBe('insufficient-funds');
    await ben.call('POST', `/v1/wallets/${to}/freeze`);
    expect((await ask(ben, reverse, { amount: '1' })).code).toBe('wallet-frozen');
    await ben.call('POST', `/v1/wallets/${to}/unfreeze`);
    const refused = await pay(ana, from, to, '5000');
    const failed = `/v1/transactions/${refused.transaction?.id}/reverse`;
    expect(await ask(ben, failed)).toMatchObject({ code: 'limit-exceeded', remaining: '0' });
    const paidOut = await ask(ana, '/v1/withdrawals', {
      walletId: from,
      amount: '10',
      bankAccount: 'ok',
    });
    expect((await ask(machine, `/v1/transactions/${paidOut.id}/reverse`)).http).toBe(404);
    const empty = await fundedWallet(ben, '0');
    const last = await pay(ben, to, empty, '100');
    await ben.call('POST', `/v1/wallets/${to}/close`);
    expect((await ask(ben, `/v1/transactions/${last.id}/reverse`)).code).toBe('wallet-closed');
    expect((await ask(ben, `/v1/transactions/${uuidv7()}/reverse`)).http).toBe(404);
    await booksAreRight();
  });

  test('a chargeback is for operators', async () => {
    const wallet = await fundedWallet(ana, '0');
    const paidIn = { walletId: wallet, amount: '700', bankAccount: 'ok' };
    const deposit = await ask(ana, '/v1/deposits', paidIn);
    await eventually(async () => (await get(ana, deposit.id)).status === 'completed');
    const reverse = `/v1/transactions/${deposit.id}/reverse`;
    expect((await ask(ana, reverse)).http).toBe(404);
    await ana.call('POST', `/v1/wallets/${wallet}/freeze`);
    const body = { amount: '300', reason: 'the bank says so' };
    expect(await ask(operator, reverse, body)).toMatchObject({ http: 201, remaining: '400' });
    await show('ana', ana, wallet);
    await booksAreRight();
  });
});

describe('holds by REST', () => {
  test('captured in parts, the rest released, and a capture refunded', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const held = await ask(ana, '/v1/holds', { walletId: from, toWalletId: to, amount: '600' });
    expect(held).toMatchObject({ http: 201, status: 'held' });
    await show('ana', ana, from);
    const spend = { fromWalletId: from, toWalletId: to, amount: '401' };
    expect((await ask(ana, '/v1/transfers', spend)).code).toBe('insufficient-funds');
    const at = (what: string) => `/v1/holds/${held.id}/${what}`;
    const first = await ask(ben, at('capture'), { amount: '250' });
    expect(first).toMatchObject({ http: 201, remaining: '350' });
    // What the payer has left is none of the receiver's business.
    expect(first.balances).toBeUndefined();
    expect(await ask(ben, at('capture'), { amount: '351' })).toMatchObject({
      code: 'limit-exceeded',
      remaining: '350',
    });
    expect(await ask(ana, at('capture'), { amount: '50', final: true })).toMatchObject({
      http: 201,
      remaining: '0',
    });
    expect((await ask(ben, at('capture'))).code).toBe('hold-already-settled');
    expect((await ask(ben, at('release'))).code).toBe('hold-already-settled');
    const ended = await get(ana, held.id);
    expect(ended).toMatchObject({
      status: 'completed',
      hold: { capturedAmount: '300', releasedAmount: '300' },
    });
    expect(ended.relatedTransactionIds).toHaveLength(2);
    const refund = `/v1/transactions/${first.id}/reverse`;
    expect((await ask(ben, refund, { amount: '100' })).http).toBe(201);
    await show('ana', ana, from);
    await show('ben', ben, to);
    expect((await ana.wallet(from)).balances.available).toBe('800');
    await booksAreRight();
  });

  test('released, expired, refused, and nobody else’s', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const place = (who: Person, amount: string, more = {}) =>
      ask(who, '/v1/holds', { walletId: from, toWalletId: to, amount, ...more });
    const own = await place(ana, '100');
    expect((await ask(ana, `/v1/holds/${own.id}/release`)).http).toBe(201);
    expect((await get(ana, own.id)).status).toBe('reversed');
    const ofShop = await place(machine, '100');
    expect((await ask(ana, `/v1/holds/${ofShop.id}/release`)).http).toBe(404);
    const stranger = await newPerson(platform.dev().gatewayUrl);
    expect((await ask(stranger, `/v1/holds/${ofShop.id}/capture`)).http).toBe(404);
    expect((await ask(ben, `/v1/holds/${ofShop.id}/release`)).http).toBe(201);
    expect((await place(ben, '100')).http).toBe(404);
    const refused = await place(ana, '1001');
    expect(refused.code).toBe('insufficient-funds');
    const capture = `/v1/holds/${refused.transaction?.id}/capture`;
    expect((await ask(ben, capture)).code).toBe('hold-already-settled');
    const short = await place(ana, '100', { expiresInSeconds: 1 });
    await eventually(async () => (await get(ana, short.id)).status === 'failed');
    expect((await ask(ben, `/v1/holds/${short.id}/capture`)).code).toBe('hold-expired');
    await show('ana', ana, from);
    expect((await ana.wallet(from)).balances).toMatchObject({ held: '0', available: '1000' });
    const list = await ana.call<{ items: Told[] }>('GET', `/v1/transactions?walletId=${from}`);
    console.log(
      `  listed: ${list.body.items.map((one) => `${one.type} ${one.status}`).join(', ')}`,
    );
    expect(list.body.items.filter(({ type }) => type === 'hold')).toHaveLength(4);
    await booksAreRight();
  });
});
