import { NO_LANE, identityEventBatch, letterBatch } from '@florin/contracts';
import {
  connect,
  createPublisher,
  createSigner,
  createVerifier,
  HEADERS,
  provision,
  type Bus,
} from '@florin/messaging';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase, freshNats } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOutboxRelay, type OutboxRelay } from '../adapters/outbox-relay.ts';
import { readLetter } from '../letters/letters.ts';
import { migrations, openIdentity, type IdentityUnderTest } from './open-identity.ts';

const person = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' };
const key = Buffer.alloc(32, 3).toString('base64url');
const log = createLogger('identity', 'silent');
const stack = new AsyncDisposableStack();
let identity: IdentityUnderTest;
let bus: Bus;

/** A relay like that of one instance. */
function openRelay(): OutboxRelay {
  const publisher = createPublisher(bus, { signer: createSigner({ kid: 'identity-1', key }) });
  const { database } = identity;
  const relay = createOutboxRelay({
    db: database.slonik,
    publisher,
    log,
    metrics: createMetrics('identity'),
  });
  stack.defer(async () => {
    await relay.stop();
    publisher.close();
  });
  return relay;
}

beforeAll(async () => {
  const server = stack.use(await freshNats());
  identity = stack.use(await openIdentity(await freshDatabase('identity_outbox', migrations)));
  bus = stack.use(await connect({ url: server.url, name: 'identity', log }));
  await provision(bus);
});
afterAll(() => stack.disposeAsync());

async function stored(stream: string) {
  const { state } = await bus.jsm.streams.info(stream);
  const messages = [];
  for (let seq = 1; seq <= state.last_seq; seq++) {
    const message = await bus.jsm.streams.getMessage(stream, { seq });
    if (message !== null) messages.push(message);
  }
  return messages;
}

describe('hunts events that are lost, doubled, unsigned, or that name somebody', () => {
  test('what happened is told once by two instances, with nothing personal in it', async () => {
    const registered = await identity.ask.register(person);
    if (!registered.ok) throw new Error(registered.code);
    const from = { address: '203.0.113.7', userAgent: 'Browser of Ada' };
    await identity.ask.login({ ...person, from });
    const userId = registered.user.id;
    const relays = [openRelay(), openRelay()];
    for (const relay of relays) relay.wake();
    await eventually(async () => expect(await stored('IDN')).toHaveLength(2));
    const messages = await stored('IDN');
    const bodies = messages.map((message) => message.string());
    const events = bodies.flatMap((body) => identityEventBatch.parse(JSON.parse(body)));
    expect(events).toMatchObject([
      { type: 'florin.user-registered.v1', subject: userId, data: { userId, kycLevel: 0 } },
      {
        type: 'florin.user-signed-in.v1',
        subject: userId,
        data: { userId, factors: ['password'], newDevice: true },
      },
    ]);
    const verify = createVerifier({ identity: { 'identity-1': key } });
    for (const { header, data } of messages) {
      const fields = {
        messageId: header.get(HEADERS.messageId),
        type: header.get(HEADERS.type),
        ...NO_LANE,
        body: data,
      };
      const signature = header.get(HEADERS.signature);
      const time = header.get(HEADERS.time);
      expect(verify(fields, { signature, time })).toMatchObject({ ok: true });
    }
    const letters = await eventually(async () => {
      const found = await stored('NOTIFY');
      expect(found).toHaveLength(1);
      return found.map((message) => message.string());
    });
    expect(letters.flatMap((body) => letterBatch.parse(JSON.parse(body)))).toMatchObject([
      { data: { userId, kind: 'verify-email' } },
    ]);
    expect([...bodies, ...letters].join()).not.toMatch(/ada|203\.0|Browser/i);
    const letterId = letterBatch.parse(JSON.parse(letters[0] ?? ''))[0]?.data.letterId ?? '';
    const written = await readLetter(identity.database.slonik, identity.vault, letterId);
    expect(written).toMatchObject({ to: person.email, kind: 'verify-email' });
    expect(written?.translations?.de.subject).toBe('Bestätige deine E-Mail-Adresse');
  });
});
