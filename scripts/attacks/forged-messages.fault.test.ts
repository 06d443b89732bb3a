import {
  createEnvelope,
  LANE_TYPES,
  laneSubject,
  partitionOf,
  PARTITIONS_DEFAULT,
  STREAMS,
} from '@florin/contracts';
import { present, uuidv7 } from '@florin/kernel';
import {
  connect,
  createPublisher,
  createSigner,
  HEADERS,
  PROVISION_USER,
  type Bus,
  type OutgoingMessage,
} from '@florin/messaging';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fundedWallet, newPerson, type Person } from '../journeys/person.ts';
import { databaseOf } from '../platform/service-plan.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';

const CORE = ['bank-simulator', 'banking', 'gateway', 'identity', 'ledger', 'fraud'];

let platform: ScratchPlatform;
let pool: ReturnType<typeof createHotPool>;
let victim: Person;
let wallet: string;
let thief: string;
const buses: Record<string, Bus> = {};

beforeAll(async () => {
  platform = await startScratchPlatform({ services: CORE, fraudScoring: 'off' });
  const { gatewayUrl, postgresUrl } = platform.dev();
  const url = new URL(postgresUrl);
  url.pathname = `/${databaseOf('ledger')}`;
  pool = createHotPool({ url: url.href, applicationName: 'test', max: 1 });
  victim = await newPerson(gatewayUrl);
  wallet = await fundedWallet(victim);
  thief = await fundedWallet(await newPerson(gatewayUrl), '0');
});
afterAll(async () => {
  for (const bus of Object.values(buses)) await bus.close();
  await pool.end();
  await platform.stop();
});

/** A connection with the stolen key of a user. */
async function as(user: string): Promise<Bus> {
  const nkeySeed = present(platform.secrets().natsSeeds[user], 'seed');
  const log = createLogger('thief', 'silent');
  return (buses[user] ??= await connect({
    url: platform.dev().natsUrl,
    name: user,
    nkeySeed,
    log,
  }));
}

const partition = (): number => partitionOf(wallet, PARTITIONS_DEFAULT);
const lane = (): string => laneSubject('ready', partition(), wallet);

/** An order that empties the victim's wallet. */
function theft(more: object = {}): string {
  const transactionId = uuidv7();
  const order = {
    transactionId,
    clientId: 'thief',
    bodyHash: 'A'.repeat(22),
    walletId: wallet,
    amount: '5000',
    currency: 'USD',
    type: 'transfer' as const,
    counterpartyWalletId: thief,
  };
  const envelope = createEnvelope(LANE_TYPES.transactionInitiated, {
    id: transactionId,
    source: '/gateway',
    wallet,
    time: new Date().toISOString(),
    data: { ...order, ...more },
  });
  return JSON.stringify([envelope]);
}

const message = (
  body: string,
  type: string = LANE_TYPES.transactionInitiated,
): OutgoingMessage => ({
  subject: lane(),
  body,
  id: uuidv7(),
  type,
  wallet,
  partition: partition(),
});

/** Says it with the key of a service, in the place of another one or of itself. */
async function publishSigned(user: string, keyOf: string, outgoing: OutgoingMessage) {
  const [kid, key] = present(Object.entries(platform.secrets().signingKeys[keyOf] ?? {})[0], 'key');
  using publisher = createPublisher(await as(user), { signer: createSigner({ kid, key }) });
  return await publisher.publish(outgoing);
}

type Stored = NonNullable<Awaited<ReturnType<Bus['jsm']['streams']['getMessage']>>>;
type Headers = Stored['header'];

async function publishPlain(user: string, subject: string, body: string, headers?: Headers) {
  const bus = await as(user);
  await bus.js.publish(subject, body, headers && { headers });
}

const letters = async (): Promise<string[]> =>
  (
    await pool.query<{ reason: string }>('SELECT reason FROM dead_letters ORDER BY created_at')
  ).rows.map(({ reason }) => reason);

const posted = async (): Promise<string[]> => {
  const { rows } = await pool.query<{ posted: bigint }>(
    'SELECT posted FROM wallets WHERE id = ANY($1) ORDER BY id = $2',
    [[wallet, thief], thief],
  );
  return rows.map((row) => String(row.posted));
};

/** The attack ends as a dead letter with this reason, and nothing has moved. */
async function expectBuried(attack: () => Promise<unknown>, reason: string): Promise<void> {
  const [before, count] = [await posted(), (await letters()).length];
  await attack();
  const found = await eventually(async () => {
    const all = await letters();
    return all.length > count ? all : false;
  });
  console.log(`${expect.getState().currentTestName ?? ''} -> dead letter: ${found.at(-1) ?? ''}`);
  expect(found.slice(count)).toEqual([reason]);
  expect(await posted()).toEqual(before);
}

