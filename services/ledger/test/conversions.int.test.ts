import {
  FEE_REQUESTS,
  LANE_TYPES,
  LEDGER_REQUESTS,
  partitionOf,
  type Outcome,
  type Quote,
  type Risk,
} from '@florin/contracts';
import { uuidv7 } from '@florin/kernel';
import { request } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rebuildEvents } from '../lane/rebuild-events.ts';
import { riskOf } from './lane-bench.ts';
import { openSurroundings, PARTITIONS, type Surroundings } from './ledger-surroundings.ts';

let around: Surroundings;

beforeAll(async () => {
  around = await openSurroundings();
  // Two ledgers share the lanes: what one is asked for by a quote, the other may be, too.
  await around.startOne('one');
  await around.startOne('two');
});
afterAll(() => around.close());

const quoteOf = (more: Partial<Quote> = {}): Quote => ({
  id: uuidv7(),
  clientId: 'client',
  fromCurrency: 'USD',
  fromAmount: '1000',
  toCurrency: 'EUR',
  toAmount: '860',
  rate: '0.8607',
  midRate: '0.8629',
  baseCurrency: 'USD',
  fromValue: '1000',
  toValue: '996',
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
  ...more,
});

interface Asked {
  quote?: Quote;
  signedBy?: 'banking' | 'gateway';
  risk?: Risk;
  amount?: string;
}

/** To the lane of `from`; answers the transaction's id and the message that asked for it. */
async function convert(from: string, to: string, asked: Asked = {}) {
  const { quote = quoteOf(), signedBy = 'banking', risk, amount = quote.fromAmount } = asked;
  const data = around.orderOf(from, amount, {
    type: 'conversion',
    currency: quote.fromCurrency,
    counterpartyWalletId: to,
    quote: around.signedQuote(quote, signedBy),
    ...(risk && { risk }),
  });
  const send = () =>
    around.send(LANE_TYPES.transactionInitiated, data.transactionId, from, data, {
      as: risk === undefined ? 'gateway' : 'fraud',
    });
  await send();
  return { id: data.transactionId, send };
}

const converted = async (...asked: Parameters<typeof convert>): Promise<Outcome> =>
  around.outcomeOf((await convert(...asked)).id);

const codeOf = (outcome: Outcome): string | undefined =>
  outcome.kind === 'transaction'
    ? (outcome.transaction.failure?.code ?? outcome.transaction.status)
    : outcome.kind;

const postedOf = async (wallet: string): Promise<string | undefined> =>
  (await request(around.bus, LEDGER_REQUESTS.getWallets, { ids: [wallet] })).wallets[0]?.balances
    .posted;

describe('hunts money that comes from nowhere when it changes its currency', () => {
  test('four entries, of each currency zero, in every lane', async () => {
    for (let n = 0; n < 2 * PARTITIONS; n++) {
      const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
      const { id } = await convert(usd, eur);
      expect(codeOf(await around.outcomeOf(id))).toBe('completed');
      const { rows } = await around.pool.query<{ currency: string; delta: bigint; kind: string }>(
        `SELECT e.currency, e.delta, w.kind FROM entries e JOIN wallets w ON w.id = e.wallet_id
          WHERE e.transaction_id = $1 ORDER BY e.currency, e.delta`,
        [id],
      );
      expect(rows).toEqual([
        { currency: 'EUR', delta: -860n, kind: 'fx-position' },
        { currency: 'EUR', delta: 860n, kind: 'user' },
        { currency: 'USD', delta: -1000n, kind: 'user' },
        { currency: 'USD', delta: 1000n, kind: 'fx-position' },
      ]);
    }
    expect(await around.brokenBooks()).toEqual([]);
    const { positions } = await request(around.bus, LEDGER_REQUESTS.listPositions, {});
    const amounts = Object.fromEntries(
      positions.map(({ currency, amount, cost }) => [currency, [amount, cost]]),
    );
    const times = BigInt(2 * PARTITIONS);
    expect(amounts).toEqual({
      EUR: [String(-860n * times), String(-996n * times)],
      USD: [String(1000n * times), String(1000n * times)],
    });
  });

  test('positions that are not what conversions moved are found', async () => {
    const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
    expect(codeOf(await converted(usd, eur))).toBe('completed');
    await around.pool.query(
      "UPDATE wallets SET posted = posted + 1 WHERE kind = 'fx-position' AND currency = 'EUR'",
    );
    const breaks = (await around.brokenBooks()).map(({ invariant }) => invariant);
    expect(breaks).toContain('I1 the open positions of a currency are what conversions moved');
    await around.pool.query(
      "UPDATE wallets SET posted = posted - 1 WHERE kind = 'fx-position' AND currency = 'EUR'",
    );
    expect(await around.brokenBooks()).toEqual([]);
  });
});

