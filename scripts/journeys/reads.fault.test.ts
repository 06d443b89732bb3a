import { present, uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

/**
 * Hunts reads that are stale, foreign or inconsistent, on the whole platform over REST: search,
 * statements, balances of the past, and balances that are remembered.
 */

let platform: Platform;
let url: string;
let ana: Person;
let ben: Person;
let benEmail: string;
let machine: Person;
let from: string;
let to: string;

interface Listed {
  items: { id: string; amount: string; balances?: object }[];
  nextCursor: string | null;
}

beforeAll(async () => {
  platform = await startScratchPlatform({ fraudScoring: 'off' });
  const { gatewayUrl, oauthClient } = platform.dev();
  url = gatewayUrl;
  ana = await newPerson(url);
  ben = await newPerson(url);
  benEmail = (await ben.call<{ email: string }>('GET', '/v1/me')).body.email;
  machine = createPerson(url, await machineToken(url, oauthClient)());
  from = await fundedWallet(ana);
  to = await fundedWallet(ben, '0');
});
afterAll(() => platform.stop());

async function search(who: Person, query: Record<string, string>, path = '/v1/transactions') {
  const { status, body } = await who.call<Listed>(
    'GET',
    `${path}?${String(new URLSearchParams(query))}`,
  );
  expect(status).toBe(200);
  return body.items.map(({ id }) => id);
}

/** A payment from Ana to Ben that is answered as done. */
async function pay(amount: string, more: object = {}): Promise<string> {
  const order = { fromWalletId: from, toWalletId: to, amount, ...more };
  const { status, body } = await ana.pay('/v1/transfers', order);
  expect(status).toBe(201);
  return body.id;
}

describe('search', () => {
  test('finds what was just acknowledged, each time, by whatever it is known by', async () => {
    const begun = new Date().toISOString();
    for (let round = 0; round < 20; round++) {
      const order = uuidv7();
      const amount = String(1000 + round);
      const text = `Lunch no. ${round} at Käthe’s`;
      const id = await pay(amount, { description: text, metadata: { order, table: '7' } });
      for (const query of [
        { 'metadata[order]': order },
        { 'metadata[order]': order, 'metadata[table]': '7', from: begun },
        { text: `NO. ${round} at käthe` },
        { minAmount: amount, maxAmount: amount },
        { counterparty: benEmail, minAmount: amount, maxAmount: amount },
        { text: benEmail, minAmount: amount, limit: '1' },
      ]) {
        expect([query, await search(ana, query)]).toEqual([query, [id]]);
      }
      expect(await search(ben, { 'metadata[order]': order })).toEqual([id]);
      expect(await search(machine, { 'metadata[order]': order })).toEqual([id]);
    }
  });

  test('shows nobody what is not theirs, and the staff everything', async () => {
    const order = uuidv7();
    const id = await pay('77', { metadata: { order } });
    const query = { 'metadata[order]': order };
    const eve = await newPerson(url);
    expect(await search(eve, query)).toEqual([]);
    const nosy = await eve.call('GET', '/v1/admin/transactions');
    expect([nosy.status, nosy.body['code']]).toEqual([403, 'forbidden']);
    expect(await search(machine, query, '/v1/admin/transactions')).toEqual([id]);
    expect(await search(machine, { ...query, walletId: to }, '/v1/admin/transactions')).toEqual([
      id,
    ]);
    const unknown = await search(ana, { counterparty: `${uuidv7()}@example.com` });
    expect(unknown).toEqual([]);
  });

  test('refuses what is no question', async () => {
    for (const query of [
      'minAmount=-1',
      'maxAmount=1.5',
      'text=',
      'counterparty=x',
      'currency=X',
    ]) {
      const { status, body } = await ana.call('GET', `/v1/transactions?${query}`);
      expect([query, status, body['code']]).toEqual([query, 400, 'validation-failed']);
    }
    const key = 'k'.repeat(41);
    expect((await ana.call('GET', `/v1/transactions?metadata[${key}]=x`)).status).toBe(400);
  });
});

interface StatementAnswer {
  openingBalance: string;
  closingBalance: string;
  takenAt: string;
  entries: { direction: string; amount: string; balanceAfter: string; createdAt: string }[];
}

describe('statements and balances of the past', () => {
  test('add up, meet at their borders, and agree with each other in every format', async () => {
    const path = `/v1/wallets/${from}/statement`;
    const all = (await ana.call<StatementAnswer>('GET', path)).body;
    const sum = all.entries.reduce(
      (balance, { direction, amount }) =>
        balance + (direction === 'credit' ? BigInt(amount) : -BigInt(amount)),
      BigInt(all.openingBalance),
    );
    expect(String(sum)).toBe(all.closingBalance);
    expect((await ana.wallet(from)).balances.posted).toBe(all.closingBalance);
    const middle = present(all.entries[Math.floor(all.entries.length / 2)], 'an entry');
    const border = `${middle.createdAt.slice(0, 23)}Z`;
    const part = async (period: string) =>
      (await ana.call<StatementAnswer>('GET', `${path}?${period}`)).body;
    const [before, after] = [await part(`to=${border}`), await part(`from=${border}`)];
    expect(before.closingBalance).toBe(after.openingBalance);
    expect([...before.entries, ...after.entries]).toEqual(all.entries);
    const past = await ana.call<{ balances: { posted: string } }>(
      'GET',
      `/v1/wallets/${from}?at=${new Date(Date.parse(border) - 1).toISOString()}`,
    );
    expect(past.body.balances.posted).toBe(before.closingBalance);
    const csv = await ana.call<string>('GET', `${path}?format=csv`);
    expect(csv.body.trim().split('\r\n')).toHaveLength(all.entries.length + 1);
    const pdf = await fetch(new URL(`${path}?format=pdf`, url), {
      headers: { authorization: `Bearer ${ana.token}` },
    });
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await pdf.arrayBuffer()).toString('latin1');
    expect([bytes.slice(0, 5), bytes.trimEnd().slice(-5)]).toEqual(['%PDF-', '%%EOF']);
    expect((await ben.call('GET', path)).status).toBe(404);
    expect((await ana.call('GET', `${path}?from=2026-02-01&to=2026-01-01`)).status).toBe(400);
  });
});