/** A message that the gateway really sent: the order of a payment that was just made. */
async function genuine(): Promise<{ subject: string; body: string; headers: Headers }> {
  const paid = await victim.pay('/v1/transfers', {
    fromWalletId: wallet,
    toWalletId: thief,
    amount: '100',
  });
  expect(paid.status).toBe(201);
  const { jsm } = await as('ledger');
  const stored = await jsm.streams.getMessage(STREAMS.transactions, { last_by_subj: lane() });
  const { subject, header: headers, data } = present(stored ?? undefined, 'message');
  const body = Buffer.from(data).toString();
  expect(body).toContain(paid.body.id);
  return { subject, body, headers };
}

test.each([
  [
    'a stolen key of banking orders a payment',
    'banking',
    `banking may not say ${LANE_TYPES.transactionInitiated}`,
  ],
  // The ledger has no business with identity, and was never handed its key.
  ['a stolen key of identity signs for the gateway', 'identity', 'signature: unknown-key'],
])('%s', async (_, keyOf, reason) => {
  // Its own user may not even write into the lane, so the gateway's carries the message.
  await expectBuried(() => publishSigned('gateway', keyOf, message(theft())), reason);
});

test('the gateway’s key settles a withdrawal in the place of banking', async () => {
  const type = LANE_TYPES.settleTransaction;
  const data = { transactionId: uuidv7(), walletId: wallet, outcome: 'completed' as const };
  const time = new Date().toISOString();
  const envelope = createEnvelope(type, { id: uuidv7(), source: '/banking', wallet, time, data });
  const forged = message(JSON.stringify([envelope]), type);
  await expectBuried(
    () => publishSigned('gateway', 'gateway', forged),
    `gateway may not say ${type}`,
  );
});

test('the gateway’s key says that a payment carries no risk', async () => {
  const risk = {
    score: 0,
    decision: 'approve',
    reasons: [],
    modelVersion: 'x',
    mode: 'enforce',
    degraded: false,
  };
  await expectBuried(
    () => publishSigned('gateway', 'gateway', message(theft({ risk }))),
    'the gateway may not say what a risk is',
  );
});

test('an order without a signature', () =>
  expectBuried(() => publishPlain('gateway', lane(), theft()), 'signature: missing'));

test('a signature by a key that nobody has', async () => {
  const signer = createSigner({ kid: 'gateway-9', key: 'A'.repeat(43) });
  using publisher = createPublisher(await as('gateway'), { signer });
  await expectBuried(() => publisher.publish(message(theft())), 'signature: unknown-key');
});

test('a genuine message with another amount', async () => {
  const { subject, body, headers } = await genuine();
  const changed = body.replace('"amount":"100"', '"amount":"900"');
  expect(changed).not.toBe(body);
  headers.set(HEADERS.messageId, uuidv7());
  await expectBuried(
    () => publishPlain('gateway', subject, changed, headers),
    'signature: mismatch',
  );
});

test('a genuine message in the lane of another wallet', async () => {
  const { body, headers } = await genuine();
  const elsewhere = laneSubject('ready', partitionOf(thief, PARTITIONS_DEFAULT), thief);
  headers.set(HEADERS.messageId, uuidv7());
  await expectBuried(
    () => publishPlain('gateway', elsewhere, body, headers),
    'signature: mismatch',
  );
});

test('a genuine message once more: the stream refuses it first, the ledger always', async () => {
  const { subject, body, headers } = await genuine();
  const [before, count] = [await posted(), (await letters()).length];
  const gateway = await as('gateway');
  const again = await gateway.js.publish(subject, body, { headers });
  expect(again.duplicate).toBe(true);
  // As when the window is over: only the provisioner may make it shorter.
  const { jsm } = await as(PROVISION_USER);
  const { config } = await jsm.streams.info(STREAMS.transactions);
  await jsm.streams.update(STREAMS.transactions, { ...config, duplicate_window: 100_000_000 });
  const replayed = await eventually(async () => {
    const stored = await gateway.js.publish(subject, body, { headers });
    return stored.duplicate ? false : stored.seq;
  });
  const reached = async () => {
    const { rows } = await pool.query<{ position: bigint }>(
      'SELECT position FROM partitions WHERE partition = $1',
      [partition()],
    );
    return Number(rows[0]?.position) >= replayed;
  };
  await eventually(reached);
  console.log('replayed after the window -> the ledger knows the transaction: no effect');
  expect(await posted()).toEqual(before);
  expect((await letters()).length).toBe(count);
});

test.each([
  ['a stolen user of identity', 'identity'],
  ['a stolen user of fraud', 'fraud'],
  ['a stolen user of banking', 'banking'],
])('%s tells a gateway that a payment was made: the server refuses it', async (_, user) => {
  const { nc } = await as(user);
  nc.publish('outcome.gateway-1', '[]');
  await nc.flush();
  await eventually(() => /Publish Violation.*outcome\.gateway-1/.test(platform.natsLog()));
});

test('whoever has no credentials writes nowhere', async () => {
  const log = createLogger('stranger', 'silent');
  await using stranger = await connect({ url: platform.dev().natsUrl, name: 'stranger', log });
  await expect(stranger.js.publish(lane(), theft(), { timeout: 2000 })).rejects.toThrow(
    /ermission/,
  );
});
