import { randomUUID } from 'node:crypto';
import type { Letter, User } from '@florin/contracts';
import { systemClock, uuidv7 } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase, startMailServer, type MailServer } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSmtpTransport } from '../adapters/smtp-transport.ts';
import { createComposeMail } from '../compose-mail.ts';
import { createInboxUseCases } from '../read-inbox.ts';
import { createMailSender, type MailSender } from '../send-mails.ts';
import { beginSending, claimMails, insertMail, insertNotices } from '../sql/mails.ts';
import { forgetPerson } from '../sql/messages.ts';
import { findPreferences } from '../sql/preferences.ts';
import { createWriteDigest } from '../write-digest.ts';

/**
 * Hunts mails that go out twice, to the wrong person, in the wrong language, or not at all, with a
 * real Postgres and a real SMTP server that fails in the ways mail servers do.
 */

const stack = new AsyncDisposableStack();
const users = new Map<string, User>();
const letters = new Map<string, Letter>();
let database: Database;
let server: MailServer;
let senders: MailSender[];

const db = () => database.slonik;
const rows = async (userId: string) =>
  (
    await database.hot.query<{ state: string; attempts: number; problem: string | null }>(
      'SELECT state, attempts, problem FROM mails WHERE user_id = $1 ORDER BY id',
      [userId],
    )
  ).rows;

function person(more: Partial<User> = {}): User {
  const id = randomUUID();
  const user: User = {
    id,
    email: `${id}@example.com`,
    name: 'Ana <b>& co</b>',
    roles: ['user'],
    kycLevel: 0,
    emailVerified: true,
    twoFactor: false,
    createdAt: new Date().toISOString(),
    ...more,
  };
  users.set(id, user);
  return user;
}

const notice = (userId: string, more: object = {}) => ({
  id: uuidv7(),
  userId,
  kind: 'money-received' as const,
  eventId: randomUUID(),
  facts: { amount: '123450', currency: 'USD' },
  ...more,
});

const add = async (...notices: ReturnType<typeof notice>[]): Promise<void> => {
  await insertNotices(db(), notices, new Date());
  for (const sender of senders) sender.wake();
};

function openSender(): MailSender {
  const transport = createSmtpTransport({
    url: server.url,
    from: 'Florin <no-reply@florin.example>',
    connections: 4,
    timeoutMs: 1_500,
  });
  stack.defer(async () => transport.close());
  const sender = createMailSender({
    db: db(),
    transport,
    compose: createComposeMail({
      readLetter: async (id) => letters.get(id) ?? null,
      readUser: async (id) => users.get(id) ?? null,
      localeOf: async (userId) => (await findPreferences(db(), userId)).locale,
      operatorAddress: 'operators@florin.example',
    }),
    clock: systemClock,
    log: createLogger('notifications', 'silent'),
    metrics: createMetrics('notifications'),
    concurrency: 8,
    sendingMs: 1_500,
    retrySchedule: [30, 60],
    pollMs: 20,
  });
  stack.defer(() => sender.stop());
  sender.start();
  return sender;
}

const ended = (userId: string) =>
  eventually(async () => {
    const [row] = await rows(userId);
    const isOver = !['due', 'claimed', 'sending'].includes(row?.state ?? 'due');
    return isOver && row;
  });

beforeAll(async () => {
  const url = await freshDatabase('notifications', new URL('../migrations', import.meta.url));
  database = stack.use(await createPool({ url, applicationName: 'notifications' }));
  server = stack.use(await startMailServer());
  // Two processes of the service: what one has claimed the other leaves alone.
  senders = [openSender(), openSender()];
});
afterAll(() => stack.disposeAsync());

