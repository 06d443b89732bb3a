import {
  adminActionEvent,
  STREAMS,
  type AdminAction,
  type RiskDecisionRecord,
} from '@florin/contracts';
import { connect, jsonOf, readPartition, streamState } from '@florin/messaging';
import type { ReplayReport } from '@florin/ml/replay';
import { createHotPool } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatTable } from '../cli/format-table.ts';
import { serviceDatabase } from '../cli/local-servers.ts';
import type { Acknowledged } from '../faults/payer.ts';
import { flawless, reckon } from '../faults/reckoning.ts';
import { DEMO_OPERATOR } from '../platform/demo-accounts.ts';
import { startScratchPlatform, type ScratchPlatform } from '../platform/scratch-platform.ts';
import { openCast, type Cast, type Seen } from './cast.ts';
import { startFlow, type Flow, type Flowing } from './flow.ts';
import { tellHistory } from './lived-history.ts';
import { createPerson, newPerson, type Person } from './person.ts';
import { regular, TYPOLOGIES, type Regular, type World } from './typologies.ts';

const CORE = ['bank-simulator', 'banking', 'fraud', 'gateway', 'identity', 'ledger'];
/** Long enough for a person of the tests to decide, short enough to see one run out. */
const REVIEW_EXPIRES_SECONDS = 10;
const NEW_YORK = 'US,40.71,-74.01';

let platform: ScratchPlatform;
let cast: Cast;
let history: Acknowledged[];
const world: World = { shops: [], lives: [] };
const plots: { name: string; prepare?(): Promise<unknown>; play(): Promise<Seen[]> }[] = [];
let ana: Regular;
let friend: string;
let people: Regular[];
let reviewed: Regular[];
let operator: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({
    services: CORE,
    // Histories are lived while scoring only looks on.
    fraudScoring: 'shadow',
    serviceEnv: { ledger: { REVIEW_EXPIRES: `${REVIEW_EXPIRES_SECONDS}s` } },
  });
  cast = await openCast(platform.dev());
  operator = await signIn(DEMO_OPERATOR.email);
  world.shops = await Promise.all([1, 2, 3, 4].map(() => cast.wallet()));
  friend = await cast.wallet(100_000);
  ana = await regular(cast, world, 250_000, [friend]);
  reviewed = await Promise.all([1, 2, 3, 4].map(() => regular(cast, world, 200_000)));
  people = await Promise.all(Array.from({ length: 10 }, () => regular(cast, world, 200_000)));
  for (const { name, cast: castPlot } of TYPOLOGIES) {
    plots.push({ name, ...(await castPlot(cast, world)) });
  }
  history = await tellHistory(platform, world.lives);
  await scorerKeepsUp();
  for (const plot of plots) await plot.prepare?.();
});
afterAll(() => platform.stop());

async function signIn(email: string): Promise<Person> {
  const { gatewayUrl } = platform.dev();
  const password = platform.secrets().demoPasswords[email];
  const answer = await createPerson(gatewayUrl).call<{ accessToken: string }>(
    'POST',
    '/v1/auth/login',
    { email, password },
  );
  expect(answer.status).toBe(200);
  return createPerson(gatewayUrl, answer.body.accessToken);
}

/** Until several payments in a row are scored: the scorer has nothing older before it. */
async function scorerKeepsUp(): Promise<void> {
  const prober = await cast.wallet(100_000);
  let scored = 0;
  await eventually(async () => {
    const { risk } = await cast.transfer(prober, world.shops[0] as string, 100);
    scored = risk?.degraded === false ? scored + 1 : 0;
    return scored === 3;
  });
}

const decisionsOf = (payments: readonly Seen[]): string =>
  ['approve', 'review', 'block']
    .map((one) => [one, payments.filter(({ risk }) => risk?.decision === one).length] as const)
    .filter(([, count]) => count > 0)
    .map(([one, count]) => `${count} ${one}`)
    .join(', ');

