import {
  LEDGER_REQUESTS,
  STREAMS,
  type ScheduledOccurrence,
  type ScheduledTransfer,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { connect, request, streamState } from '@florin/messaging';
import { createLogger } from '@florin/runtime';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { machineToken } from '../faults/machine-token.ts';
import type { Platform } from '../platform/platform.ts';
import { startScratchPlatform } from '../platform/scratch-platform.ts';
import { createPerson, fundedWallet, newPerson, type Person } from './person.ts';

/** Hunts planned transfers that are lost, come twice, or are anybody’s to make or to see. */

const PATH = '/v1/scheduled-transfers';
let platform: Platform;
let url: string;
let ana: Person;
let ben: Person;
let machine: Person;

beforeAll(async () => {
  platform = await startScratchPlatform({
    // Bursts of one wallet would be held by a scorer, and rightly so: it only looks on.
    fraudScoring: 'shadow',
    services: ['bank-simulator', 'banking', 'fraud', 'gateway', 'identity', 'ledger', 'payments'],
    serviceEnv: { payments: { POLL_INTERVAL: '100', CLAIM_TIME: '1s' } },
  });
  const { oauthClient } = platform.dev();
  url = platform.dev().gatewayUrl;
  [ana, ben] = [await newPerson(url), await newPerson(url)];
  machine = createPerson(url, await machineToken(url, oauthClient)());
});
afterAll(async () => {
  const log = createLogger('test', 'fatal');
  {
    await using bus = await connect({ url: platform.dev().natsUrl, name: 'test', log });
    const { breaks } = await request(bus, LEDGER_REQUESTS.verifyBooks, {}, { timeoutMs: 60_000 });
    expect(breaks).toEqual([]);
    // Nobody on the way has taken an order of payments for a forged one.
    expect((await streamState(bus, STREAMS.deadLetters)).lastSequence).toBe(0);
    console.log('  books: every invariant holds, each currency sums to zero');
  }
  await platform.stop();
});

const localTime = (inMs: number): string => new Date(Date.now() + inMs).toISOString().slice(0, 19);
const once = (inMs: number) => ({
  frequency: 'once',
  startAt: localTime(inMs),
  timeZone: 'UTC',
});

async function plan(who: Person, body: object, key?: string) {
  const answer = await who.pay(PATH, body, key);
  const told = answer.body as unknown as ScheduledTransfer & { code?: string };
  console.log(`  POST ${PATH} -> ${answer.status} ${told.code ?? `${told.status} ${told.nextAt}`}`);
  return { ...told, http: answer.status, replayed: answer.headers.get('idempotency-replayed') };
}

async function occurrencesOf(who: Person, id: string): Promise<ScheduledOccurrence[]> {
  const { body } = await who.call<{ items: ScheduledOccurrence[] }>(
    'GET',
    `${PATH}/${id}/occurrences`,
  );
  return body.items;
}

const untilSettled = (who: Person, id: string): Promise<ScheduledOccurrence> =>
  eventually(async () => {
    const [one] = await occurrencesOf(who, id);
    return one !== undefined && ['completed', 'refused'].includes(one.status) ? one : false;
  });

async function settled(who: Person, id: string): Promise<ScheduledOccurrence> {
  const first = await untilSettled(who, id);
  const why = first.failures.map(({ code }) => code).join();
  console.log(`  occurrence ${first.number} of ${first.plannedFor}: ${first.status} ${why}`);
  return first;
}

const balanceOf = async (who: Person, wallet: string) =>
  Number((await who.wallet(wallet)).balances.posted);

describe('planned transfers by REST', () => {
  test('one at its time, an ordinary transfer that names its plan', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const body = {
      fromWalletId: from,
      toWalletId: to,
      amount: '300',
      description: 'rent',
      metadata: { flat: '7' },
      schedule: once(1_500),
    };
    const made = await plan(ana, body, 'rent-key');
    expect(made).toMatchObject({ http: 201, status: 'active', nextOccurrence: 1 });
    expect(await plan(ana, body, 'rent-key')).toMatchObject({ id: made.id, replayed: 'true' });
    expect(await plan(ana, { ...body, amount: '301' }, 'rent-key')).toMatchObject({
      http: 422,
      code: 'idempotency-key-reused',
    });
    const { transactionId } = await settled(ana, made.id);
    const { body: paid } = await ana.call('GET', `/v1/transactions/${transactionId}`);
    expect(paid).toMatchObject({
      type: 'transfer',
      status: 'completed',
      amount: '300',
      description: 'rent',
      metadata: { flat: '7', scheduledTransferId: made.id, occurrence: '1' },
    });
    expect([await balanceOf(ana, from), await balanceOf(ben, to)]).toEqual([700, 300]);
    const { body: after } = await ana.call('GET', `${PATH}/${made.id}`);
    expect(after).toMatchObject({ status: 'finished' });
  });

  test('is the owner’s: others neither make, see nor change it; machines may', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const body = { fromWalletId: from, toWalletId: to, amount: '1', schedule: once(3_600_000) };
    expect(await plan(ben, body)).toMatchObject({ http: 404, code: 'not-found' });
    const made = await plan(machine, body);
    expect(made.http).toBe(201);
    for (const call of ['pause', 'resume', 'cancel']) {
      const { status } = await ben.call('POST', `${PATH}/${made.id}/${call}`);
      expect(status).toBe(404);
    }
    expect((await ben.call('GET', `${PATH}/${made.id}`)).status).toBe(404);
    expect((await ben.call('PATCH', `${PATH}/${made.id}`, { amount: '2' })).status).toBe(404);
    expect((await ana.call('PATCH', `${PATH}/${made.id}`, { amount: '2' })).status).toBe(200);
    const { body: list } = await ana.call<{ items: { id: string }[] }>('GET', PATH);
    expect(list.items.map(({ id }) => id)).toContain(made.id);
    expect((await ana.call('POST', `${PATH}/${made.id}/cancel`)).status).toBe(200);
    const again = await ana.call('POST', `${PATH}/${made.id}/resume`);
    expect([again.status, again.body['code']]).toEqual([422, 'hold-already-settled']);
  });

  test('what never could be is refused when it is planned', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    const body = { fromWalletId: from, toWalletId: to, amount: '1' };
    const refusals = [
      [{ ...body, schedule: once(-7_200_000) }, 400, 'validation-failed'],
      [{ ...body, schedule: { ...once(0), timeZone: 'Nowhere' } }, 400, 'validation-failed'],
      [{ ...body, schedule: { ...once(0), startAt: '2027-02-30T09:00' } }, 400, undefined],
      [{ ...body, toWalletId: from, schedule: once(9_000) }, 422, 'same-wallet'],
      [{ ...body, toWalletId: crypto.randomUUID(), schedule: once(9_000) }, 404, 'not-found'],
    ] as const;
    for (const [asked, status, code] of refusals) {
      const told = await plan(ana, asked);
      expect(told.http).toBe(status);
      if (code !== undefined) expect(told.code).toBe(code);
    }
  });

  test('a frozen wallet refuses, with its reason, and the next try finds it open', async () => {
    const [from, to] = [await fundedWallet(ana, '1000'), await fundedWallet(ben, '0')];
    await ana.call('POST', `/v1/wallets/${from}/freeze`);
    const body = { fromWalletId: from, toWalletId: to, amount: '100' };
    const skipped = await plan(ana, { ...body, schedule: once(500) });
    const retried = await plan(ana, {
      ...body,
      schedule: once(500),
      onRefusal: { retries: 5, everySeconds: 2 },
    });
    expect((await settled(ana, skipped.id)).failures).toMatchObject([{ code: 'wallet-frozen' }]);
    const triesOf = async (id: string) => (await occurrencesOf(ana, id))[0]?.failures.length ?? 0;
    // They fall due at the same moment, but nobody says which of the two is tried first.
    await eventually(async () => (await triesOf(retried.id)) > 0);
    await ana.call('POST', `/v1/wallets/${from}/unfreeze`);
    const paid = await settled(ana, retried.id);
    expect(paid.status).toBe('completed');
    expect(paid.failures.length).toBeGreaterThan(0);
    expect([await balanceOf(ana, from), await balanceOf(ben, to)]).toEqual([900, 100]);
  });
});

