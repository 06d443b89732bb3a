import { rewardsWalletId } from '@florin/contracts';
import { present } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage } from './money-stage.ts';
import { fundedWallet, type Person } from './person.ts';

/**
 * Hunts rewards that are paid twice, for nothing or not at all, and kept when their payment goes
 * back: by REST, on a running system, also when the rewards service is killed in between.
 */

let stage: MoneyStage;
let ana: Person;
let ben: Person;

interface Reward {
  id: string;
  status: string;
  amount: string;
  reason?: string;
  takenBackAmount?: string;
  rewardedTransactionId: string;
}
interface Rule {
  id: string;
  budget: string;
  committed: string;
}
interface Page<T> {
  items: T[];
}

const PURSE = rewardsWalletId('USD');

beforeAll(async () => {
  stage = await openMoneyStage([
    'bank-simulator',
    'banking',
    'gateway',
    'identity',
    'ledger',
    'rewards',
  ]);
  [ana, ben] = [await stage.person(), await stage.person()];
});
afterAll(() => stage.stop());

async function rule(name: string, terms: object, more: object = {}): Promise<Rule> {
  const validUntil = new Date(Date.now() + 86_400_000).toISOString();
  const body = { name, currency: 'USD', terms, validUntil, budget: 100_000, ...more };
  const made = await stage.ask(stage.admin, 'POST', '/v1/admin/reward-rules', body);
  expect(made.http).toBe(201);
  return made as unknown as Rule;
}

const pause = (id: string) =>
  stage.admin.call('PATCH', `/v1/admin/reward-rules/${id}`, { status: 'paused' });

const readRule = async (id: string): Promise<Rule> =>
  (await stage.admin.call<Rule>('GET', `/v1/admin/reward-rules/${id}`)).body;

async function ofRule(id: string): Promise<Reward[]> {
  const path = `/v1/admin/rewards?limit=100&ruleId=${id}`;
  return (await stage.admin.call<Page<Reward>>('GET', path)).body.items;
}

const rewardsOf = async (who: Person): Promise<Reward[]> =>
  (await who.call<Page<Reward>>('GET', '/v1/rewards?limit=100')).body.items;

/** A person's rewards once so many of them have ended. */
const ended = (who: Person, count: number) =>
  eventually(async () => {
    const found = await rewardsOf(who);
    return found.length === count && found.every(({ status }) => status !== 'pending') && found;
  });

const transfer = (who: Person, fromWalletId: string, toWalletId: string, amount: string) =>
  stage.ask(who, 'POST', '/v1/transfers', { fromWalletId, toWalletId, amount });

async function purse(): Promise<string> {
  const { posted } = await stage.show('rewards', stage.admin, PURSE);
  return posted;
}