const reasonsOf = ({ risk }: Seen): string =>
  (risk?.reasons ?? [])
    .slice(0, 3)
    .map(({ text }) => text)
    .join('; ');

describe('with scoring enforced', () => {
  beforeAll(() => cast.setFlag('enforce'));

  test('hunts people who are stopped in their ordinary day', async () => {
    const { wallet, home } = ana;
    const [bakery, canteen, tram, grocer] = world.shops as [string, string, string, string];
    const day: [string, Seen][] = [
      ['bread', await cast.transfer(wallet, bakery, 450, home)],
      ['salary', await cast.deposit(wallet, 180_000, 'ok', home)],
      ['lunch', await cast.transfer(wallet, canteen, 1_280, home)],
      ['ticket', await cast.transfer(wallet, tram, 320, home)],
      ['groceries', await cast.transfer(wallet, grocer, 4_200, home)],
      ['a friend', await cast.transfer(wallet, friend, 2_500, home)],
      ['cash', await cast.withdraw(wallet, 5_000, home)],
    ];
    const rows = day.map(([what, { amount, status, risk }]) => [
      what,
      amount,
      status,
      risk?.decision,
      risk?.score?.toFixed(4),
    ]);
    console.log(formatTable(['a day', 'cents', 'status', 'decision', 'score'], rows));
    expect(day.map(([, { risk }]) => [risk?.decision, risk?.degraded])).toEqual(
      day.map(() => ['approve', false]),
    );
  });

  test('hunts ways of stealing that nobody notices', async () => {
    const rows: unknown[][] = [];
    for (const { name, play } of plots) {
      const payments = await play();
      const first = payments.findIndex(({ risk }) => risk?.decision !== 'approve');
      const caught = payments[first];
      rows.push([
        name,
        payments.length,
        decisionsOf(payments),
        caught === undefined ? 'no' : `at ${first + 1}`,
        caught?.risk?.score?.toFixed(3),
        caught === undefined ? '' : reasonsOf(caught),
      ]);
    }
    console.log(
      formatTable(['typology', 'payments', 'decisions', 'caught', 'score', 'reasons'], rows),
    );
    expect(rows.filter(([, , , caught]) => caught === 'no')).toEqual([]);
  });
});

/** A payment that a rule holds for a person, from somebody who is known. */
async function suspicious({ wallet, home }: Regular): Promise<Seen> {
  await cast.transfer(wallet, world.shops[0] as string, 450, home);
  const thief = { device: `thief-of-${wallet}`, geo: NEW_YORK };
  const held = await cast.transfer(wallet, world.shops[1] as string, 6_000, thief);
  expect([held.status, held.risk?.decision, held.review?.status]).toEqual([
    'held',
    'review',
    'open',
  ]);
  return held;
}

const balancesOf = async (wallet: string) => (await cast.machine.wallet(wallet)).balances;

let expiring: { held: Seen; by: Regular };

const verdict = ({ id }: Seen, say: 'approve' | 'decline', note?: string) =>
  operator.call<Seen & { code?: string }>(
    'POST',
    `/v1/admin/reviews/${id}/${say}`,
    note === undefined ? undefined : { note },
  );

