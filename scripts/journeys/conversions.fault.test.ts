import { uuidv7 } from '@florin/kernel';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMoneyStage, type MoneyStage, type Told } from './money-stage.ts';
import type { Person } from './person.ts';

/** Plays currencies, quotes and conversions by REST, on all services that they pass through. */
let stage: MoneyStage;
let ana: Person;
let ben: Person;

interface Quote {
  http: number;
  id: string;
  rate: string;
  midRate: string;
  toAmount: string;
  code?: string;
}

beforeAll(async () => {
  stage = await openMoneyStage();
  [ana, ben] = [await stage.person(), await stage.person()];
});
afterAll(() => stage?.stop());

async function wallet(who: Person, currency: string, amount = 0): Promise<string> {
  const { body } = await who.call<{ id: string }>('POST', '/v1/wallets', { currency });
  if (amount > 0) {
    await who.pay('/v1/deposits', { walletId: body.id, amount, bankAccount: 'ok' });
    await eventually(async () => (await who.wallet(body.id)).balances.posted === String(amount));
  }
  return body.id;
}

async function quote(who: Person, from: string, to: string, amount: number, more = {}) {
  const asked = { fromCurrency: from, toCurrency: to, fromAmount: amount, ...more };
  const { status, body } = await who.call<Quote>('POST', '/v1/quotes', asked);
  const { rate, toAmount, code } = body;
  const told = code ?? `${toAmount} ${to} at ${rate}`;
  console.log(`  POST /v1/quotes ${amount} ${from} -> ${status} ${told}`);
  return { ...body, http: status };
}

const convert = (who: Person, quoteId: string, from: string, to: string, key?: string) =>
  stage.ask(
    who,
    'POST',
    '/v1/conversions',
    { quoteId, fromWalletId: from, toWalletId: to },
    key ?? uuidv7(),
  );

const exchange = (changes: object) =>
  fetch(new URL('/control/exchange', stage.platform.dev().bankSimulatorUrl), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });

describe('currencies by REST', () => {
  test('clients learn how amounts are written, and nothing else is money', async () => {
    const { body } = await ana.call<{ items: { code: string; decimals: number }[] }>(
      'GET',
      '/v1/currencies',
    );
    const decimals = new Map(body.items.map((one) => [one.code, one.decimals]));
    const shown = ['USD', 'JPY', 'KWD', 'CLF', 'BTC', 'MILES/0'];
    console.log(
      `  ${body.items.length} currencies:`,
      shown.map((code) => `${code} ${decimals.get(code)}`),
    );
    expect(shown.map((code) => decimals.get(code))).toEqual([2, 0, 3, 4, 8, 0]);
    for (const currency of ['XXX', 'DEM', 'usd', 'GOLD/4', 'MILES', '']) {
      const refused = await stage.ask(ana, 'POST', '/v1/wallets', { currency }, null);
      expect(refused).toMatchObject({ http: 400, code: 'validation-failed' });
    }
  });

  test('one wallet per owner, currency and purpose, however often it is opened', async () => {
    const open = (who: Person, body: object) => stage.ask(who, 'POST', '/v1/wallets', body, null);
    const body = { currency: 'EUR', purpose: 'savings' };
    const first = await open(ana, { ...body, name: 'Holidays' });
    expect(first).toMatchObject({ http: 201, name: 'Holidays', purpose: 'savings' });
    const many = await Promise.all(Array.from({ length: 10 }, () => open(ana, body)));
    for (const one of many) expect([200, 409]).toContain(one.http);
    expect(await open(ana, body)).toMatchObject({ http: 200, id: first.id, name: 'Holidays' });
    const others = await Promise.all([
      open(ana, { currency: 'USD', purpose: 'savings' }),
      open(ana, { currency: 'EUR', purpose: 'rent' }),
      open(ben, body),
      open(ana, { currency: 'EUR' }),
      open(ana, { currency: 'EUR' }),
    ]);
    expect(others.map(({ http }) => http)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set([first, ...others].map(({ id }) => id)).size).toBe(6);
  });

  test('limits mean the same in each currency', async () => {
    for (const [currency, limit] of [
      ['JPY', 1_000_000],
      ['VND', 200_000_000],
      ['KWD', 10_000_000],
      ['MILES/0', 1_000_000],
    ] as const) {
      const from = await wallet(ana, currency, limit + 1);
      const to = await wallet(ben, currency);
      const pay = (amount: number) =>
        stage.ask(ana, 'POST', '/v1/transfers', { fromWalletId: from, toWalletId: to, amount });
      expect(await pay(limit + 1)).toMatchObject({ http: 422, code: 'limit-exceeded' });
      expect(await pay(limit)).toMatchObject({ http: 201, status: 'completed' });
    }
  });
});