describe('hunts a quote that is used twice', () => {
  test('by wallets of all lanes at once, in both ledgers: one is done', async () => {
    const quote = quoteOf();
    const eur = await around.openWallet('EUR');
    const wallets = await Promise.all(
      Array.from({ length: 24 }, () => around.fundedWallet('5000')),
    );
    expect(new Set(wallets.map((one) => partitionOf(one, PARTITIONS))).size).toBe(PARTITIONS);
    const codes = await Promise.all(
      wallets.map(async (wallet) => codeOf(await converted(wallet, eur, { quote }))),
    );
    expect(codes.filter((code) => code === 'completed')).toHaveLength(1);
    expect(codes.filter((code) => code === 'quote-used')).toHaveLength(23);
    expect(await postedOf(eur)).toBe('860');
  });

  test('the same message again and again moves nothing more', async () => {
    const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
    const { id, send } = await convert(usd, eur);
    for (let n = 0; n < 5; n++) await send();
    const last = await around.outcomeOf(id, 6);
    expect(last).toMatchObject({ replayed: true, transaction: { status: 'completed' } });
    expect([await postedOf(usd), await postedOf(eur)]).toEqual(['4000', '860']);
  });

  test('refused it is as good as before, held for a person it is not', async () => {
    const [poor, eur] = [await around.fundedWallet('999'), await around.openWallet('EUR')];
    const rich = await around.fundedWallet('5000');
    const quote = quoteOf();
    expect(codeOf(await converted(poor, eur, { quote }))).toBe('insufficient-funds');
    const held = await convert(rich, eur, { quote, risk: riskOf('review') });
    expect(codeOf(await around.outcomeOf(held.id))).toBe('held');
    expect(codeOf(await converted(rich, eur, { quote }))).toBe('quote-used');
    const verdict = { transactionId: held.id, walletId: rich, verdict: 'approve' };
    await around.send(LANE_TYPES.decideReview, uuidv7(), rich, verdict);
    expect(codeOf(await around.outcomeOf(held.id, 2))).toBe('completed');
    expect([await postedOf(rich), await postedOf(eur)]).toEqual(['4000', '860']);
    const declined = await convert(rich, eur, { risk: riskOf('review') });
    await around.outcomeOf(declined.id);
    await around.send(LANE_TYPES.decideReview, uuidv7(), rich, {
      ...verdict,
      transactionId: declined.id,
      verdict: 'decline',
    });
    expect(codeOf(await around.outcomeOf(declined.id, 2))).toBe('risk-blocked');
    expect(await around.brokenBooks()).toEqual([]);
  });
});

describe('hunts rates that banking has not promised', () => {
  test.each<[string, Asked]>([
    ['signed by the gateway', { signedBy: 'gateway' }],
    ['for another amount', { amount: '999' }],
    ['to somebody else', { quote: quoteOf({ clientId: 'other' }) }],
  ])('%s: a dead letter, and nothing is moved', async (_what, asked) => {
    const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
    const before = await around.deadLetters();
    await convert(usd, eur, asked);
    await eventually(async () => (await around.deadLetters()) === before + 1);
    expect(await postedOf(usd)).toBe('5000');
  });
});

test('hunts a fee that is paid out of a position, or otherwise than it was promised', async () => {
  const tiers = [{ from: '0', flat: '5', basisPoints: 100 }];
  const rules = [
    { type: 'conversion' as const, currency: 'USD', paidBy: 'sender' as const, tiers },
  ];
  const set = { changedBy: 'test' };
  const first = { ...set, basedOn: 0, rules };
  expect(await request(around.bus, FEE_REQUESTS.setFees, first)).toMatchObject({ ok: true });
  const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
  // Each ledger hears of it, one a moment later than the other.
  const little = () => quoteOf({ fromAmount: '1', toAmount: '1', fromValue: '1', toValue: '1' });
  await eventually(async () => {
    const done = await converted(usd, eur, { quote: little() });
    return done.kind === 'transaction' && done.transaction.fee?.amount === '5';
  });
  const before = Number(await postedOf(usd));
  const fee = { amount: '15', paidBy: 'sender', scheduleVersion: 1 };
  expect(await converted(usd, eur)).toMatchObject({ transaction: { status: 'completed', fee } });
  expect(await postedOf(usd)).toBe(String(before - 1015));

  const held = await convert(usd, eur, { risk: riskOf('review') });
  expect(codeOf(await around.outcomeOf(held.id))).toBe('held');
  const last = { ...set, basedOn: 1, rules: [] };
  expect(await request(around.bus, FEE_REQUESTS.setFees, last)).toMatchObject({ ok: true });
  const verdict = { transactionId: held.id, walletId: usd, verdict: 'approve' };
  await around.send(LANE_TYPES.decideReview, uuidv7(), usd, verdict);
  expect(codeOf(await around.outcomeOf(held.id, 2))).toBe('completed');
  expect(await postedOf(usd)).toBe(String(before - 2030));
  expect(await around.brokenBooks()).toEqual([]);
});

test('hunts what is told otherwise after a crash: currencies, and both sides', async () => {
  const [usd, eur] = [await around.fundedWallet('5000'), await around.openWallet('EUR')];
  const { id } = await convert(usd, eur);
  await around.outcomeOf(id);
  const { rows } = await around.pool.query<{ partition: number; sequence: bigint }>(
    'SELECT partition, event_sequence AS sequence FROM transactions WHERE id = $1',
    [id],
  );
  const { partition = 0, sequence = 0n } = rows[0] ?? {};
  const at = Number(sequence);
  const { events } = await rebuildEvents(around.pool, partition, at - 1, at);
  const told = JSON.parse(events[0]?.json() ?? '') as {
    data: { entries: unknown[]; transaction: unknown };
  };
  expect(told.data.transaction).toMatchObject({
    id,
    conversion: { toCurrency: 'EUR', toAmount: '860', rate: '0.8607' },
  });
  expect(told.data.entries).toMatchObject([
    { walletId: usd, direction: 'debit', amount: '1000' },
    { direction: 'credit', amount: '1000' },
    { direction: 'debit', amount: '860', currency: 'EUR' },
    { walletId: eur, direction: 'credit', amount: '860', currency: 'EUR' },
  ]);
});
