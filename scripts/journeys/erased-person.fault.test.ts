import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LEDGER_REQUESTS } from '@florin/contracts';
import { connect, request } from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet } from './person.ts';

const tag = randomUUID().slice(0, 8);
const email = `ada.lovelace-${tag}@personal.example`;
const name = `Ada Unmistakable-${tag}`;
const agent = `Browser-of-Ada/${tag}`;
const password = `correct horse ${tag}`;

let platform: ScratchPlatform;
beforeAll(async () => {
  platform = await startScratchPlatform({ fraudScoring: 'off' });
});
afterAll(() => platform.stop());

/** A text as it might lie somewhere: as it is, in other cases, encoded, or as bytea is dumped. */
function disguises(text: string): string[] {
  const forms = [text, text.toLowerCase(), text.toUpperCase(), encodeURIComponent(text)];
  const bytes = Buffer.from(text);
  // Base64 depends on where the text begins within what is encoded.
  const shifted = [0, 1, 2].map((by) =>
    Buffer.concat([Buffer.alloc(by), bytes])
      .toString('base64')
      .slice(by === 0 ? 0 : 4, -4),
  );
  const urlSafe = shifted.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...new Set([...forms, ...shifted, ...urlSafe, bytes.toString('hex')])];
}

/** Where it is found among all rows of all databases, as text. */
async function foundInDatabases(needles: string[]): Promise<string[]> {
  const { postgresUrl } = platform.dev();
  const found: string[] = [];
  const server = createHotPool({ url: postgresUrl, applicationName: 'search', max: 1 });
  const { rows: databases } = await server.query<{ datname: string }>(
    `SELECT datname FROM pg_database WHERE datname LIKE 'florin_%'`,
  );
  await server.end();
  for (const { datname } of databases) {
    const url = new URL(postgresUrl);
    url.pathname = `/${datname}`;
    const pool = createHotPool({ url: url.href, applicationName: 'search', max: 1 });
    const { rows: tables } = await pool.query<{ name: string }>(
      `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
    );
    for (const table of tables) {
      const { rows } = await pool.query<{ line: string }>(
        `SELECT t::text AS line FROM ${table.name} t WHERE t::text LIKE ANY ($1)`,
        [needles.map((needle) => `%${needle.replace(/[\\%_]/g, '\\$&')}%`)],
      );
      found.push(...rows.map(({ line }) => `${datname}.${table.name}: ${line}`));
    }
    await pool.end();
  }
  return found;
}

/** Where it is found in files: what servers have written, with streams, logs and outbox. */
function foundInFiles(needles: string[], folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return foundInFiles(needles, path);
    if (!entry.isFile() || statSync(path).size === 0) return [];
    const content = readFileSync(path);
    return needles.filter((needle) => content.includes(needle)).map((it) => `${path}: ${it}`);
  });
}

/** Where it is found in what services tell of themselves. */
async function foundInMetrics(needles: string[]): Promise<string[]> {
  const pages = Object.entries(platform.dev().metrics).map(async ([service, address]) => {
    const text = await (await fetch(new URL('/metrics', address))).text();
    return needles.filter((needle) => text.includes(needle)).map((it) => `${service}: ${it}`);
  });
  return (await Promise.all(pages)).flat();
}

/** A picture, as far as its first bytes tell, with her name in it. */
async function uploadPassport(url: string, token: string): Promise<number> {
  const signature = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
  const picture = Buffer.concat([signature, Buffer.from(`passport of ${name}, ${email}`)]);
  const form = new FormData();
  form.set('kind', 'passport');
  form.set('file', new Blob([picture], { type: 'image/png' }), 'passport.png');
  const answer = await fetch(new URL('/v1/kyc/documents', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  await answer.text();
  return answer.status;
}

test('hunts anything personal of somebody who was erased, wherever it is stored', async () => {
  const { gatewayUrl: url } = platform.dev();
  const stranger = createPerson(url);
  const registered = await stranger.call<{ id: string }>('POST', '/v1/auth/register', {
    email,
    password,
    name,
  });
  const { id } = registered.body;
  const signedIn = await stranger.call<{ accessToken: string }>(
    'POST',
    '/v1/auth/login',
    { email, password },
    { 'user-agent': agent },
  );
  const ada = createPerson(url, signedIn.body.accessToken);
  const setup = await ada.call<{ secret: string }>('POST', '/v1/auth/2fa/setup');
  const { secret } = setup.body;
  const { accessToken } = signedIn.body;
  expect(await uploadPassport(url, accessToken)).toBe(201);
  await ada.call('POST', '/v1/me/consents', { purpose: 'news', version: '1', granted: true });
  const mine = await fundedWallet(ada, '7000');
  const other = await stranger.call<{ accessToken: string }>('POST', '/v1/auth/login', {
    email: 'operator@florin.dev',
    password: platform.secrets().demoPasswords['operator@florin.dev'],
  });
  const operator = createPerson(url, other.body.accessToken);
  const theirs = await fundedWallet(operator, '0');
  // By e-mail, so that the address passes through the whole way of a payment.
  const back = await operator.pay('/v1/transfers', {
    fromWalletId: theirs,
    toEmail: email,
    amount: '1',
  });
  expect(back.status).toBe(422);
  const sent = await ada.pay('/v1/transfers', {
    fromWalletId: mine,
    toWalletId: theirs,
    amount: '7000',
  });
  expect(sent.body.status).toBe('completed');
  await operator.call('GET', '/v1/admin/outbox');

  const personal = [email, name, agent, password, secret].flatMap(disguises);
  const folder = platform.dir;
  // The search must find what is there: her id, which the books keep.
  expect(await foundInDatabases([id])).not.toEqual([]);
  const withId = foundInFiles([id], folder);
  expect(withId.some((line) => line.includes('/nats/'))).toBe(true);
  expect(withId.some((line) => line.includes('/postgres/'))).toBe(true);
  // Letters lie in a folder while she is here, for the developer: that is all that is readable.
  const before = foundInFiles(personal, folder).filter((line) => !line.includes('/outbox/'));
  expect(before).toEqual([]);
  await eventually(() => foundInFiles([email], join(folder, 'outbox')).length > 0);

  const exported = await ada.call<Record<string, object>>('GET', '/v1/me/export');
  expect(exported.body).toMatchObject({
    profile: { id, email, name },
    kyc: { documents: [{ kind: 'passport' }] },
    consents: [{ purpose: 'news' }],
    wallets: [{ id: mine }],
    sessions: [{ userAgent: agent }],
  });
  expect((await ada.call('GET', '/v1/me/export?format=zip')).status).toBe(200);

  const erased = await ada.call('DELETE', '/v1/me');
  expect(erased.status).toBe(204);

  expect(await foundInDatabases(personal)).toEqual([]);
  // Notifications hears of it a moment later, and throws its copies of letters away.
  await eventually(() => foundInFiles(personal, join(folder, 'outbox')).length === 0);
  expect(foundInFiles(personal, folder)).toEqual([]);
  expect(await foundInMetrics(personal)).toEqual([]);
  const { rows } = await identityRows(id);
  expect(rows).toEqual([{ keys: 0, letters: 0, erased: true }]);
  const again = await stranger.call('POST', '/v1/auth/login', { email, password });
  expect(again.status).toBe(401);

  await using bus = await connect({
    url: platform.dev().natsUrl,
    name: 'search',
    log: createLogger('search', 'fatal'),
  });
  const books = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
  expect(books).toMatchObject({ ok: true, breaks: [] });
  expect((await operator.wallet(theirs)).balances.posted).toBe('7000');
  const audit = await operator.call<{ records: number }>('POST', '/v1/admin/audit/verify', {});
  expect(audit).toMatchObject({ status: 200, body: { ok: true, breaks: [] } });
  expect(audit.body.records).toBeGreaterThan(0);
  console.log(
    `${personal.length} spellings of 5 personal data: found nowhere in ` +
      `${countFiles(folder)} files and all databases; books and ${audit.body.records} records of ` +
      'the audit log verify',
  );
});

const countFiles = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile()).length;

async function identityRows(id: string) {
  const url = new URL(platform.dev().postgresUrl);
  url.pathname = '/florin_identity';
  const pool = createHotPool({ url: url.href, applicationName: 'search', max: 1 });
  const answer = await pool.query<{ keys: number; letters: number; erased: boolean }>(
    `SELECT (SELECT count(*)::int FROM user_keys WHERE user_id = $1) AS keys,
       (SELECT count(*)::int FROM letters WHERE user_id = $1) AS letters,
       erased_at IS NOT NULL AS erased
     FROM users WHERE id = $1`,
    [id],
  );
  await pool.end();
  return answer;
}