describe('rewards by REST', () => {
  test('nothing is paid before there is money for it, and everybody can see why', async () => {
    const [from, to] = [await fundedWallet(ana, '10000'), await fundedWallet(ben, '0')];
    const { id } = await rule('Two percent back', { kind: 'cashback', basisPoints: 200 });
    await transfer(ana, from, to, '1000');
    const [refused] = await eventually(async () => {
      const found = await ofRule(id);
      return found[0]?.status === 'declined' && found;
    });
    console.log(`  reward: ${refused?.status} ${refused?.reason}`);
    expect(refused?.reason).toBe('unfunded');
    expect((await readRule(id)).committed).toBe('0');
    await pause(id);
  });

  test('staff make rules and bring money in; others do not', async () => {
    const funds = { currency: 'USD', amount: '50000', bankAccount: 'ok' };
    const auditor = await stage.staff('auditor');
    for (const who of [ana, auditor]) {
      expect((await stage.ask(who, 'POST', '/v1/admin/reward-funds', funds)).http).toBe(403);
      expect((await stage.ask(who, 'POST', '/v1/admin/reward-rules', {})).http).toBe(403);
    }
    expect((await auditor.call('GET', '/v1/admin/reward-rules')).status).toBe(200);
    const paidIn = await stage.ask(stage.admin, 'POST', '/v1/admin/reward-funds', funds);
    expect([201, 202]).toContain(paidIn.http);
    await eventually(async () => {
      const path = '/v1/admin/reward-funds';
      const { body } = await stage.admin.call<Page<{ balances: { posted: string } }>>('GET', path);
      return body.items[0]?.balances.posted === '50000';
    });
    const wrong = { name: 'x', currency: 'USD', validUntil: '2020-01-01T00:00:00Z', budget: 1 };
    const terms = { kind: 'first-deposit', reward: 5 };
    for (const body of [{}, { ...wrong, terms }, { ...wrong, terms: { kind: 'lottery' } }]) {
      const answer = await stage.ask(stage.admin, 'POST', '/v1/admin/reward-rules', body);
      expect(answer).toMatchObject({ http: 400, code: 'validation-failed' });
    }
    // Not even a machine client that may pay from every wallet pays from this one.
    const to = await fundedWallet(ben, '0');
    const stolen = await transfer(stage.machine, PURSE, to, '100');
    expect(stolen).toMatchObject({ http: 404, code: 'not-found' });
    expect(await purse()).toBe('50000');
  });

  test('cashback is paid once, and goes back in proportion when the payment does', async () => {
    const [from, to] = [await fundedWallet(ana, '10000'), await fundedWallet(ben, '0')];
    const made = await rule('Five percent back', {
      kind: 'cashback',
      basisPoints: 500,
      rewardMax: '300',
    });
    const before = (await rewardsOf(ana)).length;
    const payment = await transfer(ana, from, to, '4000');
    const [reward] = await ended(ana, before + 1);
    expect(reward).toMatchObject({ status: 'paid', amount: '200' });
    expect(reward?.rewardedTransactionId).toBe(payment.id);
    const told = await stage.ask(ana, 'GET', `/v1/transactions/${reward?.id}`);
    expect(told).toMatchObject({ type: 'reward', status: 'completed', amount: '200' });
    const reverse = `/v1/transactions/${payment.id}/reverse`;
    await stage.ask(ben, 'POST', reverse, { amount: '1000' });
    await eventually(async () => (await rewardsOf(ana))[0]?.takenBackAmount === '50');
    await stage.show('ana', ana, from);
    await stage.ask(ben, 'POST', reverse, {});
    await eventually(async () => (await rewardsOf(ana))[0]?.status === 'taken-back');
    expect((await stage.show('ana', ana, from)).entries).toEqual([
      '+10000',
      '-4000',
      '+200',
      '+1000',
      '-50',
      '+3000',
      '-150',
    ]);
    await stage.show('ben', ben, to);
    expect(await purse()).toBe('50000');
    expect((await readRule(made.id)).committed).toBe('0');
    // A reward is nobody's payment: it can't be given back by hand.
    const byHand = `/v1/transactions/${reward?.id}/reverse`;
    expect((await stage.ask(ana, 'POST', byHand, {})).http).toBe(404);
    await pause(made.id);
    await stage.booksAreRight();
  });

  test('first deposits, those who bring others, and days in a row are rewarded', async () => {
    const rules = [
      await rule('Welcome', { kind: 'first-deposit', reward: '500', depositMin: '1000' }),
      await rule('Thanks', { kind: 'referral', reward: '250', beneficiary: 'referrer' }),
      await rule('Every day', {
        kind: 'streak',
        reward: '75',
        pointsPerDay: 10,
        pointsPerDayMax: 50,
        pointsPerReward: 10,
      }),
    ];
    const [old, fresh] = [await stage.person(), await stage.person()];
    const oldWallet = await fundedWallet(old, '0');
    const { body } = await old.call<{ code: string }>('GET', '/v1/rewards/referral');
    expect((await fresh.call('POST', '/v1/rewards/referral', { code: body.code })).status).toBe(
      204,
    );
    const again = await fresh.call('POST', '/v1/rewards/referral', { code: body.code });
    expect(again.body).toMatchObject({ code: 'limit-exceeded' });
    const own = await old.call('POST', '/v1/rewards/referral', { code: body.code });
    expect(own.status).toBe(404);
    const wallet = await fundedWallet(fresh, '2000');
    expect((await ended(old, 1))[0]).toMatchObject({ amount: '250', status: 'paid' });
    expect((await ended(fresh, 1))[0]).toMatchObject({ amount: '500', status: 'paid' });
    await transfer(fresh, wallet, oldWallet, '100');
    await transfer(fresh, wallet, oldWallet, '100');
    expect((await ended(fresh, 2))[0]).toMatchObject({ amount: '75', status: 'paid' });
    const { body: offers } = await fresh.call<Page<{ streak?: object }>>(
      'GET',
      '/v1/rewards/offers',
    );
    expect(offers.items.flatMap(({ streak }) => streak ?? [])).toEqual([{ days: 1, points: 0 }]);
    await stage.show('fresh', fresh, wallet);
    await stage.show('old', old, oldWallet);
    await purse();
    for (const { id } of rules) await pause(id);
    await stage.booksAreRight();
  });

  test('a budget pays to its end, and whoever comes later gets nothing', async () => {
    const [from, to] = [await fundedWallet(ana, '10000'), await fundedWallet(ben, '0')];
    const terms = { kind: 'cashback', basisPoints: 1000 };
    const { id } = await rule('Ten percent back', terms, { budget: '250' });
    await Promise.all(Array.from({ length: 5 }, () => transfer(ana, from, to, '1000')));
    const all = await eventually(async () => {
      const found = await ofRule(id);
      return found.length === 5 && found.every(({ status }) => status !== 'pending') && found;
    });
    console.log(`  rewards: ${all.map(({ status, reason }) => reason ?? status).join(', ')}`);
    expect(all.filter(({ status }) => status === 'paid')).toHaveLength(2);
    expect(all.filter(({ reason }) => reason === 'budget-exhausted')).toHaveLength(3);
    expect(await readRule(id)).toMatchObject({ committed: '200', budget: '250' });
    await pause(id);
    await stage.booksAreRight();
  });
});

