import type { BankReconciliation, StatementBreak } from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

/**
 * Hunts differences between a bank and our books that nobody sees, that one person alone can post
 * away, or that are posted twice: by REST, with the bank's own mistakes, also when banking is
 * killed in between.
 */

let stage: MoneyStage;
let ana: Person;
let olga: Person & { id: string };
let otto: Person & { id: string };

beforeAll(async () => {
  stage = await openMoneyStage(
    ['auditor', 'bank-simulator', 'banking', 'gateway', 'identity', 'ledger'],
    // Only when it is asked for, and with no time to wait for the other side.
    { banking: { STATEMENT_POLL: '1h', STATEMENT_TOLERANCE: '1ms' } },
  );
  ana = await stage.person();
  [olga, otto] = [await stage.staff('operator'), await stage.staff('operator')];
});
afterAll(() => stage.stop());

interface Page<T> {
  items: T[];
}

const control = async (method: string, path: string, body?: object): Promise<unknown> => {
  const response = await fetch(`${stage.platform.dev().bankSimulatorUrl}/control/${path}`, {
    method,
    ...(body && {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  expect(response.ok).toBe(true);
  return response.status === 204 ? undefined : response.json();
};
const slip = (body: object) => control('POST', 'banks/ok/slips', body);

/** Asks the bank for what it says by now. Answers the statement in US dollars. */
async function fetchStatement(): Promise<string> {
  interface Fetched extends Page<{ id: string; currency: string }> {
    failures: object[];
  }
  const asked = { bank: 'ok' };
  const { status, body } = await olga.call<Fetched>('POST', '/v1/admin/statements/fetch', asked);
  expect({ status, failures: body.failures }).toEqual({ status: 200, failures: [] });
  return body.items.find(({ currency }) => currency === 'USD')?.id ?? '';
}

async function unresolved(): Promise<StatementBreak[]> {
  const { body } = await olga.call<Page<StatementBreak>>('GET', '/v1/admin/breaks');
  return body.items;
}

async function reconciled(): Promise<BankReconciliation> {
  const { body } = await olga.call<{ ok: boolean; banks: BankReconciliation[] }>(
    'GET',
    '/v1/admin/reconciliation',
  );
  expect(body.ok).toBe(true);
  const usd = body.banks.find((one) => one.bank === 'ok' && one.currency === 'USD');
  if (usd === undefined) throw new Error('no account at the bank ok in USD');
  const { bankBalance, bookBalance, difference, inBreaks, unexplained, openBreaks } = usd;
  console.log(
    `  bank ${bankBalance}, books ${bookBalance}: ${difference} apart, ${inBreaks} in breaks, ` +
      `${unexplained} unexplained, ${openBreaks} breaks open`,
  );
  return usd;
}

const work = (who: Person, id: string, verb: string, body: object = {}) =>
  stage.ask(who, 'POST', `/v1/admin/breaks/${id}/${verb}`, body, null);

async function upload(who: Person, file: string): Promise<{ status: number; body: unknown }> {
  const form = new FormData();
  form.append('file', new Blob([file]), 'statement.csv');
  const response = await fetch(`${stage.platform.dev().gatewayUrl}/v1/admin/statements`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}` },
    body: form,
  });
  return { status: response.status, body: await response.json() };
}

let wallet: string;
/** What the people of the demonstration have paid in before. */
let before: bigint;
const plus = (amount: bigint): string => String(before + amount);
const paid: Record<string, string> = {};

test('what flows through a bank is on its statement, and all of it is matched', async () => {
  await fetchStatement();
  before = BigInt((await reconciled()).bankBalance);
  wallet = await fundedWallet(ana, '0');
  const pay = async (name: string, path: string, amount: string) => {
    const body = { walletId: wallet, amount, bankAccount: 'ok' };
    const { http, id } = await stage.ask(ana, 'POST', path, body);
    paid[name] = id;
    const done = async () => (await ana.call('GET', `/v1/transactions/${id}`)).body['status'];
    expect([201, 202]).toContain(http);
    await eventually(async () => (await done()) === 'completed');
  };
  await pay('big', '/v1/deposits', '1000');
  await pay('small', '/v1/deposits', '250');
  await pay('out', '/v1/withdrawals', '300');
  const statement = await fetchStatement();
  const { body } = await olga.call<Page<{ state: string; endToEndId: string; amount: string }>>(
    'GET',
    `/v1/admin/statements/${statement}/entries`,
  );
  for (const one of body.items) console.log(`  ${one.amount}: ${one.state}`);
  expect(body.items.slice(-3).map((one) => [one.endToEndId, one.state])).toEqual([
    [paid['big'], 'matched'],
    [paid['small'], 'matched'],
    [paid['out'], 'matched'],
  ]);
  const both = { bankBalance: plus(950n), bookBalance: plus(950n) };
  expect(await reconciled()).toMatchObject({ ...both, difference: '0', unexplained: '0' });
  expect(await unresolved()).toEqual([]);
});

test('a file is uploaded, once or twice; no other file and by nobody else', async () => {
  const { banks } = (await control('GET', 'banks')) as { banks: { name: string; url: string }[] };
  const url = banks.find(({ name }) => name === 'ok')?.url ?? '';
  const today = new Date().toISOString().slice(0, 10);
  const response = await fetch(`${url}/statements/document?day=${today}&format=csv`);
  const file = await response.text();
  const byOlga = { source: 'uploaded', importedBy: olga.id };
  const usd = { currency: 'USD', closingBalance: plus(950n), ...byOlga };
  const first = await upload(olga, file);
  expect(first).toMatchObject({ status: 200, body: { items: [{ ...usd, replayed: false }] } });
  const again = await upload(olga, file);
  expect(again).toMatchObject({ status: 200, body: { items: [{ ...usd, replayed: true }] } });
  const forged = await upload(olga, file.replaceAll('10.00', '11.00'));
  expect(forged).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  const entity = await upload(olga, '<!DOCTYPE d [<!ENTITY e "x">]><Document>&e;</Document>');
  expect(entity).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  expect((await upload(olga, file.replaceAll(',ok,', ',nobody,'))).status).toBe(400);
  expect((await upload(ana, file)).status).toBe(403);
  expect((await upload(await stage.staff('support'), file)).status).toBe(403);
  expect(await unresolved()).toEqual([]);
});

test('each mistake of the bank is found as what it is', async () => {
  await slip({ kind: 'missing', endToEndId: paid['big'] });
  await slip({ kind: 'amount', endToEndId: paid['small'], amount: '200' });
  await slip({ kind: 'duplicate', endToEndId: paid['out'] });
  await slip({ kind: 'extra', direction: 'credit', amount: '70', currency: 'USD' });
  await fetchStatement();
  await fetchStatement();
  const found = (await unresolved()).map((one) => `${one.kind} ${one.difference} ${one.status}`);
  for (const one of found) console.log(`  found: ${one}`);
  expect(found.toSorted()).toEqual([
    'different-amount -50 open',
    'duplicate -300 open',
    'missing-here 70 open',
    'missing-there -1000 open',
  ]);
  expect(await reconciled()).toMatchObject({
    bankBalance: plus(-330n),
    bookBalance: plus(950n),
    difference: '-1280',
    inBreaks: '-1280',
    unexplained: '0',
  });
});

test('one proposes, another approves: the books are the bank’s, once, whoever dies', async () => {
  const breaks = await unresolved();
  const proposal = { action: 'correct', note: 'as the bank says by telephone' };
  const [first] = breaks;
  const id = first?.id ?? '';
  expect((await work(ana, id, 'propose', proposal)).http).toBe(403);
  expect((await work(stage.machine, id, 'propose', proposal)).http).toBe(403);
  expect((await work(olga, uuidv7(), 'propose', proposal)).http).toBe(404);
  expect((await work(otto, id, 'approve')).code).toBe('changed-meanwhile');
  for (const one of breaks) {
    const proposed = await work(olga, one.id, 'propose', proposal);
    expect(proposed).toMatchObject({ http: 200, status: 'proposed', proposedBy: olga.id });
  }
  expect(await work(olga, id, 'propose', proposal)).toMatchObject({ http: 200 });
  expect((await work(otto, id, 'propose', proposal)).code).toBe('changed-meanwhile');
  expect(await work(olga, id, 'approve')).toMatchObject({ http: 403, code: 'four-eyes' });
  expect(await work(olga, id, 'reject')).toMatchObject({ http: 403, code: 'four-eyes' });
  // There is no way around the break, where banking would not hear of it.
  const { adjustmentId } = (await unresolved())[0]?.correction ?? {};
  const around = `/v1/admin/adjustments/${adjustmentId}/approve`;
  expect(await stage.ask(otto, 'POST', around, {}, null)).toMatchObject({ http: 404 });
  expect(await reconciled()).toMatchObject({ bookBalance: plus(950n), openBreaks: 4 });

  // The first one while banking dies, and asked for four times at once.
  const asked = [0, 1, 2, 3].map(() => work(otto, id, 'approve'));
  process.kill(stage.platform.pidOf('banking') as number, 'SIGKILL');
  await Promise.all(asked);
  const again = () => otto.call('POST', `/v1/admin/breaks/${id}/approve`, {});
  await eventually(async () => (await again()).status === 200);
  for (const one of breaks.slice(1)) {
    const approved = await work(otto, one.id, 'approve', { note: 'I have heard it, too' });
    expect(approved).toMatchObject({ http: 200, status: 'resolved', decidedBy: otto.id });
  }
  expect((await work(otto, id, 'reject')).code).toMatch(/adjustment-decided|changed-meanwhile/);

  await fetchStatement();
  expect(await unresolved()).toEqual([]);
  const both = { bankBalance: plus(-330n), bookBalance: plus(-330n) };
  expect(await reconciled()).toMatchObject({ ...both, difference: '0', unexplained: '0' });
  const books = await stage.booksAreRight();
  expect(books['bank-clearing USD']).toBe(String(330n - before));
  expect(books['suspense USD']).toBe('-1280');
  expect((await ana.wallet(wallet)).balances.posted).toBe('950');
}, 180_000);

test('corrections are transactions that the staff sees, and nobody else', async () => {
  const { body } = await otto.call<Page<StatementBreak>>('GET', '/v1/admin/breaks?status=resolved');
  const id = body.items[0]?.correction?.adjustmentId ?? '';
  const all = await otto.call<Page<{ id: string; type: string }>>(
    'GET',
    '/v1/admin/transactions?type=adjustment&limit=100',
  );
  expect(all.status).toBe(200);
  expect(all.body.items.map((one) => one.id)).toContain(id);
  expect((await otto.call('GET', `/v1/transactions/${id}`)).status).toBe(200);
  expect((await ana.call('GET', `/v1/transactions/${id}`)).status).toBe(404);
});

test('both words stand in the history of each break, and in the audit log', async () => {
  const { body } = await otto.call<Page<{ id: string }>>('GET', '/v1/admin/breaks?status=resolved');
  expect(body.items).toHaveLength(4);
  for (const { id } of body.items) {
    const { body: one } = await otto.call<{ history: { step: string; by?: string }[] }>(
      'GET',
      `/v1/admin/breaks/${id}`,
    );
    expect(one.history.map(({ step, by }) => [step, by])).toEqual([
      ['found', undefined],
      ['proposed', olga.id],
      ['approved', otto.id],
    ]);
  }
  const told = async (who: { id: string }) =>
    JSON.stringify((await stage.admin.call('GET', `/v1/admin/audit?actor=${who.id}`)).body);
  await eventually(async () => (await told(olga)).includes('break-proposed'));
  await eventually(async () => (await told(olga)).includes('statement-uploaded'));
  await eventually(async () => (await told(otto)).includes('break-approved'));
});
