import { uuidv7 } from '@florin/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

let stage: MoneyStage;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  stage = await openMoneyStage();
  [ana, ben] = [await stage.person(), await stage.person()];
});
afterAll(() => stage.stop());

/** The same without and with `dryRun`, under one key: the first must leave nothing behind. */
async function tryThenDo(who: Person, path: string, body: object) {
  const key = uuidv7();
  const tried = await stage.ask(who, 'POST', `${path}?dryRun=true`, body, key);
  const done = await stage.ask(who, 'POST', path, body, key);
  return { tried, done };
}

describe('a dry run by REST tells what would happen, and does nothing', () => {
  test('every payment: the same balances as the real one then has', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const pay = await tryThenDo(ana, '/v1/transfers', {
      fromWalletId: from,
      toWalletId: to,
      amount: '300',
    });
    expect(pay.tried).toMatchObject({ http: 200, dryRun: true, status: 'completed' });
    expect(pay.tried.id).toBeUndefined();
    expect(pay.tried.balances).toEqual(pay.done.balances);
    expect(pay.done).toMatchObject({ http: 201, balances: { posted: '700' } });

    const hold = await tryThenDo(ana, '/v1/holds', {
      walletId: from,
      toWalletId: to,
      amount: '200',
    });
    expect(hold.tried).toMatchObject({ http: 200, status: 'held', balances: { held: '200' } });
    expect(hold.done.http).toBe(201);
    const capture = await tryThenDo(ana, `/v1/holds/${hold.done.id}/capture`, { amount: '50' });
    expect(capture.tried).toMatchObject({ http: 200, remaining: '150' });
    expect(capture.done).toMatchObject({ http: 201, remaining: '150' });
    const release = await tryThenDo(ana, `/v1/holds/${hold.done.id}/release`, {});
    expect(release.tried.balances).toEqual(release.done.balances);

    const bank = { walletId: from, amount: '10', bankAccount: 'ok' };
    const paidIn = await tryThenDo(ana, '/v1/deposits', bank);
    expect(paidIn.tried).toMatchObject({ http: 200, status: 'pending' });
    const paidOut = await tryThenDo(ana, '/v1/withdrawals', bank);
    expect(paidOut.tried).toMatchObject({ http: 200, status: 'held' });
    const back = await tryThenDo(ben, `/v1/transactions/${pay.done.id}/reverse`, { amount: '1' });
    expect(back.tried).toMatchObject({ http: 200, type: 'reversal', remaining: '299' });
    expect(back.done).toMatchObject({ http: 201, remaining: '299' });
    await stage.show('ana', ana, from);
    await stage.show('ben', ben, to);
    await stage.booksAreRight();
  });

  test('bulks: all or none, and each after those before it', async () => {
    const [from, to] = [await fundedWallet(ana, '100'), await fundedWallet(ben, '0')];
    const item = { type: 'transfer', fromWalletId: from, toWalletId: to, amount: '60' };
    const items = [item, item];
    const path = '/v1/transactions/bulk?dryRun=true';
    const each = await stage.ask(ana, 'POST', path, { mode: 'continueOnFailure', items }, null);
    expect(each.items?.map(({ status }) => status)).toEqual([201, 422]);
    expect(each.items?.[1]?.problem?.code).toBe('insufficient-funds');
    const all = await stage.ask(ana, 'POST', path, { mode: 'atomic', items }, null);
    expect(all).toMatchObject({ http: 422, errors: [{ pointer: '/items/1' }] });
    expect(all.transaction).toBeUndefined();
    const one = await stage.ask(ana, 'POST', path, { mode: 'atomic', items: [item] }, null);
    expect(one).toMatchObject({ http: 200, dryRun: true });
    expect((await stage.show('ana', ana, from)).posted).toBe('100');
  });

  test('refusals are those of the real thing, and no key stands for them', async () => {
    const [from, to] = [await fundedWallet(ana, '100'), await fundedWallet(ben, '0')];
    const body = { fromWalletId: from, toWalletId: to, amount: '101' };
    const { tried, done } = await tryThenDo(ana, '/v1/transfers', body);
    expect(tried).toMatchObject({ http: 422, code: 'insufficient-funds', available: '100' });
    expect(tried.transaction).toBeUndefined();
    expect(done).toMatchObject({ http: 422, code: 'insufficient-funds' });
    const asks = (who: Person, more: object) =>
      stage.ask(who, 'POST', '/v1/transfers?dryRun=true', { ...body, ...more }, null);
    expect((await asks(ana, { toWalletId: from })).code).toBe('same-wallet');
    expect((await asks(ben, {})).http).toBe(404);
    expect((await asks(ana, { amount: '0' })).http).toBe(400);
    await ben.call('POST', `/v1/wallets/${to}/freeze`);
    expect((await asks(ana, { amount: '1' })).code).toBe('wallet-frozen');
    const wrong = await stage.ask(ana, 'POST', '/v1/transfers?dryRun=perhaps', body);
    expect(wrong).toMatchObject({ http: 400, code: 'validation-failed' });
    const list = await ana.call<{ items: object[] }>('GET', `/v1/transactions?walletId=${from}`);
    // The deposit, and the transfer that was really asked for.
    expect(list.body.items).toHaveLength(2);
    await stage.booksAreRight();
  });
});
