import { STREAMS, type AdminActionEvent } from '@florin/contracts';
import { connect, jsonOf, readPartition } from '@florin/messaging';
import { createPool, sql } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { databaseOf } from '../platform/service-plan.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

let platform: ScratchPlatform;
let url: string;
let operator: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({ demo: true, fraudScoring: 'off' });
  url = platform.dev().gatewayUrl;
  const [account] = platform.dev().users.filter(({ roles }) => roles.includes('operator'));
  const { email = '', password = '' } = account ?? {};
  const { body } = await createPerson(url).call('POST', '/v1/auth/login', { email, password });
  operator = createPerson(url, String(body['accessToken']));
});
afterAll(() => platform.stop());

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGA' +
    'hKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

/** Hands in a file as a browser would. */
async function handIn(person: Person, content: Buffer, kind = 'passport', name = 'me.png') {
  const form = new FormData();
  form.append('kind', kind);
  form.append('file', new File([new Uint8Array(content)], name, { type: 'image/png' }));
  const response = await fetch(new URL('/v1/kyc/documents', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${person.token}` },
    body: form,
  });
  const body = (await response.json()) as { id: string; status: string | number; code?: string };
  return { status: response.status, body };
}

const decide = (id: string, decision: 'approve' | 'reject') =>
  operator.call('POST', `/v1/admin/kyc/${id}/decision`, { decision, reason: 'looked at it' });

const transfer = async (person: Person, from: string, to: string, amount: string) => {
  const { status, body } = await person.pay('/v1/transfers', {
    fromWalletId: from,
    toWalletId: to,
    amount,
  });
  return body.code ?? status;
};

describe('hunts limits that do not follow how well somebody is known', () => {
  test('10,000.00 at once at first, more once a person has looked at a passport', async () => {
    const [ana, ben] = [await newPerson(url), await newPerson(url)];
    const from = await fundedWallet(ana, '10000000');
    const to = await fundedWallet(ben, '0');
    expect(await transfer(ana, from, to, '1000001')).toBe('limit-exceeded');
    expect(await transfer(ana, from, to, '1000000')).toBe(201);
    const { body } = await handIn(ana, PNG);
    expect(body.status).toBe('pending');
    expect(await decide(body.id, 'approve')).toMatchObject({ status: 200, body: { level: 1 } });
    await eventually(async () => (await transfer(ana, from, to, '1000001')) === 201);
    expect((await ana.call('GET', '/v1/kyc')).body).toMatchObject({
      level: 1,
      limits: { currency: 'USD', perTransaction: '5000000' },
      documents: [{ id: body.id, status: 'approved' }],
    });
    // A wallet that is opened later has the new limits, too.
    const later = await fundedWallet(ana, '2000000');
    await eventually(async () => (await transfer(ana, later, to, '1500000')) === 201);
  });
});

describe('hunts files that nobody should have', () => {
  test('a program that was renamed to .png is refused, and so is what is too large', async () => {
    const mallory = await newPerson(url);
    const program = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(2000)]);
    expect(await handIn(mallory, program)).toMatchObject({
      status: 415,
      body: { code: 'unsupported-media-type' },
    });
    const large = Buffer.concat([PNG, Buffer.alloc(5 * 1024 * 1024)]);
    expect((await handIn(mallory, large)).status).toBe(413);
    expect((await mallory.call('GET', '/v1/kyc')).body).toMatchObject({ level: 0, documents: [] });
  });

  test('only reviewers see a file, as it was handed in; in the store it is sealed', async () => {
    const [ana, ben] = [await newPerson(url), await newPerson(url)];
    const { body } = await handIn(ana, PNG);
    const file = (person: Person) =>
      fetch(new URL(`/v1/admin/kyc/${body.id}/file`, url), {
        headers: { authorization: `Bearer ${person.token}` },
      });
    expect((await file(ana)).status).toBe(403);
    expect((await file(ben)).status).toBe(403);
    const shown = await file(operator);
    expect(shown.headers.get('content-disposition')).toBe('attachment');
    expect(Buffer.from(await shown.arrayBuffer())).toEqual(PNG);
    const queue = await operator.call<{ items: { id: string }[] }>('GET', '/v1/admin/kyc');
    expect(queue.body.items.map(({ id }) => id)).toContain(body.id);
  });

  test('a decision is final, and its reason is told', async () => {
    const ana = await newPerson(url);
    const { body } = await handIn(ana, PNG);
    expect((await decide(body.id, 'reject')).status).toBe(200);
    expect((await decide(body.id, 'approve')).status).toBe(409);
    expect((await ana.call('GET', '/v1/kyc')).body).toMatchObject({
      level: 0,
      documents: [{ status: 'rejected', reason: 'looked at it' }],
    });
  });
});

test('hunts a decision that nobody can tell who made it', async () => {
  const ana = await newPerson(url);
  const { body } = await handIn(ana, PNG);
  await decide(body.id, 'reject');
  const { id: operatorId } = (await operator.call<{ id: string }>('GET', '/v1/me')).body;
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const told: AdminActionEvent['data'][] = [];
  const reader = readPartition(bus, {
    stream: STREAMS.audit,
    filterSubject: 'audit.>',
    startAfter: 0,
    onMessage: (message) => {
      for (const { data } of jsonOf(message) as AdminActionEvent[]) told.push(data);
    },
    onDisorder: ({ detail }) => expect.fail(detail),
  });
  await eventually(() => told.some(({ target }) => target === body.id));
  await reader.stop();
  expect(told.find(({ target }) => target === body.id)).toMatchObject({
    actorId: operatorId,
    action: 'kyc-decided',
    before: 'pending',
    after: 'rejected',
  });
});

test('hunts counters that disagree with what has left a wallet', async () => {
  const server = new URL(platform.dev().postgresUrl);
  server.pathname = `/${databaseOf('ledger')}`;
  await using database = await createPool({ url: server.href, applicationName: 'test' });
  const wrong = await database.slonik.any(sql.type(z.object({ id: z.string() }))`
    SELECT w.id FROM wallets w WHERE w.limit_day IS NOT NULL AND w.spent_day <> coalesce(
      (SELECT sum(t.amount) FROM transactions t
        WHERE t.wallet_id = w.id AND t.type IN ('transfer', 'withdrawal') AND t.status <> 'failed'
          AND t.created_at >= date_trunc('day', w.changed_at, 'UTC')), 0)`);
  expect(wrong).toEqual([]);
});