describe('a payment that waits for a person', () => {
  beforeAll(async () => {
    await cast.setFlag('enforce');
    const by = reviewed[3] as Regular;
    expiring = { held: await suspicious(by), by };
  });

  test('is held, listed with its reasons, and paid once when it is approved', async () => {
    const payer = reviewed[0] as Regular;
    const held = await suspicious(payer);
    const before = await balancesOf(payer.wallet);
    expect(before.held).toBe('6000');
    const list = await cast.machine.call<{ items: Seen[] }>('GET', '/v1/admin/reviews?limit=100');
    const listed = list.body.items.find(({ id }) => id === held.id);
    expect(listed?.risk?.reasons.map(({ code }) => code)).toContain('impossible-travel');
    const approved = await verdict(held, 'approve', 'called her');
    expect([approved.status, approved.body.status]).toEqual([200, 'completed']);
    const again = await verdict(held, 'approve');
    expect([again.status, again.body.status]).toEqual([200, 'completed']);
    const other = await verdict(held, 'decline');
    expect([other.status, other.body.code]).toEqual([422, 'hold-already-settled']);
    const after = await balancesOf(payer.wallet);
    expect(after).toMatchObject({ held: '0', available: before.available });
    expect(await actionsOn(held.id)).toMatchObject([
      { action: 'review-approved', note: 'called her' },
    ]);
  });

  test('is released when it is declined, and stays refused', async () => {
    const payer = reviewed[1] as Regular;
    const before = await balancesOf(payer.wallet);
    const held = await suspicious(payer);
    const declined = await verdict(held, 'decline');
    expect(declined.body).toMatchObject({
      status: 'failed',
      failure: { code: 'risk-blocked' },
      review: { status: 'declined' },
    });
    const after = await balancesOf(payer.wallet);
    expect(after.held).toBe('0');
    expect(Number(before.available) - Number(after.available)).toBe(450);
  });

  test('gets one verdict, however many are given at once', async () => {
    const held = await suspicious(reviewed[2] as Regular);
    const says = Array.from({ length: 12 }, (_, n) => (n % 2 === 0 ? 'approve' : 'decline'));
    const answers = await Promise.all(
      says.map(async (say) => ({ say, ...(await verdict(held, say as 'approve')) })),
    );
    const won = answers.find(({ status }) => status === 200);
    expect(won).toBeDefined();
    for (const { say, status, body } of answers) {
      expect([say, status, body.code ?? body.status]).toEqual(
        say === won?.say ? [say, 200, won.body.status] : [say, 422, 'hold-already-settled'],
      );
    }
    expect(await actionsOn(held.id)).toHaveLength(1);
  });

  test('tells its payer neither scores nor reasons', async () => {
    const { gatewayUrl } = platform.dev();
    const person = await newPerson(gatewayUrl);
    const opened = await person.call<{ id: string }>('POST', '/v1/wallets', { currency: 'USD' });
    const wallet = opened.body.id;
    await person.pay('/v1/deposits', { walletId: wallet, amount: '2000000', bankAccount: 'ok' });
    const answer = await person.pay('/v1/transfers', {
      fromWalletId: wallet,
      toWalletId: world.shops[2],
      amount: '900000',
    });
    const transaction = answer.body.transaction ?? answer.body;
    const { risk } = transaction as { risk?: object };
    expect(Object.keys(risk ?? {}).toSorted()).toEqual(['decision', 'degraded', 'mode']);
    const seen = await cast.machine.call<Seen>('GET', `/v1/transactions/${transaction.id}`);
    expect(seen.body.risk?.reasons.length).toBeGreaterThan(0);
  });
});

/** What the audit log knows about something, oldest first. */
async function actionsOn(target: string): Promise<AdminAction[]> {
  const log = createLogger('test', 'fatal');
  await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
  const { lastSequence } = await streamState(bus, STREAMS.audit);
  const actions: AdminAction[] = [];
  let read = 0;
  const reader = readPartition(bus, {
    stream: STREAMS.audit,
    filterSubject: 'audit.>',
    startAfter: 0,
    onMessage(message) {
      for (const { data } of adminActionEvent.array().parse(jsonOf(message))) {
        if (data.target === target) actions.push(data);
      }
      read = message.sequence;
    },
    onDisorder: () => undefined,
  });
  await eventually(() => read >= lastSequence);
  await reader.stop();
  return actions;
}

/** Ends when so many more payments of the flow have been answered. */
async function more(flow: Flow, count: number): Promise<Flowing[]> {
  const from = flow.payments.length;
  await eventually(() => flow.payments.length >= from + count);
  return flow.payments.slice(from);
}

