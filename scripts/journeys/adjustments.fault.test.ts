import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

let stage: MoneyStage;
let ana: Person;
let olga: Person & { id: string };
let otto: Person & { id: string };

beforeAll(async () => {
  stage = await openMoneyStage([
    'auditor',
    'bank-simulator',
    'banking',
    'gateway',
    'identity',
    'ledger',
  ]);
  ana = await stage.person();
  [olga, otto] = [await stage.staff('operator'), await stage.staff('operator')];
});
afterAll(() => stage.stop());

const ADJUSTMENTS = '/v1/admin/adjustments';
const propose = (who: Person, body: object, key = uuidv7()) =>
  stage.ask(who, 'POST', ADJUSTMENTS, { reason: 'the bank paid twice', ...body }, key);
const decide = (who: Person, id: string, verdict: string) =>
  stage.ask(who, 'POST', `${ADJUSTMENTS}/${id}/${verdict}`, {}, null);
const statusOf = async (id: string) => {
  const { body } = await olga.call<{ items: { id: string; status: string }[] }>(
    'GET',
    `${ADJUSTMENTS}?status=any&limit=100`,
  );
  return body.items.find((one) => one.id === id)?.status;
};

describe('adjustments by REST', () => {
  test('one proposes, another one approves, and only then money moves', async () => {
    const wallet = await fundedWallet(ana, '1000');
    const body = { walletId: wallet, direction: 'credit', amount: '250' };
    const key = uuidv7();
    const proposed = await propose(olga, body, key);
    expect(proposed).toMatchObject({ http: 201, status: 'open', proposedBy: olga.id });
    expect(await propose(olga, body, key)).toMatchObject({ http: 201, id: proposed.id });
    expect((await propose(olga, { ...body, amount: '251' }, key)).code).toBe(
      'idempotency-key-reused',
    );
    expect((await ana.wallet(wallet)).balances.posted).toBe('1000');
    expect(await decide(olga, proposed.id, 'approve')).toMatchObject({
      http: 403,
      code: 'four-eyes',
    });
    expect((await decide(olga, proposed.id, 'reject')).code).toBe('four-eyes');
    const tried = await decide(otto, proposed.id, 'approve?dryRun=true');
    expect(tried).toMatchObject({ http: 200, dryRun: true, status: 'approved' });
    expect(tried.transaction?.balances?.posted).toBe('1250');
    expect(await statusOf(proposed.id)).toBe('open');
    const approved = await decide(otto, proposed.id, 'approve');
    expect(approved).toMatchObject({
      http: 200,
      status: 'approved',
      decidedBy: otto.id,
      transaction: { id: proposed.id, type: 'adjustment', balances: { posted: '1250' } },
    });
    expect((await decide(otto, proposed.id, 'approve')).http).toBe(200);
    expect((await decide(otto, proposed.id, 'reject')).code).toBe('adjustment-decided');
    expect((await decide(stage.admin, proposed.id, 'approve')).code).toBe('adjustment-decided');
    const seen = await ana.call('GET', `/v1/transactions/${proposed.id}`);
    expect(seen.body).toMatchObject({ type: 'adjustment', direction: 'credit', amount: '250' });

    const back = await propose(otto, { ...body, direction: 'debit', amount: '1250' });
    expect((await decide(olga, back.id, 'approve')).http).toBe(200);
    expect((await stage.show('ana', ana, wallet)).entries).toEqual(['+1000', '+250', '-1250']);
    const books = await stage.booksAreRight();
    expect(books['suspense USD']).toBe('1000');
  });

  test('rejected, expired, or more than there is', async () => {
    const wallet = await fundedWallet(ana, '100');
    const body = { walletId: wallet, direction: 'debit', amount: '101' };
    const much = await propose(olga, body);
    expect((await decide(otto, much.id, 'approve')).code).toBe('insufficient-funds');
    expect(await statusOf(much.id)).toBe('open');
    expect((await decide(otto, much.id, 'reject')).http).toBe(200);
    expect((await decide(otto, much.id, 'approve')).code).toBe('adjustment-decided');
    const short = await propose(olga, { ...body, amount: '1', expiresInSeconds: 1 });
    await eventually(async () => (await statusOf(short.id)) === 'expired');
    expect((await decide(otto, short.id, 'approve')).code).toBe('adjustment-expired');
    expect((await stage.show('ana', ana, wallet)).entries).toEqual(['+100']);
    await stage.booksAreRight();
  });

  test('it is for people among the staff, and the audit log knows both of them', async () => {
    const wallet = await fundedWallet(ana, '0');
    const body = { walletId: wallet, direction: 'credit', amount: '5' };
    expect((await propose(ana, body)).http).toBe(403);
    expect((await propose(await stage.staff('support'), body)).http).toBe(403);
    expect((await propose(stage.machine, body)).http).toBe(403);
    expect((await propose(olga, { ...body, reason: '' })).http).toBe(400);
    expect((await propose(olga, { ...body, walletId: uuidv7() })).http).toBe(404);
    expect((await decide(otto, uuidv7(), 'approve')).http).toBe(404);
    const proposed = await propose(olga, body);
    expect((await decide(ana, proposed.id, 'approve')).http).toBe(403);
    expect((await decide(stage.machine, proposed.id, 'approve')).http).toBe(403);
    expect((await decide(otto, proposed.id, 'approve')).http).toBe(200);
    const told = async (who: { id: string }) =>
      JSON.stringify((await stage.admin.call('GET', `/v1/admin/audit?actor=${who.id}`)).body);
    await eventually(async () => (await told(olga)).includes('adjustment-proposed'));
    await eventually(async () => (await told(otto)).includes('adjustment-approved'));
    const { body: reconciled } = await stage.admin.call('GET', '/v1/admin/reconciliation');
    console.log(`  reconciliation: ok ${String(reconciled['ok'])}`);
    expect(reconciled['breaks']).toEqual([]);
    await stage.booksAreRight();
  });
});