describe('quotes and conversions by REST', () => {
  test('there and back: four entries each, and less than before', async () => {
    const [usd, eur] = [await wallet(ana, 'USD', 100_000), await wallet(ana, 'EUR')];
    const there = await quote(ana, 'USD', 'EUR', 10_000);
    expect(there).toMatchObject({ http: 201, rate: '0.86074275', toAmount: '8607' });
    const key = uuidv7();
    const dry = { quoteId: there.id, fromWalletId: usd, toWalletId: eur };
    const tried = await stage.ask(ana, 'POST', '/v1/conversions?dryRun=true', dry, null);
    expect(tried).toMatchObject({ http: 200, dryRun: true, balances: { posted: '90000' } });
    const done = await convert(ana, there.id, usd, eur, key);
    expect(done).toMatchObject({
      http: 201,
      type: 'conversion',
      status: 'completed',
      conversion: { toCurrency: 'EUR', toAmount: '8607', rate: there.rate, quoteId: there.id },
    });
    const again = await convert(ana, there.id, usd, eur, key);
    expect(again).toMatchObject({ http: 201, id: done.id });
    const back = await quote(ana, 'EUR', 'USD', 8607);
    expect(await convert(ana, back.id, eur, usd)).toMatchObject({ http: 201 });
    const left = await stage.show('ana USD', ana, usd);
    expect(await stage.show('ana EUR', ana, eur)).toMatchObject({ posted: '0' });
    expect(BigInt(left.posted)).toBeLessThan(100_000n);
    await stage.booksAreRight();
  });

  test('every refusal, and the quote is as good as before after most', async () => {
    const [usd, eur, jpy] = [
      await wallet(ana, 'USD', 10_000),
      await wallet(ana, 'EUR'),
      await wallet(ana, 'JPY'),
    ];
    const dear = await quote(ana, 'USD', 'EUR', 10_001);
    expect(await convert(ana, dear.id, usd, eur)).toMatchObject({
      http: 422,
      code: 'insufficient-funds',
    });
    const one = await quote(ana, 'USD', 'EUR', 1_000);
    const refused = async (code: string, from: string, to: string) =>
      expect((await convert(ana, one.id, from, to)).code).toBe(code);
    await refused('currency-mismatch', usd, jpy);
    await refused('currency-mismatch', eur, usd);
    await refused('same-wallet', usd, usd);
    await refused('not-found', usd, await wallet(ben, 'EUR'));
    await refused('not-found', uuidv7(), eur);
    for (const frozen of [usd, eur]) {
      await ana.call('POST', `/v1/wallets/${frozen}/freeze`);
      await refused('wallet-frozen', usd, eur);
      await ana.call('POST', `/v1/wallets/${frozen}/unfreeze`);
    }
    const gone = await wallet(ana, 'EUR');
    await ana.call('POST', `/v1/wallets/${gone}/close`);
    await refused('wallet-closed', usd, gone);
    expect(await convert(ana, one.id, usd, eur)).toMatchObject({ http: 201 });
    await refused('quote-used', usd, eur);
    const bens = await quote(ben, 'USD', 'EUR', 1_000);
    expect(await convert(ana, bens.id, usd, eur)).toMatchObject({ http: 404, code: 'not-found' });
    expect((await convert(ana, uuidv7(), usd, eur)).code).toBe('not-found');
    const short = await quote(ana, 'USD', 'EUR', 1_000, { expiresInSeconds: 1 });
    await eventually(async () => {
      const dryRun = { quoteId: short.id, fromWalletId: usd, toWalletId: eur };
      const { body } = await ana.call<Told>('POST', '/v1/conversions?dryRun=true', dryRun);
      return body.code === 'quote-expired';
    });
    expect((await convert(ana, short.id, usd, eur)).code).toBe('quote-expired');
    const rich = await wallet(ana, 'USD', 1_000_001);
    const large = await quote(ana, 'USD', 'EUR', 1_000_001);
    expect((await convert(ana, large.id, rich, eur)).code).toBe('limit-exceeded');
    const machines = await quote(stage.machine, 'USD', 'EUR', 100);
    const other = await wallet(ben, 'EUR');
    expect((await convert(stage.machine, machines.id, usd, other)).code).toBe('owner-mismatch');
    expect(await convert(stage.machine, machines.id, usd, eur)).toMatchObject({ http: 201 });
    const key = uuidv7();
    const first = await quote(ana, 'USD', 'EUR', 100);
    expect((await convert(ana, first.id, usd, eur, key)).http).toBe(201);
    const second = await quote(ana, 'USD', 'EUR', 100);
    expect((await convert(ana, second.id, usd, eur, key)).code).toBe('idempotency-key-reused');
    await stage.show('ana USD', ana, usd);
    await stage.show('ana EUR', ana, eur);
    await stage.booksAreRight();
  });

  test('quotes that are none', async () => {
    const asked = async (from: string, to: string, amount: number) =>
      (await quote(ana, from, to, amount)).code;
    expect(await asked('USD', 'USD', 100)).toBe('same-currency');
    expect(await asked('USD', 'GOLD/4', 100)).toBe('no-rate');
    expect(await asked('JPY', 'BTC', 1)).toBeUndefined();
    expect(await asked('IRR', 'USD', 1)).toBe('amount-too-small');
    expect(await asked('XXX', 'USD', 1)).toBe('validation-failed');
    expect(await asked('USD', 'EUR', 0)).toBe('validation-failed');
  });

  test('of fifty conversions by one quote at the same moment one is done', async () => {
    const wallets = await Promise.all(Array.from({ length: 10 }, () => wallet(ana, 'USD', 1_000)));
    const eur = await wallet(ana, 'EUR');
    const one = await quote(ana, 'USD', 'EUR', 1_000);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        ana.pay('/v1/conversions', {
          quoteId: one.id,
          // Wallets of many lanes: what decides is not that they wait for each other.
          fromWalletId: wallets[n % wallets.length],
          toWalletId: eur,
        }),
      ),
    );
    const codes = Map.groupBy(answers, ({ status, body }) => body.code ?? String(status));
    console.log(
      '  fifty by one quote:',
      [...codes].map(([code, all]) => `${code} × ${all.length}`),
    );
    expect(codes.get('201')).toHaveLength(1);
    expect(codes.get('quote-used')).toHaveLength(49);
    expect((await ana.wallet(eur)).balances.posted).toBe(one.toAmount);
  });

  test('a satoshi, a yen and a mile: rounding keeps what is less than one', async () => {
    const miles = await wallet(ana, 'MILES/0', 1_000);
    const btc = await wallet(ana, 'BTC');
    const own = await quote(ana, 'MILES/0', 'BTC', 1_000);
    expect(own).toMatchObject({ http: 201, toAmount: '10815' });
    expect(await convert(ana, own.id, miles, btc)).toMatchObject({ http: 201 });
    await stage.show('ana BTC', ana, btc);
  });

  test('a conversion is not reversed: the rate would be an option for nothing', async () => {
    const [usd, eur] = [await wallet(ana, 'USD', 1_000), await wallet(ana, 'EUR')];
    const done = await convert(ana, (await quote(ana, 'USD', 'EUR', 1_000)).id, usd, eur);
    const reverse = `/v1/transactions/${done.id}/reverse`;
    expect((await stage.ask(ana, 'POST', reverse, {})).http).toBe(404);
    expect((await stage.ask(stage.admin, 'POST', reverse, {})).http).toBe(404);
  });
});

