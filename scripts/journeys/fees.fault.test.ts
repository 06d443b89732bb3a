import type { FeeRule } from '@florin/contracts';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

let stage: MoneyStage;
let ana: Person;
let ben: Person;
/** The version of the fees that holds. */
let version = 0;

beforeAll(async () => {
  stage = await openMoneyStage();
  [ana, ben] = [await stage.person(), await stage.person()];
});
afterAll(() => stage.stop());

const rule = (
  type: FeeRule['type'],
  paidBy: FeeRule['paidBy'],
  tiers: object[],
  more: object = {},
) => ({ type, currency: 'USD', paidBy, tiers, ...more });

async function setFees(...rules: object[]): Promise<void> {
  const path = '/v1/admin/fees';
  const set = await stage.admin.call('PUT', path, { basedOn: version, rules, note: 'a test' });
  expect(set.status).toBe(200);
  version = Number(set.body['version']);
  console.log(`  fees ${version}: ${JSON.stringify(rules)}`);
}

const quoted = (who: Person, path: string, body: object) =>
  stage.ask(who, 'POST', `${path}?dryRun=true`, body, null);
const done = (who: Person, path: string, body: object) => stage.ask(who, 'POST', path, body);
const statusOf = async (who: Person, id: string) =>
  (await who.call<{ status: string }>('GET', `/v1/transactions/${id}`)).body.status;