const modeOf = ({ seen }: Flowing): string => seen.risk?.mode ?? 'off';

describe('under load', () => {
  test('hunts payments that fail while the flag is switched', async () => {
    await cast.setFlag('shadow');
    await using flow = startFlow(cast, people, 6);
    await more(flow, 20);
    const rows: unknown[][] = [];
    for (const variant of ['off', 'shadow', 'enforce', 'off', 'enforce', 'shadow'] as const) {
      const before = flow.payments.length;
      const switchedMs = performance.now();
      await cast.setFlag(variant);
      const answeredMs = performance.now() - switchedMs;
      await more(flow, 40);
      const since = flow.payments.slice(before);
      // The delay is the age of the last payment that was still asked for under the old variant.
      const old = since.filter((one) => modeOf(one) !== variant && one.startedMs > switchedMs);
      const delays = old.map(({ startedMs }) => startedMs - switchedMs);
      const delayMs = Math.max(0, ...delays);
      const settled = since.filter(({ startedMs }) => startedMs > switchedMs + delayMs);
      const seen = settled.map((one) => one.seen);
      expect(delayMs).toBeLessThan(10_000);
      if (variant === 'off') expect(seen.every(({ risk }) => risk === undefined)).toBe(true);
      if (variant === 'shadow') {
        expect(seen.every(({ risk }) => risk?.mode === 'shadow')).toBe(true);
      }
      if (variant !== 'enforce') {
        expect(seen.every(({ status }) => status === 'completed')).toBe(true);
      }
      // The same theft goes through, or does not, as the flag says.
      const theft = await suspiciousTheft();
      expect([variant, theft.status, theft.failure?.code, theft.risk?.mode]).toEqual(
        {
          off: ['off', 'completed', undefined, undefined],
          shadow: ['shadow', 'completed', undefined, 'shadow'],
          enforce: ['enforce', 'failed', 'risk-blocked', 'enforce'],
        }[variant],
      );
      rows.push([
        variant,
        answeredMs.toFixed(0),
        delayMs.toFixed(0),
        settled.length,
        decisionsOf(seen) || 'no score',
        seen.filter(({ status }) => status === 'completed').length,
        theft.status,
      ]);
    }
    await flow.stop();
    console.log(
      formatTable(
        [
          'switched to',
          'answered ms',
          'effective ms',
          'payments',
          'decisions',
          'completed',
          'a theft',
        ],
        rows,
      ),
    );
    expect(flow.failures).toEqual([]);
    const refused = flow.payments.filter(
      ({ seen }) => seen.failure !== undefined && seen.failure.code !== 'risk-blocked',
    );
    expect(refused).toEqual([]);
  });

  /** A new wallet sends on twelve thousand dollars that have just come in. */
  async function suspiciousTheft(): Promise<Seen> {
    const wallet = await cast.wallet(2_000_000);
    const thief = { device: `thief-of-${wallet}`, geo: NEW_YORK };
    return cast.transfer(wallet, friend, 1_200_000, thief);
  }

  test('hunts payments that wait, or move twice, when the scorer is killed', async () => {
    await cast.setFlag('enforce');
    await using flow = startFlow(cast, people, 6);
    await more(flow, 30);
    const killedMs = performance.now();
    process.kill(platform.pidOf('fraud') as number, 'SIGKILL');
    await eventually(() => flow.payments.some(({ seen }) => seen.risk?.degraded === true));
    await eventually(() =>
      flow.payments.slice(-30).every(({ seen }) => seen.risk?.degraded === false),
    );
    await flow.stop();
    const degraded = flow.payments.filter(({ seen }) => seen.risk?.degraded === true);
    const waits = flow.payments.map(({ startedMs, endedMs }) => endedMs - startedMs);
    const backMs = Math.max(...degraded.map(({ endedMs }) => endedMs)) - killedMs;
    console.log(
      formatTable(
        ['scorer killed', ''],
        [
          ['payments', flow.payments.length],
          ['by the amount policy', degraded.length],
          ['of those', decisionsOf(degraded.map(({ seen }) => seen))],
          ['without an answer', flow.failures.length],
          ['scored again after ms', backMs.toFixed(0)],
          ['longest wait of a payment ms', Math.max(...waits).toFixed(0)],
        ],
      ),
    );
    expect(flow.failures).toEqual([]);
    await allRecorded(flow.payments);
  });

  /** Whoever decided, and whoever died meanwhile: what was told can be read with its features. */
  async function allRecorded(payments: readonly Flowing[]): Promise<void> {
    let reconstructed = 0;
    for (const { seen } of payments) {
      await eventually(async () => {
        const path = `/v1/admin/decisions/${seen.id}`;
        const { status, body } = await cast.machine.call<RiskDecisionRecord>('GET', path);
        expect(status).toBe(200);
        expect(toldIn(body.risk)).toEqual(toldIn(seen.risk));
        expect(Object.keys(body.features).length).toBeGreaterThan(40);
        if (body.reconstructed === true) reconstructed++;
      });
    }
    console.log(`${payments.length} decisions can be read, ${reconstructed} written afterwards`);
  }

  const toldIn = (risk: Seen['risk']) => [risk?.decision, risk?.score, risk?.degraded, risk?.mode];
});