describe('balances that are remembered', () => {
  const hits = async (): Promise<number> => {
    const metrics = present(platform.dev().metrics['gateway'], 'metrics of the gateway');
    const text = await (await fetch(new URL('/metrics', metrics))).text();
    const line = text
      .split('\n')
      .find((one) => /^read_cache_reads_total\{.*wallets.*"hit"/.test(one));
    return Number(line?.split(' ').at(-1) ?? 0);
  };

  test('are never older than the reader’s own payment, and follow those of others', async () => {
    await eventually(async () => {
      await ana.wallet(from);
      return (await hits()) > 0;
    });
    let left = BigInt((await ana.wallet(from)).balances.posted);
    let got = BigInt((await ben.wallet(to)).balances.posted);
    const before = await hits();
    for (let round = 0; round < 50; round++) {
      await pay('3');
      left -= 3n;
      got += 3n;
      const seen = await Promise.all([ana.wallet(from), ben.wallet(to), ana.wallet(from)]);
      expect([round, ...seen.map(({ balances }) => balances.posted)]).toEqual([
        round,
        ...[left, got, left].map(String),
      ]);
    }
    for (let nth = 0; nth < 20; nth++) await ana.wallet(from);
    expect(await hits()).toBeGreaterThan(before);
    // A bank's word comes from behind, and is seen as soon as its event is.
    const deposit = { walletId: from, amount: '500', bankAccount: 'slow' };
    const asked = await ana.pay('/v1/deposits', deposit, undefined, { prefer: 'respond-async' });
    expect(asked.status).toBe(202);
    await eventually(async () => (await ana.wallet(from)).balances.posted === String(left + 500n));
  });

  test('a profile shows its new name at once', async () => {
    for (let nth = 0; nth < 10; nth++) {
      await ana.call('GET', '/v1/me');
      await ana.call('PATCH', '/v1/me', { name: `Ana ${nth}` });
      expect((await ana.call('GET', '/v1/me')).body['name']).toBe(`Ana ${nth}`);
    }
  });
});
