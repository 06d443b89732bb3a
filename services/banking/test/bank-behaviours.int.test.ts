import { KV_BUCKETS, STREAMS } from '@florin/contracts';
import { streamState, watchBucket } from '@florin/messaging';
import { eventually } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBanking, type BankingProcess } from './banking-process.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';

let around: Surroundings;
let banking: BankingProcess;

beforeAll(async () => {
  around = await createSurroundings('banking_behaviours');
  banking = await startBanking({ ...around.environment, BREAKER_RESET: '1s' });
});

afterAll(async () => {
  expect(await banking?.stop()).toBe(0);
  await around?.[Symbol.asyncDispose]();
});

/** As long as a client waits for its answer by default. */
const CLIENT_WAIT = { timeoutMs: 5_000 };

const settlementOf = (id: string) =>
  eventually(() => around.ledger.settlementsOf(id)[0] ?? false, CLIENT_WAIT);

async function isDone(id: string): Promise<boolean> {
  const { rows } = await around.database.hot.query<{ state: string }>(
    'SELECT state FROM payments WHERE transaction_id = $1',
    [id],
  );
  return rows[0]?.state === 'done';
}

async function executions(bank: string, id: string): Promise<number> {
  const { payments } = await around.simulator.statement(bank);
  return payments.filter(({ idempotencyKey }) => idempotencyKey === id).length;
}

const completed = { outcome: 'completed' };
const declined = { outcome: 'failed', failureCode: 'bank-declined' };

const BEHAVIOURS = [
  ['ok', completed, 1],
  ['ok:acc-42', completed, 1],
  ['slow', completed, 1],
  ['declined', declined, 0],
  ['timeout', completed, 1],
  ['flaky', completed, 1],
  ['unknown-then-ok', completed, 1],
  ['unknown-then-declined', declined, 0],
] as const;

describe.each(['deposit', 'withdrawal'] as const)('a %s ends as the bank ends it, once', (type) => {
  test.concurrent.each(BEHAVIOURS)('%s', async (account, expected, count) => {
    const id = await around.ledger.begin(type, account);
    const settlement = await settlementOf(id);
    expect(settlement).toMatchObject({ transactionId: id, ...expected });
    expect(await executions(account.split(':')[0] as string, id)).toBe(count);
    await eventually(() => isDone(id));
    expect(around.ledger.settlementsOf(id)).toHaveLength(1);
  });

  test('a bank that nobody knows has declined', async () => {
    const id = await around.ledger.begin(type, 'nowhere');
    expect(await settlementOf(id)).toMatchObject(declined);
  });
});

describe('a bank that refuses connections', () => {
  test('fails deposits while their client still waits, and opens its breaker', async () => {
    const breakers = watchBucket(around.bus, KV_BUCKETS.breakers);
    const shown = () => JSON.parse(breakers.values().get('down') ?? '{}') as object;
    await eventually(() => expect(shown()).toMatchObject({ state: 'closed' }));

    const first = await around.ledger.begin('deposit', 'down');
    expect(await settlementOf(first)).toMatchObject({
      outcome: 'failed',
      failureCode: 'bank-unavailable',
    });
    const more = await around.ledger.beginMany('deposit', 'down', 6);
    for (const id of more) {
      expect(await settlementOf(id)).toMatchObject({ failureCode: 'bank-unavailable' });
    }
    await eventually(() => expect(shown()).toMatchObject({ state: 'open', retryAfterSeconds: 1 }));
    const gauge = () => banking.metric('circuit_breaker_state', { bank: 'down' });
    expect(await gauge()).toBeGreaterThan(0);

    // Withdrawals queue, and go on by themselves when the bank is back.
    const queued = await around.ledger.beginMany('withdrawal', 'down', 20);
    await eventually(async () => {
      const { rows } = await around.database.hot.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM payments WHERE bank = 'down' AND state = 'requested'",
      );
      return rows[0]?.waiting === 20;
    });
    const askedBefore = await banking.metric('circuit_breaker_calls_total', {
      bank: 'down',
      result: 'rejected',
    });
    await around.simulator.change('down', { behaviour: 'ok' });
    await eventually(() => queued.every((id) => around.ledger.settlementsOf(id).length === 1));
    for (const id of queued) expect(around.ledger.settlementsOf(id)[0]).toMatchObject(completed);
    await eventually(() => expect(shown()).toMatchObject({ state: 'closed' }));
    expect(await gauge()).toBe(0);
    // The queue itself keeps payments back: nothing knocks at an open breaker.
    expect(askedBefore).toBeLessThanOrEqual(1);
    const { totals } = await around.simulator.statement('down');
    expect(totals).toEqual([{ kind: 'payout', currency: 'EUR', count: 20, amount: '50000' }]);
    await breakers.stop();
  });
});

describe('the ledger’s word', () => {
  test('events that come again open no second payment', async () => {
    const id = await around.ledger.begin('deposit', 'ok');
    await around.ledger.tellAgain(id);
    await eventually(() => isDone(id));
    await around.ledger.tellAgain(id);
    const later = await around.ledger.begin('deposit', 'ok');
    await eventually(() => isDone(later));
    expect(await executions('ok', id)).toBe(1);
    expect(around.ledger.settlementsOf(id)).toHaveLength(1);
  });

  test('an event signed by another service moves nothing and is put aside', async () => {
    const before = await streamState(around.bus, STREAMS.deadLetters);
    const id = await around.ledger.begin('deposit', 'ok', 'banking');
    await eventually(async () => {
      const now = await streamState(around.bus, STREAMS.deadLetters);
      return now.lastSequence > before.lastSequence;
    });
    expect(await executions('ok', id)).toBe(0);
  });

  test('a settlement that the ledger has not heard of is sent again', async () => {
    around.ledger.deaf = true;
    const id = await around.ledger.begin('deposit', 'ok');
    const answers = async () => {
      const { rows } = await around.database.hot.query<{ answer: string }>(
        'SELECT answer FROM payment_history WHERE transaction_id = $1 ORDER BY version',
        [id],
      );
      return rows.map(({ answer }) => answer);
    };
    await eventually(async () => {
      const announced = (await answers()).filter((answer) => answer === 'announced');
      return announced.length >= 2;
    });
    expect(await isDone(id)).toBe(false);
    around.ledger.deaf = false;
    await eventually(() => isDone(id));
    expect((await answers()).slice(0, 5)).toEqual([
      'asking',
      'settled',
      'announced',
      'unconfirmed',
      'announced',
    ]);
  });
});
