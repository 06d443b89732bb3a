import { asTransactionId, uuidv7, type Currency } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createBank, type Bank } from '../adapters/bank.ts';
import { openStripe } from '../adapters/open-stripe.ts';
import { createProviderNotes } from '../adapters/provider-notes.ts';
import { createStripeBank } from '../adapters/stripe-bank.ts';
import type { Payment } from '../domain/payment.ts';
import { samplePayment } from './sample-payment.ts';
import { API_KEY, startStripeDouble, type StripeDouble } from './stripe-double.ts';

const DAY_MS = 86_400_000;

let stripe: StripeDouble;
let database: Database;
let bank: Bank;
let nowMs = Date.now();

beforeAll(async () => {
  stripe = await startStripeDouble();
  const url = await freshDatabase('stripe_bank', new URL('../migrations', import.meta.url));
  database = await createPool({ url, applicationName: 'stripe_bank' });
  const metrics = createMetrics('banking');
  const limits = { url: stripe.url, apiKey: API_KEY, connections: 4, requestTimeoutMs: 5_000 };
  const api = createStripeBank({
    name: 'stripe',
    stripe: openStripe(limits),
    notes: createProviderNotes(database.hot),
    readReference: async ({ account }) =>
      account === 'nobody'
        ? undefined
        : { customer: 'cus_1', paymentMethod: `pm_${account}`, destination: `ba_${account}` },
    metrics,
    log: createLogger('stripe', 'silent'),
    nowMs: () => nowMs,
  });
  const breaker = { timeoutMs: 20_000, errorThresholdPercentage: 99, volumeThreshold: 100 };
  bank = createBank({
    name: 'stripe',
    api,
    breaker: { ...breaker, resetTimeoutMs: 1_000 },
    metrics,
  });
  console.log(`requests are ${stripe.checked ? '' : 'not '}checked by a real stripe-mock`);
});

afterEach(() => expect(stripe.mistakes).toEqual([]));

afterAll(async () => {
  await bank?.close();
  await database?.end();
  await stripe?.[Symbol.asyncDispose]();
});

/** A payment as the saga has stored it before it asks. */
async function open(account: string, change: Partial<Payment> = {}): Promise<Payment> {
  const transactionId = asTransactionId(uuidv7());
  const payment = samplePayment({ bank: 'stripe', account, transactionId, ...change });
  await database.hot.query(
    `INSERT INTO payments (transaction_id, kind, bank, account, amount, currency, wallet_id, state)
     VALUES ($1, $2, 'stripe', $3, 2500, 'EUR', $4, 'asked')`,
    [transactionId, payment.kind, account, payment.walletId],
  );
  return payment;
}

const payout = (account: string) => open(account, { kind: 'payout' });
const settled = { type: 'settled', bankReference: expect.stringMatching(/^p[io]_/) };
const pending = { type: 'pending', pollCapMs: 600_000 };

describe('hunts a status of Stripe that is read as more certain than it is', () => {
  test.each([
    ['ok', settled, 'succeeded'],
    ['slow', pending, 'processing'],
    ['action', { type: 'declined' }, 'canceled'],
    ['declined', { type: 'declined' }, 'canceled'],
    ['asks', { type: 'declined' }, 'canceled'],
  ])('a deposit from %s', async (account, answer, status) => {
    const payment = await open(account);
    expect(await bank.ask(payment)).toEqual(answer);
    expect(await bank.checkStatus(payment)).toEqual(answer);
    expect(stripe.of(payment.transactionId).map((intent) => intent.status)).toEqual([status]);
  });

  test.each([
    ['ok', settled],
    ['slow', pending],
    ['failed', { type: 'declined' }],
  ])('a withdrawal to %s', async (account, answer) => {
    const payment = await payout(account);
    expect(await bank.ask(payment)).toEqual(answer);
    expect(await bank.checkStatus(payment)).toEqual(answer);
    expect(stripe.of(payment.transactionId)).toHaveLength(1);
  });

  test('accounts that are not linked, or are gone at Stripe, are declined', async () => {
    for (const payment of [await open('nobody'), await payout('nobody'), await open('gone')]) {
      expect(await bank.ask(payment)).toEqual({ type: 'declined' });
      expect(await bank.checkStatus(payment)).toEqual({ type: 'never-seen' });
    }
  });

  test('what Stripe can not count is declined before it is asked', async () => {
    const before = stripe.requests.length;
    const asked = ['KWD', 'MILES/0', 'BTC'].map(async (currency) =>
      bank.ask(await open('ok', { currency: currency as Currency, amount: 2501n })),
    );
    for (const answer of await Promise.all(asked)) expect(answer).toEqual({ type: 'declined' });
    expect(stripe.requests).toHaveLength(before);
  });

  test('an amount is told in the units of Stripe', async () => {
    const payment = await open('ok', { currency: 'ISK', amount: 25n });
    await bank.ask(payment);
    expect(stripe.of(payment.transactionId)[0]?.amount).toBe(2500);
  });
});