describe('a mail', () => {
  it('goes out once, as text and HTML, and what a person wrote is no markup in it', async () => {
    const ana = person();
    const told = notice(ana.id);
    await Promise.all([add(told), add(told), add({ ...told, id: uuidv7() })]);
    expect(await ended(ana.id)).toMatchObject({ state: 'sent', attempts: 1 });
    const [mail, ...others] = server.to(ana.email);
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('You received 1,234.50 USD');
    expect(mail?.messageId).toMatch(/^<[0-9a-f-]{36}@florin\.example>$/);
    expect(mail?.text).toContain('Dear Ana <b>& co</b>,');
    expect(mail?.html).toContain('Ana &lt;b&gt;&amp; co&lt;/b&gt;');
    expect(mail?.html).not.toContain('<b>');
  });

  it('is written in the language of its reader', async () => {
    const inbox = createInboxUseCases({ db: db(), clock: systemClock });
    const ana = person({ name: 'Ana' });
    await inbox.setPreferences({ userId: ana.id, locale: 'de' });
    await add(notice(ana.id));
    await ended(ana.id);
    expect(server.to(ana.email)[0]).toMatchObject({ subject: 'Du hast 1.234,50 USD erhalten' });
    const id = uuidv7();
    letters.set(id, {
      id,
      kind: 'verify-email',
      to: ana.email,
      subject: 'Confirm',
      text: 'Dear Ana,\n\nhttps://florin.example/verify#token=a&b\n\nFlorin\n',
      translations: { de: { subject: 'Bestätige', text: 'Hallo Ana' } },
      createdAt: new Date().toISOString(),
    });
    const letter = { id, userId: ana.id, kind: 'verify-email', eventId: id, facts: {} };
    await insertMail(db(), letter, new Date());
    await insertMail(db(), letter, new Date());
    await eventually(() => server.to(ana.email).length === 2);
    expect(server.to(ana.email)[1]?.subject).toBe('Bestätige');
  });

  it('is not written about what somebody does not want letters about', async () => {
    const inbox = createInboxUseCases({ db: db(), clock: systemClock });
    const ana = person();
    expect((await inbox.getPreferences({ userId: ana.id })).mutedLetters).toContain('payment-sent');
    await add(notice(ana.id, { kind: 'payment-sent' }));
    await inbox.setPreferences({ userId: ana.id, mutedLetters: ['money-received'] });
    await add(notice(ana.id), notice(ana.id, { kind: 'payment-sent' }));
    await ended(ana.id);
    expect(server.to(ana.email).map(({ subject }) => subject)).toEqual(['You sent 1,234.50 USD']);
    expect(await inbox.getPreferences({ userId: ana.id })).toEqual({
      muted: [],
      mutedLetters: ['money-received'],
      locale: 'en',
    });
  });

  it('goes to no address that nobody has confirmed, and to nobody who was erased', async () => {
    const [ana, ben] = [person({ emailVerified: false }), person()];
    await add(notice(ana.id));
    expect(await ended(ana.id)).toMatchObject({ state: 'skipped' });
    users.delete(ben.id);
    await add(notice(ben.id));
    expect(await ended(ben.id)).toMatchObject({ state: 'skipped' });
    expect([...server.to(ana.email), ...server.to(ben.email)]).toEqual([]);
    await forgetPerson(db(), ana.id);
    expect(await rows(ana.id)).toEqual([]);
  });
});

describe('a mail server', () => {
  it('that says later is asked again, with the same Message-ID', async () => {
    const ana = person();
    server.refuseNext(451, 2);
    await add(notice(ana.id));
    expect(await ended(ana.id)).toMatchObject({ state: 'sent', attempts: 3 });
    expect(server.to(ana.email)).toHaveLength(1);
  });

  it('that says no is not asked again, and one that always says later has a limit', async () => {
    const [ana, ben] = [person(), person()];
    server.refuseNext(550, 1);
    await add(notice(ana.id));
    expect(await ended(ana.id)).toMatchObject({ state: 'failed', attempts: 1 });
    server.refuseNext(421, 3);
    await add(notice(ben.id));
    expect(await ended(ben.id)).toMatchObject({ state: 'failed', attempts: 3 });
    expect((await rows(ben.id))[0]?.problem).not.toContain('@');
  });

  it('that takes a mail and never says so has it: it does not get it again', async () => {
    const ana = person();
    server.hangNext();
    await add(notice(ana.id));
    expect(await ended(ana.id)).toMatchObject({ state: 'unknown', attempts: 1 });
    expect(server.to(ana.email)).toHaveLength(1);
  });

  it('that is away is waited for', async () => {
    const ana = person();
    const { url } = server;
    await server.stop();
    await add(notice(ana.id));
    await eventually(async () => (await rows(ana.id))[0]?.problem !== null);
    await server.start(url);
    expect(await ended(ana.id)).toMatchObject({ state: 'sent' });
  });
});

describe('a sender that dies', () => {
  it('before the server has a mail leaves it to others, after that to nobody', async () => {
    const [ana, ben] = [person(), person()];
    for (const sender of senders) await sender.stop();
    await add(notice(ana.id));
    await claimMails(db(), new Date(), new Date(), 1);
    await add(notice(ben.id));
    const [sending] = (await claimMails(db(), new Date(), new Date(), 9)).filter(
      ({ userId }) => userId === ben.id,
    );
    if (sending === undefined) throw new Error('nothing was claimed');
    expect(await beginSending(db(), sending, new Date())).toBe(true);
    expect(await beginSending(db(), sending, new Date())).toBe(false);
    senders = [openSender(), openSender()];
    expect(await ended(ana.id)).toMatchObject({ state: 'sent' });
    expect(await ended(ben.id)).toMatchObject({ state: 'unknown' });
    expect(server.to(ana.email)).toHaveLength(1);
    expect(server.to(ben.email)).toEqual([]);
  });
});

describe('operators', () => {
  it('are told once of a period what could not be delivered, of a good one nothing', async () => {
    const periodMs = 3_600_000;
    const digest = (aheadMs: number) =>
      createWriteDigest({
        db: db(),
        clock: { ...systemClock, nowMs: () => Date.now() + aheadMs },
        periodMs,
      })();
    expect(await digest(3 * periodMs)).toBe(false);
    expect(await Promise.all([digest(periodMs), digest(periodMs), digest(periodMs)])).toContain(
      true,
    );
    // Their hour has come.
    await database.hot.query("UPDATE mails SET due_at = now() WHERE kind = 'operator-digest'");
    const told = await eventually(
      () =>
        server.to('operators@florin.example').length > 0 && server.to('operators@florin.example'),
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toMatch(/- [1-9]\d* mails were refused, or given up/);
    expect(told[0]?.text).not.toContain('example.com');
  });
});