describe('rates and positions by REST', () => {
  const rates = async () => {
    const { status, headers, body } = await ana.call<{
      code?: string;
      items?: { midRate: string; rate: string; spreadBasisPoints: number }[];
    }>('GET', '/v1/rates?from=USD&to=EUR');
    return { status, headers, ...body };
  };

  test('what is published, and what is kept of it', async () => {
    const now = await rates();
    console.log(`  GET /v1/rates -> ${now.status}`, now.items?.[0]);
    expect(now.items).toMatchObject([
      { midRate: '0.8629', rate: '0.86074275', spreadBasisPoints: 25 },
    ]);
    const { status } = await ana.call('GET', '/v1/rates?from=GOLD/4');
    expect(status).toBe(422);
  });

  test('what is open, at the rates of now: profit and loss as the rate moves', async () => {
    interface Positions {
      baseCurrency: string;
      spreadEarned: string;
      unrealisedProfit: string;
      items: { currency: string; position: string; value: string; unrealisedProfit: string }[];
    }
    const positions = async () =>
      (await stage.admin.call<Positions>('GET', '/v1/admin/fx/positions')).body;
    const before = await positions();
    for (const { currency, position, value, unrealisedProfit } of before.items) {
      console.log(`  ${currency} ${position} worth ${value} USD, profit ${unrealisedProfit}`);
    }
    const euro = before.items.find(({ currency }) => currency === 'EUR');
    expect(BigInt(euro?.position ?? 0)).toBeLessThan(0n);
    expect(BigInt(before.spreadEarned)).toBeGreaterThan(0n);
    await exchange({ rates: { EUR: '0.9' } });
    const after = await eventually(async () => {
      const now = await positions();
      return now.unrealisedProfit !== before.unrealisedProfit && now;
    });
    console.log(`  with a cheaper euro: ${before.unrealisedProfit} -> ${after.unrealisedProfit}`);
    expect(BigInt(after.unrealisedProfit)).toBeGreaterThan(BigInt(before.unrealisedProfit));
    await exchange({ rates: { EUR: '0.8629' } });
    expect((await ana.call('GET', '/v1/admin/fx/positions')).status).toBe(403);
  });

  test('stale rates and a provider that is away: refused, shown, and over again', async () => {
    const [usd, eur] = [await wallet(ana, 'USD', 1_000), await wallet(ana, 'EUR')];
    const locked = await quote(ana, 'USD', 'EUR', 1_000);
    await exchange({ ageMs: 3_600_000 });
    const refused = await eventually(
      async () => {
        const now = await rates();
        return now.status === 503 && now;
      },
      { everyMs: 500 },
    );
    console.log(`  GET /v1/rates -> ${refused.status} ${refused.code}`);
    expect(refused).toMatchObject({ code: 'rate-stale' });
    expect(refused.headers.get('retry-after')).not.toBeNull();
    expect(await quote(ana, 'USD', 'EUR', 1_000)).toMatchObject({ http: 503, code: 'rate-stale' });
    // What was promised is promised.
    expect(await convert(ana, locked.id, usd, eur)).toMatchObject({ http: 201 });
    await exchange({ ageMs: 0, behaviour: 'down' });
    const breaker = async () => {
      await quote(ana, 'USD', 'EUR', 1_000);
      const { body } = await stage.admin.call<{ items: { bank: string; state: string }[] }>(
        'GET',
        '/v1/admin/breakers',
      );
      return body.items.find(({ bank }) => bank === 'exchange-rates')?.state;
    };
    await eventually(async () => (await breaker()) === 'open', { everyMs: 300 });
    console.log('  breaker exchange-rates: open');
    await exchange({ behaviour: 'ok' });
    await eventually(async () => (await breaker()) === 'closed', { everyMs: 300 });
    console.log('  breaker exchange-rates: closed');
    await stage.booksAreRight();
  });
});

