import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage, type Told } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

let stage: MoneyStage;
let ana: Person;
let ben: Person;
let operator: Person & { id: string };

beforeAll(async () => {
  stage = await openMoneyStage([
    'auditor',
    'bank-simulator',
    'banking',
    'gateway',
    'identity',
    'ledger',
  ]);
  [ana, ben] = [await stage.person(), await stage.person()];
  operator = await stage.staff('operator');
});
afterAll(() => stage.stop());

const allow = (who: Person, wallet: string, limit: string) =>
  stage.ask(who, 'PUT', `/v1/admin/wallets/${wallet}/overdraft`, { limit, reason: 'a loan' }, null);

interface Audited {
  items: { action?: string; target?: string; before?: string; after?: string }[];
}

describe('overdrafts by REST', () => {
  test('what is available goes down to the limit, and no further', async () => {
    const [from, to] = [await fundedWallet(ana, '100'), await fundedWallet(ben, '0')];
    const pay = (amount: string): Promise<Told> =>
      stage.ask(ana, 'POST', '/v1/transfers', { fromWalletId: from, toWalletId: to, amount });
    expect((await pay('101')).code).toBe('insufficient-funds');
    const set = await allow(operator, from, '500');
    expect(set).toMatchObject({ http: 200, overdraftLimit: '500' });
    expect(await pay('400')).toMatchObject({ http: 201, balances: { available: '-300' } });
    expect(await stage.ask(ana, 'GET', `/v1/wallets/${from}`, undefined, null)).toMatchObject({
      overdraftLimit: '500',
      balances: { posted: '-300' },
    });
    const hold = { walletId: from, toWalletId: to, amount: '150' };
    const held = await stage.ask(ana, 'POST', '/v1/holds', hold);
    expect(held).toMatchObject({ http: 201, balances: { available: '-450' } });
    const refused = await pay('51');
    expect(refused).toMatchObject({ code: 'insufficient-funds', available: '-450' });
    expect((await stage.ask(ana, 'POST', '/v1/holds', { ...hold, amount: '51' })).code).toBe(
      'insufficient-funds',
    );
    expect(
      (
        await stage.ask(
          ana,
          'POST',
          '/v1/transfers?dryRun=true',
          {
            fromWalletId: from,
            toWalletId: to,
            amount: '50',
          },
          null,
        )
      ).balances?.available,
    ).toBe('-500');
    const out = { walletId: from, amount: '50', bankAccount: 'declined' };
    const paidOut = await stage.ask(ana, 'POST', '/v1/withdrawals', out);
    expect(paidOut).toMatchObject({ status: 'held', balances: { available: '-500' } });
    const status = async () =>
      (await ana.call<Told>('GET', `/v1/transactions/${paidOut.id}`)).body.status;
    await eventually(async () => (await status()) === 'failed');

    expect(await allow(operator, from, '449')).toMatchObject({
      http: 409,
      code: 'overdraft-in-use',
    });
    expect((await allow(operator, from, '450')).http).toBe(200);
    const capture = await stage.ask(ben, 'POST', `/v1/holds/${held.id}/capture`, {});
    expect(capture.http).toBe(201);
    expect((await pay('1')).code).toBe('insufficient-funds');
    const back = { fromWalletId: to, toWalletId: from, amount: '550' };
    expect((await stage.ask(ben, 'POST', '/v1/transfers', back)).http).toBe(201);
    expect(await allow(operator, from, '0')).toMatchObject({ http: 200 });
    expect((await pay('101')).code).toBe('insufficient-funds');
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+100', '-400', '-150', '+550']);
    await stage.show('ben', ben, to);
    await stage.booksAreRight();
  });

  test('it is the staff’s to give, and the audit log knows who gave it', async () => {
    const wallet = await fundedWallet(ana, '0');
    expect((await allow(ana, wallet, '100')).http).toBe(403);
    const support = await stage.staff('support');
    expect((await allow(support, wallet, '100')).http).toBe(403);
    expect((await allow(operator, wallet, '-1')).http).toBe(400);
    expect((await allow(operator, operator.id, '1')).http).toBe(404);
    expect((await allow(operator, wallet, '100')).http).toBe(200);
    expect((await allow(operator, wallet, '0')).http).toBe(200);
    await ana.call('POST', `/v1/wallets/${wallet}/close`);
    expect((await allow(operator, wallet, '5')).code).toBe('wallet-closed');
    const told = async () =>
      (
        await stage.admin.call<{ items: { data?: Audited['items'][number] }[] }>(
          'GET',
          `/v1/admin/audit?actor=${operator.id}`,
        )
      ).body.items;
    await eventually(async () => JSON.stringify(await told()).includes('overdraft-changed'));
    const reconciled = await stage.admin.call<{ ok: boolean; breaks: object[] }>(
      'GET',
      '/v1/admin/reconciliation',
    );
    console.log(
      `  reconciliation: ok ${reconciled.body.ok}, breaks ${reconciled.body.breaks.length}`,
    );
    expect(reconciled.body.breaks).toEqual([]);
    await stage.booksAreRight();
  });
});
