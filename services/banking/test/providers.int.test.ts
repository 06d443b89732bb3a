import { LINKING_REQUESTS, PROVIDER_REQUESTS } from '@florin/contracts';
import { request } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBanking, type BankingProcess } from './banking-process.ts';
import { API_KEY, startStripeDouble, WEBHOOK_SECRET, type StripeDouble } from './stripe-double.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let around: Surroundings;
let stripe: StripeDouble;
let banking: BankingProcess;

beforeAll(async () => {
  [around, stripe] = await Promise.all([
    createSurroundings('banking_providers'),
    startStripeDouble(),
  ]);
  const banks = await around.simulator.addresses();
  banking = await startBanking({
    ...around.environment,
    BANKS: JSON.stringify([...banks, { name: 'stripe', provider: 'stripe', url: stripe.url }]),
    BANK_SECRETS: JSON.stringify({
      stripe: { apiKey: API_KEY, webhookSecrets: ['whsec_next', WEBHOOK_SECRET] },
    }),
  });
});

afterAll(async () => {
  expect(stripe?.mistakes).toEqual([]);
  expect(await banking?.stop()).toBe(0);
  await stripe?.[Symbol.asyncDispose]();
  await around?.[Symbol.asyncDispose]();
});

/** An account of the wallets' owner, as Stripe knows it. */
async function link(account: string): Promise<string> {
  const { owner: ownerId } = around.ledger;
  const asked = { ownerId, bank: 'stripe' };
  const given = await request(around.bus, LINKING_REQUESTS.createLinkToken, asked);
  if (!given.ok) throw new Error(given.code);
  const { linkToken } = given;
  const reference = {
    customer: 'cus_1',
    paymentMethod: `pm_${account}`,
    destination: `ba_${account}`,
  };
  const publicToken = await around.simulator.prove(linkToken, { reference });
  const tokens = { ownerId, linkToken, publicToken };
  const linked = await request(around.bus, LINKING_REQUESTS.linkAccount, tokens);
  if (!linked.ok) throw new Error(linked.code);
  return linked.account.bankAccount;
}

const settlementOf = (id: string) => eventually(() => around.ledger.settlementsOf(id)[0] ?? false);

async function payment(id: string): Promise<{ state: string; reference: string | null }> {
  const { rows } = await around.database.hot.query<{ state: string; reference: string | null }>(
    'SELECT state, provider_reference AS reference FROM payments WHERE transaction_id = $1',
    [id],
  );
  return rows[0] ?? { state: 'none', reference: null };
}

const isDone = (id: string) => eventually(async () => (await payment(id)).state === 'done');

const hear = ({ payload, signature }: { payload: string; signature: string }, bank = 'stripe') =>
  request(around.bus, PROVIDER_REQUESTS.hearProvider, { bank, payload, signature });

const NOTED = { ok: true, result: 'noted' };
const FORGED = { ok: false, code: 'bad-signature' };

describe('hunts payments through Stripe that end otherwise than Stripe ended them', () => {
  test.each([
    ['deposit', 'ok', { outcome: 'completed' }],
    ['deposit', 'declined', { outcome: 'failed', failureCode: 'bank-declined' }],
    ['withdrawal', 'ok', { outcome: 'completed' }],
    ['withdrawal', 'failed', { outcome: 'failed', failureCode: 'bank-declined' }],
  ] as const)('a %s with %s', async (type, account, expected) => {
    const id = await around.ledger.begin(type, await link(account));
    expect(await settlementOf(id)).toMatchObject(expected);
    await isDone(id);
    expect(stripe.of(id)).toHaveLength(1);
  });

  test('an account that nobody has linked is never asked for', async () => {
    const id = await around.ledger.begin('deposit', 'stripe:pm-of-somebody');
    expect(await settlementOf(id)).toMatchObject({ outcome: 'failed' });
    expect(stripe.of(id)).toHaveLength(0);
  });

  test('an answer that is lost is found, and nothing is paid twice', async () => {
    const account = await link('ok');
    stripe.failNext('answer-lost');
    const id = await around.ledger.begin('withdrawal', account);
    expect(await settlementOf(id)).toMatchObject({ outcome: 'completed' });
    expect(stripe.of(id)).toHaveLength(1);
  });
});

describe('hunts webhooks that are believed more than Stripe itself, or less', () => {
  /** A payout that is under way, and that nobody would look at for an hour. */
  async function slowPayout(): Promise<{ id: string; reference: string }> {
    const id = await around.ledger.begin('withdrawal', await link('slow'));
    await eventually(async () => {
      const { rowCount } = await around.database.hot.query(
        `UPDATE payments SET due_at = now() + interval '1 hour', version = version + 1
          WHERE transaction_id = $1 AND state = 'unknown' AND provider_reference IS NOT NULL`,
        [id],
      );
      return rowCount === 1;
    });
    return { id, reference: (await payment(id)).reference ?? '' };
  }

  test('it is looked at sooner; events that come twice and too late change nothing', async () => {
    const { id, reference } = await slowPayout();
    const older = stripe.event('payout.created', reference);
    stripe.move(reference, 'paid');
    const paid = stripe.event('payout.paid', reference);
    for (const event of [paid, paid, older]) expect(await hear(event)).toEqual(NOTED);
    expect(await settlementOf(id)).toMatchObject({
      outcome: 'completed',
      bankReference: reference,
    });
    await isDone(id);
    for (const event of [older, paid]) expect(await hear(event)).toEqual(NOTED);
    expect(around.ledger.settlementsOf(id)).toHaveLength(1);
  });

  test('a webhook alone settles nothing: Stripe is asked', async () => {
    const { id, reference } = await slowPayout();
    stripe.move(reference, 'paid');
    const lie = stripe.event('payout.paid', reference);
    stripe.move(reference, 'failed');
    expect(await hear(lie)).toEqual(NOTED);
    expect(await settlementOf(id)).toMatchObject({ outcome: 'failed' });
  });

  test('what is not signed with a secret of ours, or too long ago, is not heard', async () => {
    const { reference } = await slowPayout();
    const { payload, signature } = stripe.event('payout.paid', reference);
    const old = stripe.event('payout.paid', reference, Date.now() - 3_600_000);
    expect(await hear({ payload: `${payload} `, signature })).toEqual(FORGED);
    expect(await hear({ payload, signature: 't=1,v1=00' })).toEqual(FORGED);
    expect(await hear({ payload, signature: '' })).toEqual(FORGED);
    expect(await hear(old)).toEqual(FORGED);
    expect(await hear({ payload, signature }, 'ok')).toEqual({ ok: false, code: 'not-found' });
  });

  test('what is about none of our payments is left alone', async () => {
    const ignored = { ok: true, result: 'ignored' };
    expect(await hear(stripe.event('customer.created', 'cus_1'))).toEqual(ignored);
  });

  test('a payout that comes back after it was paid is shown to people, once', async () => {
    const id = await around.ledger.begin('withdrawal', await link('ok'));
    await isDone(id);
    const { reference } = await payment(id);
    const before = await banking.metric('bank_contradictions_total', { kind: 'payout' });
    stripe.move(reference ?? '', 'failed');
    const event = stripe.event('payout.failed', reference ?? '');
    expect(await hear(event)).toEqual(NOTED);
    expect(await hear(event)).toEqual(NOTED);
    const after = await banking.metric('bank_contradictions_total', { kind: 'payout' });
    expect(after - before).toBe(1);
    expect(around.ledger.settlementsOf(id)).toHaveLength(1);
  });
});