describe('hunts money that moves twice, or a refusal of what has moved', () => {
  test.each(['charge', 'payout'] as const)('a %s whose answer was lost', async (kind) => {
    const payment = await open('ok', { kind });
    stripe.failNext('answer-lost');
    expect(await bank.ask(payment)).toEqual({ type: 'lost' });
    expect(await bank.checkStatus(payment)).toEqual(settled);
    expect(await bank.ask(payment)).toEqual(settled);
    expect(stripe.of(payment.transactionId)).toHaveLength(1);
  });

  test('a request that never arrived is asked again under its key', async () => {
    const payment = await open('ok');
    stripe.failNext('never-arrives');
    expect(await bank.ask(payment)).toEqual({ type: 'lost' });
    expect(await bank.checkStatus(payment)).toEqual({ type: 'never-seen' });
    expect(await bank.ask(payment)).toEqual(settled);
  });

  test('many who ask at once, and again when the key is long forgotten', async () => {
    const payment = await payout('ok');
    const answers = await Promise.all(Array.from({ length: 5 }, () => bank.ask(payment)));
    expect(answers.filter(({ type }) => type === 'settled')).toHaveLength(5);
    stripe.forgetKeys();
    expect(await bank.ask(payment)).toEqual(settled);
    expect(stripe.of(payment.transactionId)).toHaveLength(1);
  });

  test('the answer was lost, and a day later the key is forgotten', async () => {
    const payment = await payout('ok');
    stripe.failNext('answer-lost');
    await bank.ask(payment);
    stripe.forgetKeys();
    nowMs += DAY_MS;
    expect(await bank.ask(payment)).toEqual(settled);
    expect(stripe.of(payment.transactionId)).toHaveLength(1);
    nowMs -= DAY_MS;
  });

  test('a deposit that is paid while we give it up has settled', async () => {
    const payment = await open('action');
    stripe.failNext('answer-lost');
    await bank.ask(payment);
    const [intent] = stripe.of(payment.transactionId);
    stripe.move(intent?.id ?? '', 'succeeded');
    expect(await bank.checkStatus(payment)).toEqual(settled);
  });

  test('a status that nobody has heard of leaves it open', async () => {
    const payment = await payout('slow');
    await bank.ask(payment);
    stripe.move(stripe.of(payment.transactionId)[0]?.id ?? '', 'on_the_moon');
    expect(await bank.checkStatus(payment)).toEqual({ type: 'unreachable' });
  });
});

describe('hunts our own affairs that a customer is told of as a refusal', () => {
  test.each([
    ['too-many', { type: 'not-executed' }],
    ['wrong-key', { type: 'not-executed' }],
    ['error-500', { type: 'lost' }],
  ] as const)('%s', async (fault, answer) => {
    const payment = await open('ok');
    stripe.failNext(fault);
    expect(await bank.ask(payment)).toEqual(answer);
    expect(await bank.ask(payment)).toEqual(settled);
  });

  test('our balance there is empty: asked again, under another key, until it is not', async () => {
    const payment = await payout('empty');
    expect(await bank.ask(payment)).toEqual({ type: 'not-executed' });
    expect(await bank.ask({ ...payment, account: 'ok' })).toEqual(settled);
    expect(stripe.of(payment.transactionId)).toHaveLength(1);
  });
});
