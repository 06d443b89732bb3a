import { present } from '@florin/kernel';
import { eventually, startMailServer, type MailServer } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ScratchPlatform } from '../platform/scratch-platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, type Person } from './person.ts';

/**
 * Hunts letters that come twice, or about what nobody wants to read, and balances that cross a line
 * unnoticed: by REST, with a real mail server, also when notifications is killed in between.
 */

const PASSWORD = 'correct horse battery';

let server: MailServer;
let platform: ScratchPlatform;

interface Reader extends Person {
  email: string;
}
interface Message {
  kind: string;
  facts: Record<string, string>;
}

const tokenIn = (text: string): string => /#token=([\w-]+)/.exec(text)?.[1] ?? '';

const mailed = (email: string, subject: RegExp) =>
  eventually(() => server.to(email).find((mail) => subject.test(mail.subject)) ?? false);

/** Somebody who has confirmed their address by the letter that came there. */
async function reader(name: string): Promise<Reader> {
  const stranger = createPerson(platform.dev().gatewayUrl);
  const email = `${name.toLowerCase()}-${crypto.randomUUID()}@example.com`;
  const known = { email, password: PASSWORD };
  await stranger.call('POST', '/v1/auth/register', { ...known, name });
  const letter = await mailed(email, /^Confirm/);
  const token = tokenIn(letter.text);
  const verified = await stranger.call('POST', '/v1/auth/email/verify', { token });
  expect(verified.status).toBe(204);
  const { body } = await stranger.call('POST', '/v1/auth/login', known);
  return { ...createPerson(platform.dev().gatewayUrl, String(body['accessToken'])), email };
}

const messagesOf = async (who: Person): Promise<Message[]> =>
  (await who.call<{ items: Message[] }>('GET', '/v1/notifications?limit=100')).body.items;

const subjects = ({ email }: Reader): string[] => server.to(email).map(({ subject }) => subject);

beforeAll(async () => {
  server = await startMailServer();
  platform = await startScratchPlatform({
    fraudScoring: 'off',
    services: ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger', 'notifications'],
    serviceEnv: { notifications: { SMTP_URL: server.url, SMTP_TIMEOUT: '2s' } },
  });
});
afterAll(async () => {
  await platform.stop();
  await server[Symbol.asyncDispose]();
});

describe('letters by REST', () => {
  test('come in the language and about the kinds that their reader has chosen', async () => {
    const [ana, ben] = [await reader('Ana'), await reader('Ben')];
    const path = '/v1/notifications/preferences';
    const { body: before } = await ana.call('GET', path);
    expect(before).toMatchObject({ locale: 'en', muted: [] });
    expect(before['alwaysSent']).toContain('password-changed');
    for (const body of [{}, { mutedLetters: ['password-changed'] }, { locale: 'fr' }]) {
      const refused = await ana.call('PUT', path, body);
      expect(refused.status).toBe(400);
    }
    expect((await ben.call('PUT', path, { locale: 'de' })).status).toBe(200);
    const [from, to] = [await fundedWallet(ana, '100000'), await fundedWallet(ben, '0')];
    const pay = (amount: string) =>
      ana.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount });
    await pay('12345');
    await mailed(ben.email, /^Du hast 123,45 USD erhalten$/);
    await ben.call('PUT', path, { mutedLetters: ['money-received'] });
    await pay('200');
    await eventually(async () => {
      const found = await messagesOf(ben);
      return found.filter(({ kind }) => kind === 'money-received').length === 2;
    });
    await ben.call('PUT', path, { mutedLetters: [] });
    await pay('300');
    await mailed(ben.email, /3,00 USD/);
    console.log(`  ben: ${subjects(ben).join(' | ')}`);
    expect(subjects(ben).filter((one) => /2,00 USD/.test(one))).toEqual([]);
  });

  test('and messages tell each crossing of a watched line once', async () => {
    const [ana, ben] = [await reader('Ana'), await reader('Ben')];
    const [mine, theirs] = [await fundedWallet(ana, '10000'), await fundedWallet(ben, '0')];
    const watch = (who: Person, walletId: string, direction: string, threshold: unknown) =>
      who.call<{ id: string }>('POST', '/v1/balance-monitors', { walletId, direction, threshold });
    const below = await watch(ana, mine, 'below', 5000);
    expect(below.status).toBe(201);
    expect((await watch(ana, mine, 'above', '8000')).status).toBe(201);
    expect((await watch(ben, mine, 'below', '5000')).status).toBe(404);
    for (const threshold of [-1, '1.5', null]) {
      expect((await watch(ana, mine, 'below', threshold)).status).toBe(400);
    }
    const pay = (who: Person, from: string, to: string, amount: string) =>
      who.pay('/v1/transfers', { fromWalletId: from, toWalletId: to, amount });
    await pay(ana, mine, theirs, '4000');
    await pay(ana, mine, theirs, '2000');
    await pay(ana, mine, theirs, '1000');
    await pay(ben, theirs, mine, '6000');
    const told = await eventually(async () => {
      const found = (await messagesOf(ana)).filter(({ kind }) => kind.startsWith('balance'));
      return found.length === 2 && found;
    });
    // Ana's payments and Ben's are told by different lanes: either may be heard of first.
    expect(told.map(({ kind, facts }) => `${kind} ${String(facts['balance'])}`).toSorted()).toEqual(
      ['balance-above 9000', 'balance-below 4000'],
    );
    await mailed(ana.email, /^Your balance is below 50\.00 USD$/);
    await mailed(ana.email, /^Your balance has reached 80\.00 USD$/);
    console.log(`  ana: ${subjects(ana).join(' | ')}`);
    const path = `/v1/balance-monitors/${below.body.id}`;
    expect((await ana.call('GET', path)).body['lastCrossedAt']).toBeTypeOf('string');
    expect((await ben.call('GET', path)).status).toBe(404);
    expect((await ana.call('PATCH', path, { threshold: '1' })).body['threshold']).toBe('1');
    expect((await ana.call('DELETE', path)).status).toBe(204);
    expect((await ana.call('GET', path)).status).toBe(404);
  });
});

test('killed again and again, nobody gets a letter twice, and every message is there', async () => {
  const payments = 40;
  const [ana, ben] = [await reader('Ana'), await reader('Ben')];
  const [from, to] = [await fundedWallet(ana, '100000'), await fundedWallet(ben, '0')];
  for (let at = 1; at <= payments; at++) {
    await ana.pay('/v1/transfers', {
      fromWalletId: from,
      toWalletId: to,
      amount: String(100 + at),
    });
    if (at % 10 === 5) {
      // The one before may still be away.
      const pid = await eventually(() => present(platform.pidOf('notifications'), 'a process'));
      process.kill(pid, 'SIGKILL');
    }
  }
  await eventually(async () => {
    const found = await messagesOf(ben);
    return found.filter(({ kind }) => kind === 'money-received').length === payments;
  });
  // What came last was sent after all the kills: what came before was sent, or never will be.
  await mailed(ben.email, new RegExp(`${((100 + payments) / 100).toFixed(2)} USD`));
  const received = server.to(ben.email).filter(({ subject }) => subject.startsWith('You received'));
  const ids = received.map(({ messageId }) => messageId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(received.map(({ subject }) => subject)).size).toBe(received.length);
  console.log(`  ${payments} payments, 4 kills: ${received.length} letters, none twice`);
  // A kill costs at most the letters that were being handed over at that moment.
  expect(received.length).toBeGreaterThanOrEqual(payments - 4 * 4);
}, 200_000);
