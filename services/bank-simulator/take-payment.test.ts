import { beforeEach, describe, expect, test } from 'vitest';
import { openBank, type BankSettings } from './domain/bank.ts';
import type { Behaviour } from './domain/behaviour.ts';
import { statusAt, type Payment, type PaymentOrder } from './domain/payment.ts';
import { createReportPayment } from './report-payment.ts';
import { createTakePayment } from './take-payment.ts';

const order: PaymentOrder = {
  idempotencyKey: 'key-1',
  kind: 'charge',
  amount: 2500n,
  currency: 'USD',
  account: 'acc',
};

const settings = { delayMs: 10, settleMs: 2000, failureRate: 0 };

let nowMs: number;
let draws: number[];
let written: Payment[];

beforeEach(() => {
  nowMs = 1_000_000;
  draws = [];
  written = [];
});

const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs };
const random = () => draws.shift() ?? 0.5;
/** Time passes at once. */
const wait = async (ms: number) => void (nowMs += ms);

const take = createTakePayment({
  clock,
  random,
  wait,
  remember: (_bank, payment) => void written.push(payment),
});
const report = createReportPayment({ clock, random, wait });

const bankThat = (behaviour: Behaviour, changes: Partial<BankSettings> = {}) =>
  openBank('acme', { ...settings, behaviour, ...changes });

describe('a payment is executed at most once, however often it is asked for', () => {
  test.each(['ok', 'slow', 'declined', 'unknown-then-ok', 'unknown-then-declined'] as const)(
    '%s: the second call gives what the first one recorded',
    async (behaviour) => {
      const bank = bankThat(behaviour);
      await take(bank, order);
      const again = await take(bank, order);
      expect(again).toMatchObject({
        type: 'verdict',
        payment: { paymentId: written[0]?.paymentId },
      });
      expect(written).toHaveLength(1);
    },
  );

  test('two calls at the same time execute once and agree', async () => {
    const bank = bankThat('ok');
    const [one, other] = await Promise.all([take(bank, order), take(bank, order)]);
    expect(one).toEqual(other);
    expect(written).toHaveLength(1);
  });

  test.each([
    ['kind', { kind: 'payout' as const }],
    ['amount', { amount: 1n }],
    ['currency', { currency: 'EUR' as const }],
    ['account', { account: 'other' }],
  ])('the same key with another %s is refused and changes nothing', async (_what, change) => {
    const bank = bankThat('ok');
    await take(bank, order);
    expect(await take(bank, { ...order, ...change })).toEqual({ type: 'key-reused' });
    expect(written).toHaveLength(1);
  });

  test('it is written down before the answer is under way', () => {
    void take(bankThat('timeout'), order);
    expect(written).toHaveLength(1);
  });
});

describe('the status call tells the truth about an answer that did not come', () => {
  test.each([
    ['timeout', 'nothing', 'settled'],
    ['unknown-then-ok', 'error', 'settled'],
    ['unknown-then-declined', 'error', 'declined'],
  ] as const)('%s: the call ends in %s, the status says %s', async (behaviour, type, status) => {
    const bank = bankThat(behaviour);
    expect(await take(bank, order)).toEqual({ type });
    expect(await report(bank, order.idempotencyKey)).toMatchObject({ type: 'status', status });
  });

  test('slow: pending until it has settled, and the answer comes only then', async () => {
    const bank = bankThat('slow');
    const started = nowMs;
    const answer = take(bank, order);
    const [payment] = written;
    expect(payment).toMatchObject({ standsAtMs: started + settings.settleMs });
    expect(payment && statusAt(payment, started + settings.settleMs - 1)).toBe('pending');
    expect(await answer).toMatchObject({ type: 'verdict' });
    expect(nowMs).toBe(started + settings.settleMs);
    expect(await report(bank, order.idempotencyKey)).toMatchObject({ status: 'settled' });
  });

  test('flaky: the odd call executed nothing, so the bank never saw that payment', async () => {
    const bank = bankThat('flaky');
    expect(await take(bank, order)).toEqual({ type: 'error' });
    expect(await report(bank, order.idempotencyKey)).toEqual({ type: 'never-seen' });
    expect(await take(bank, order)).toMatchObject({ type: 'verdict' });
  });
});

describe('injected failures and delays', () => {
  test('below the failure rate a call fails before anything happened, at it it works', async () => {
    const bank = bankThat('ok', { failureRate: 0.3 });
    draws = [0.5, 0.29];
    expect(await take(bank, order)).toEqual({ type: 'error' });
    expect(written).toEqual([]);
    draws = [0.5, 0.3];
    expect(await take(bank, order)).toMatchObject({ type: 'verdict' });
  });

  test('answers take half to one and a half of the mean delay', async () => {
    for (const [draw, ms] of [
      [0, 5],
      [0.5, 10],
    ] as const) {
      const started = nowMs;
      draws = [draw];
      await take(bankThat('ok'), order);
      expect(nowMs - started).toBe(ms);
    }
  });
});