test('killed again and again, each is paid once and taken back once', async () => {
  const payments = 60;
  const [from, to] = [await fundedWallet(ana, '100000'), await fundedWallet(ben, '0')];
  const before = BigInt(await purse());
  const { id } = await rule('One percent back', { kind: 'cashback', basisPoints: 100 });
  /** The one before may still be away. */
  async function kill(): Promise<void> {
    const find = () => present(stage.platform.pidOf('rewards'), 'a process of rewards');
    process.kill(await eventually(find), 'SIGKILL');
  }

  /** Does something for each payment, and kills the service in the midst of it, three times. */
  async function whileKilling<T>(count: number, work: (at: number) => Promise<T>): Promise<T[]> {
    const done: T[] = [];
    for (let at = 0; at < count; at++) {
      done.push(await work(at));
      if (at % 20 === 10) await kill();
    }
    return done;
  }

  const made = await whileKilling(payments, async () => {
    const body = { fromWalletId: from, toWalletId: to, amount: '1000' };
    return (await ana.pay('/v1/transfers', body)).body;
  });
  const all = await eventually(async () => {
    const found = await ofRule(id);
    const isDone = found.length === payments && found.every(({ status }) => status === 'paid');
    return isDone && found;
  });
  expect(new Set(all.map((one) => one.rewardedTransactionId))).toEqual(
    new Set(made.map((one) => one.id)),
  );
  expect(await purse()).toBe(String(before - BigInt(payments) * 10n));
  await stage.booksAreRight();

  await whileKilling(payments, (at) => ben.pay(`/v1/transactions/${made[at]?.id}/reverse`, {}));
  await eventually(async () => (await ofRule(id)).every(({ status }) => status === 'taken-back'));
  expect(await purse()).toBe(String(before));
  expect((await readRule(id)).committed).toBe('0');
  await stage.booksAreRight();
}, 200_000);