describe('kill -9 of payments and of the ledger, over and over', () => {
  const PLANS = 100;

  test(`${PLANS} plans that fall due meanwhile are each paid once`, async () => {
    const [from, to] = [await fundedWallet(ana, '1000000'), await fundedWallet(ben, '0')];
    const made = await Promise.all(
      Array.from({ length: PLANS }, async (_, n) => {
        const schedule = once(2_000 + n * 200);
        const body = { fromWalletId: from, toWalletId: to, amount: '7', schedule };
        const key = uuidv7();
        // A busy machine says 503, and whoever repeats with the same key makes one plan.
        return eventually(async () => {
          const answer = await machine.pay(PATH, body, key);
          return answer.status === 201 ? answer : false;
        });
      }),
    );
    let kills = 0;
    const paidNow = async () => (await balanceOf(ben, to)) / 7;
    while ((await paidNow()) < PLANS && kills < 40) {
      const victim = kills % 4 === 3 ? 'ledger' : 'payments';
      const pid = platform.pidOf(victim);
      const before = await paidNow();
      if (pid !== undefined) {
        process.kill(pid, 'SIGKILL');
        kills++;
      }
      await eventually(() => platform.pidOf(victim) !== pid && platform.pidOf(victim));
      // Not before something more was paid: each process gets as far as that.
      await eventually(async () => (await paidNow()) > before || (await paidNow()) >= PLANS);
    }
    const all = await Promise.all(
      made.map(async ({ body }) => {
        await untilSettled(ana, body.id);
        return occurrencesOf(ana, body.id);
      }),
    );
    expect(all.every((some) => some.length === 1 && some[0]?.status === 'completed')).toBe(true);
    expect(await balanceOf(ben, to)).toBe(7 * PLANS);
    console.log(`  ${PLANS} plans, ${kills} kills: ${7 * PLANS} arrived, none twice`);
  });
});