test('hunts records that tell another story: the same model again changes nothing', async () => {
  const { replayHistory } = await import('../cli/replay-history.ts');
  const { CURRENT_ARTEFACT } = await import('@florin/ml/artefact');
  const since = undefined;
  const options = { model: CURRENT_ARTEFACT, since, databaseUrl: undefined };
  const { data, text } = await replayHistory({ dev: platform.dev() }, options);
  console.log(text);
  const { decisions, leftOut, moves } = data as ReplayReport & { leftOut: number };
  expect([decisions > 100, leftOut]).toEqual([true, 0]);
  const changed = Object.values(moves).flatMap((of) =>
    Object.entries(of).flatMap(([from, row]) =>
      Object.entries(row).filter(([to, { count }]) => to !== from && count > 0),
    ),
  );
  expect(changed).toEqual([]);
});

test('hunts money that is held for ever: a review that nobody decides is declined', async () => {
  const { held, by } = expiring;
  await eventually(
    async () => {
      const { body } = await cast.machine.call<Seen>('GET', `/v1/transactions/${held.id}`);
      expect([body.status, body.review?.status]).toEqual(['failed', 'expired']);
    },
    { timeoutMs: (REVIEW_EXPIRES_SECONDS + 20) * 1000, everyMs: 200 },
  );
  expect((await balancesOf(by.wallet)).held).toBe('0');
  const late = await verdict(held, 'approve');
  expect([late.status, late.body.code]).toEqual([422, 'hold-expired']);
});

/** Nobody waits for what is still under review. Some may expire in this very moment. */
async function declineAll(): Promise<void> {
  const { body } = await operator.call<{ items: Seen[] }>('GET', '/v1/admin/reviews?limit=100');
  const answers = await Promise.all(body.items.map((held) => verdict(held, 'decline')));
  for (const { status } of answers) expect([200, 422]).toContain(status);
}

test('hunts money that was told otherwise than it stands in the books', async () => {
  await declineAll();
  const { natsUrl, postgresUrl } = platform.dev();
  const url = serviceDatabase(postgresUrl, 'ledger');
  const pool = createHotPool({ url, applicationName: 'reckoning', max: 2 });
  const log = createLogger('reckoning', 'fatal');
  await using bus = await connect({ url: natsUrl, name: 'reckoning', log });
  try {
    const wallets = people.map(({ wallet }) => wallet);
    const reckoning = await reckon(pool, bus, wallets, [...history, ...cast.told]);
    console.log('reckoning', reckoning);
    expect(reckoning).toMatchObject(flawless);
  } finally {
    await pool.end();
  }
});