describe('risk by REST', () => {
  const setFlag = (variant: 'enforce' | 'off') =>
    stage.admin.call('PUT', '/v1/admin/flags/fraud-scoring', { variant });

  test('without a scorer a large one waits for a person, and is done at its rate', async () => {
    const [usd, eur] = [
      await wallet(stage.machine, 'USD', 2_505_000),
      await wallet(stage.machine, 'EUR'),
    ];
    await setFlag('enforce');
    const one = await quote(stage.machine, 'USD', 'EUR', 2_500_000, { expiresInSeconds: 20 });
    const little = await quote(stage.machine, 'USD', 'EUR', 5_000);
    const small = await convert(stage.machine, little.id, usd, eur);
    expect(small).toMatchObject({ http: 201, status: 'completed' });
    const held = await convert(stage.machine, one.id, usd, eur);
    expect(held).toMatchObject({ http: 201, status: 'held', conversion: { quoteId: one.id } });
    await stage.show('held', stage.machine, usd);
    expect((await convert(stage.machine, one.id, usd, eur)).code).toBe('quote-used');
    const analyst = await stage.staff('risk-analyst');
    const path = `/v1/admin/reviews/${held.id}/approve`;
    const approved = await stage.ask(analyst, 'POST', path, {});
    expect(approved).toMatchObject({ http: 200, status: 'completed' });
    await setFlag('off');
    const posted = String(BigInt(one.toAmount) + BigInt(little.toAmount));
    expect(await stage.show('done', stage.machine, eur)).toMatchObject({ posted });
    await stage.booksAreRight();
  });
});
