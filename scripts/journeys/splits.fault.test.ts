import { uuidv7 } from '@florin/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

let stage: MoneyStage;
let ana: Person;
let ben: Person;
let eve: Person;

beforeAll(async () => {
  stage = await openMoneyStage();
  [ana, ben, eve] = [await stage.person(), await stage.person(), await stage.person()];
});
afterAll(() => stage.stop());

interface Split {
  id: string;
  status: string;
  amount: string;
  recipients: { id: string; amount: string; splitId: string; fee?: { amount: string } }[];
}

describe('payments to several by REST', () => {
  test('all are paid in one go, known together and reversed one by one', async () => {
    const from = await fundedWallet(ana, '1000');
    const [first, second] = [await fundedWallet(ben, '0'), await fundedWallet(eve, '0')];
    const recipients = [
      { toWalletId: first, amount: '334' },
      { toWalletId: second, amount: '333', description: 'the pizza' },
      { toWalletId: first, amount: '333' },
    ];
    const body = { fromWalletId: from, amount: '1000', recipients, metadata: { order: '7' } };
    const tried = await stage.ask(ana, 'POST', '/v1/splits?dryRun=true', body, null);
    expect(tried).toMatchObject({ http: 200, dryRun: true, status: 'completed', amount: '1000' });
    expect((await ana.wallet(from)).balances.posted).toBe('1000');
    const key = uuidv7();
    const paid = await stage.ask(ana, 'POST', '/v1/splits', body, key);
    expect(paid).toMatchObject({ http: 201, status: 'completed', amount: '1000' });
    const again = await stage.ask(ana, 'POST', '/v1/splits', body, key);
    expect(again).toMatchObject({ http: 201, id: paid.id });
    const other = { ...body, amount: '334', recipients: recipients.slice(0, 1) };
    expect((await stage.ask(ana, 'POST', '/v1/splits', other, key)).code).toBe(
      'idempotency-key-reused',
    );
    const seen = await ana.call<Split>('GET', `/v1/splits/${paid.id}`);
    expect(seen.body.recipients.map(({ amount }) => amount)).toEqual(['334', '333', '333']);
    expect(new Set(seen.body.recipients.map(({ splitId }) => splitId))).toEqual(new Set([paid.id]));
    expect((await ben.call('GET', `/v1/splits/${paid.id}`)).status).toBe(404);
    const part = seen.body.recipients[1]?.id ?? '';
    expect((await eve.call('GET', `/v1/transactions/${part}`)).status).toBe(200);
    const back = await stage.ask(eve, 'POST', `/v1/transactions/${part}/reverse`, {});
    expect(back).toMatchObject({ http: 201, amount: '333' });
    expect((await stage.show('ana', ana, from)).entries).toEqual([
      '+1000',
      '-334',
      '-333',
      '-333',
      '+333',
    ]);
    expect((await stage.show('ben', ben, first)).entries).toEqual(['+334', '+333']);
    expect((await stage.show('eve', eve, second)).entries).toEqual(['+333', '-333']);
    await stage.booksAreRight();
  });

  test('each part costs what a transfer costs', async () => {
    const rules = [
      { type: 'transfer', currency: 'USD', paidBy: 'sender', tiers: [{ from: '0', flat: '10' }] },
    ];
    await stage.admin.call('PUT', '/v1/admin/fees', { basedOn: 0, rules });
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const part = { toWalletId: to, amount: '100' };
    const recipients = [part, part];
    await stage.ask(ana, 'POST', '/v1/splits', { fromWalletId: from, amount: '200', recipients });
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+1000', '-110', '-110']);
    await stage.admin.call('PUT', '/v1/admin/fees', { basedOn: 1, rules: [] });
    expect((await stage.booksAreRight())['fees USD']).toBe('20');
  });

  test('one that is refused is named, and nobody is paid', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const frozen = await fundedWallet(eve, '0');
    await eve.call('POST', `/v1/wallets/${frozen}/freeze`);
    const split = (amount: string, ...parts: [string, string][]) =>
      stage.ask(ana, 'POST', '/v1/splits', {
        fromWalletId: from,
        amount,
        recipients: parts.map(([toWalletId, part]) => ({ toWalletId, amount: part })),
      });
    const at = (place: number) => [{ pointer: `/recipients/${place}` }];
    const short = await split('1001', [to, '1'], [to, '1000']);
    expect(short).toMatchObject({ http: 422, code: 'insufficient-funds', errors: at(1) });
    expect(short.transaction).toMatchObject({ status: 'failed' });
    expect(await split('3', [to, '1'], [to, '1'], [frozen, '1'])).toMatchObject({
      code: 'wallet-frozen',
      errors: at(2),
    });
    expect(await split('2', [from, '1'], [to, '1'])).toMatchObject({
      code: 'same-wallet',
      errors: at(0),
    });
    expect(await split('2', [to, '1'], [uuidv7(), '1'])).toMatchObject({
      http: 404,
      errors: at(1),
    });
    expect(await split('3', [to, '1'], [to, '1'])).toMatchObject({
      http: 400,
      errors: [{ pointer: '/amount' }],
    });
    const many = Array.from({ length: 101 }, (): [string, string] => [to, '1']);
    expect((await split('101', ...many)).http).toBe(400);
    const id = (short.transaction as unknown as { splitId: string }).splitId;
    const seen = await ana.call<Split>('GET', `/v1/splits/${id}`);
    expect(seen.body).toMatchObject({ status: 'failed', recipients: [{ amount: '1000' }] });
    const stranger = {
      fromWalletId: from,
      amount: '1',
      recipients: [{ toWalletId: to, amount: '1' }],
    };
    expect((await stage.ask(ben, 'POST', '/v1/splits', stranger)).http).toBe(404);
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+1000']);
    expect((await stage.show('ben', ben, to)).entries).toEqual([]);
    await stage.booksAreRight();
  });
});