describe('fees by REST', () => {
  test('flat and percent on top, quoted before and paid to the platform', async () => {
    await setFees(rule('transfer', 'sender', [{ from: '0', flat: '30', basisPoints: 290 }]));
    const [from, to] = [await fundedWallet(ana, '20000'), await fundedWallet(ben, '0')];
    const before = await stage.booksAreRight();
    const body = { fromWalletId: from, toWalletId: to, amount: '10000' };
    const quote = await quoted(ana, '/v1/transfers', body);
    expect(quote).toMatchObject({ http: 200, fee: { amount: '320', paidBy: 'sender' } });
    const paid = await done(ana, '/v1/transfers', body);
    expect(paid).toMatchObject({ http: 201, fee: quote.fee, balances: quote.balances });
    expect(paid.balances?.posted).toBe('9680');
    const seen = await ben.call<{ fee?: object }>('GET', `/v1/transactions/${paid.id}`);
    expect(seen.body.fee).toBeUndefined();
    const short = await done(ana, '/v1/transfers', { ...body, amount: '9400' });
    expect(short).toMatchObject({ code: 'insufficient-funds', available: '9680' });
    expect(short.transaction?.fee).toMatchObject({ amount: '303' });
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+20000', '-10320']);
    expect((await stage.show('ben', ben, to)).entries).toEqual(['+10000']);
    const after = await stage.booksAreRight();
    const earned = (books: Record<string, string>) => BigInt(books['fees USD'] ?? 0);
    expect(earned(after) - earned(before)).toBe(320n);
  });

  test('tiers out of what arrives, never more than max, and something must be left', async () => {
    const tiers = [
      { from: '0', flat: '100' },
      { from: '10000', basisPoints: 150 },
    ];
    await setFees(rule('transfer', 'recipient', tiers, { max: '400' }));
    const [from, to] = [await fundedWallet(ana, '100000'), await fundedWallet(ben, '0')];
    const pay = (amount: string) =>
      done(ana, '/v1/transfers', { fromWalletId: from, toWalletId: to, amount });
    expect((await pay('9999')).fee?.amount).toBe('100');
    expect((await pay('10000')).fee?.amount).toBe('150');
    expect((await pay('50000')).fee?.amount).toBe('400');
    expect((await pay('100')).code).toBe('amount-below-fee');
    expect((await stage.show('ben', ben, to)).entries).toEqual(['+9899', '+9850', '+49600']);
    await stage.show('ana', ana, from);
    await stage.booksAreRight();
  });

  test('withdrawals hold it, deposits bring less, captures are paid for by payees', async () => {
    await setFees(
      rule('withdrawal', 'sender', [{ from: '0', flat: '250' }]),
      rule('deposit', 'recipient', [{ from: '0', basisPoints: 100 }], { min: '10' }),
      rule('capture', 'recipient', [{ from: '0', basisPoints: 200 }]),
    );
    const [from, to] = [await fundedWallet(ana, '0'), await fundedWallet(ben, '0')];
    const paidIn = { walletId: from, amount: '10000', bankAccount: 'ok' };
    const deposit = await done(ana, '/v1/deposits', paidIn);
    await eventually(async () => (await statusOf(ana, deposit.id)) === 'completed');
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+9900']);
    const small = await done(ana, '/v1/deposits', { ...paidIn, amount: '10' });
    expect(small.code).toBe('amount-below-fee');

    const paidOut = { walletId: from, amount: '1000', bankAccount: 'ok' };
    const withdrawal = await done(ana, '/v1/withdrawals', paidOut);
    expect(withdrawal).toMatchObject({ status: 'held', balances: { held: '1250' } });
    await eventually(async () => (await statusOf(ana, withdrawal.id)) === 'completed');
    const declined = await done(ana, '/v1/withdrawals', { ...paidOut, bankAccount: 'declined' });
    await eventually(async () => (await statusOf(ana, declined.id)) === 'failed');
    expect((await stage.show('ana', ana, from)).entries).toEqual(['+9900', '-1250']);
    const all = await done(ana, '/v1/withdrawals', { ...paidOut, amount: '8650' });
    expect(all.code).toBe('insufficient-funds');

    const hold = { walletId: from, toWalletId: to, amount: '5000' };
    const held = await done(ana, '/v1/holds', hold);
    expect(held.fee).toBeUndefined();
    const capture = await done(ben, `/v1/holds/${held.id}/capture`, { amount: '2500' });
    expect(capture.fee).toMatchObject({ amount: '50', paidBy: 'recipient' });
    await done(ben, `/v1/holds/${held.id}/release`, {});
    const refund = await done(ben, `/v1/transactions/${capture.id}/reverse`, { amount: '2450' });
    expect(refund).toMatchObject({ http: 201, remaining: '50' });
    expect(refund.fee).toBeUndefined();
    await stage.show('ana', ana, from);
    expect((await stage.show('ben', ben, to)).entries).toEqual(['+2450', '-2450']);
    await stage.booksAreRight();
  });

  test('set by admins alone, one after the other, and every version is kept', async () => {
    const rules = [rule('transfer', 'sender', [{ from: '0', flat: '1' }])];
    const put = (who: Person, body: object) => stage.ask(who, 'PUT', '/v1/admin/fees', body, null);
    expect((await put(ana, { basedOn: version, rules })).http).toBe(403);
    const operator = await stage.staff('operator');
    expect((await put(operator, { basedOn: version, rules })).http).toBe(403);
    expect(await put(stage.admin, { basedOn: version - 1, rules })).toMatchObject({
      http: 409,
      code: 'changed-meanwhile',
    });
    const wrong = [rule('withdrawal', 'recipient', [{ from: '0', flat: '1' }])];
    expect((await put(stage.admin, { basedOn: version, rules: wrong })).http).toBe(400);
    const twice = await Promise.all(
      [1, 2].map(() => put(stage.admin, { basedOn: version, rules })),
    );
    // The same by the same person: told once, answered twice.
    expect(twice.map(({ http }) => http)).toEqual([200, 200]);
    const history = await operator.call<{ items: { version: number; changedBy: string }[] }>(
      'GET',
      '/v1/admin/fees?limit=2',
    );
    expect(history.body.items.map((one) => one.version)).toEqual([version + 1, version]);
    version += 1;
    const now = await ana.call<{ version: number; rules: FeeRule[] }>('GET', '/v1/fees');
    expect(now.body).toMatchObject({ version, rules: [{ type: 'transfer' }] });
    const first = await ana.call<{ version: number }>('GET', '/v1/fees?version=1');
    expect(first.body.version).toBe(1);
    expect((await ana.call('GET', '/v1/fees?version=999')).status).toBe(404);
    await stage.booksAreRight();
  });
});
