import { asTransactionId, asWalletId, systemClock, uuidv7 } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger, createMetrics } from '@florin/runtime';
import { eventually, freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeBanks, openBanks, type Banks } from '../adapters/open-banks.ts';
import { createPaymentStore } from '../adapters/payment-store.ts';
import type { Answer, AnswerType } from '../domain/apply-answer.ts';
import type { Payment, PaymentKind } from '../domain/payment.ts';
import { POLICY_DEFAULT } from '../domain/policy.ts';
import { settlementOf } from '../domain/settlement-of.ts';
import { createTakeStep, type StepDeps } from '../take-step.ts';
import { createWorkQueue } from '../work-queue.ts';
import { startBankSimulator, type BankSimulator } from './bank-simulator.ts';
import { withCrashPoints } from './crash-points.ts';
import { PLAIN_BANKS } from './plain-banks.ts';
import { samplePayment } from './sample-payment.ts';

/** More moments than any payment passes; a higher one is simply never reached. */
const MOMENTS = 24;
const CLAIM_MS = 400;
const log = createLogger('banking', 'silent');
const policy = {
  ...POLICY_DEFAULT,
  ask: { baseMs: 20, capMs: 100 },
  poll: { baseMs: 20, capMs: 100 },
  confirm: { baseMs: 20, capMs: 100 },
};

let simulator: BankSimulator;
let database: Database;
let banks: Banks;

beforeAll(async () => {
  const url = await freshDatabase('banking_crash', new URL('../migrations', import.meta.url));
  database = await createPool({ url, applicationName: 'banking-test' });
  simulator = await startBankSimulator({ SETTLE_TIME: '300' });
  banks = await openBanks(await simulator.addresses(), {
    ...PLAIN_BANKS,
    connections: 64,
    connectTimeoutMs: 500,
    requestTimeoutMs: 150,
    // Breakers have their own test: here they would only make it slow.
    breaker: {
      timeoutMs: 1_000,
      errorThresholdPercentage: 100,
      volumeThreshold: 100_000,
      resetTimeoutMs: 200,
    },
    metrics: createMetrics('banking'),
  });
});

afterAll(async () => {
  await closeBanks(banks);
  await database?.end();
  await simulator?.[Symbol.asyncDispose]();
});

/** Remembers, for each payment, what the bank was called for and what came of it. */
function recordCalls() {
  const calls = new Map<string, (AnswerType | 'ask' | 'status')[]>();
  const note = (id: string, entry: AnswerType | 'ask' | 'status') =>
    void calls.set(id, [...(calls.get(id) ?? []), entry]);
  const record = (what: 'ask' | 'status', call: (payment: Payment) => Promise<Answer>) => {
    return async (payment: Payment): Promise<Answer> => {
      note(payment.transactionId, what);
      const answer = await call(payment);
      note(payment.transactionId, answer.type);
      return answer;
    };
  };
  const recorded = [...banks].map(([name, { ask, checkStatus, circuit }]) => {
    const bank = {
      circuit,
      ask: record('ask', ask),
      checkStatus: record('status', checkStatus),
    };
    return [name, bank] as const;
  });
  return { calls, banks: new Map(recorded) };
}

/** A ledger that hears settlements: what it was told for each transaction, repetitions included. */
function listeningLedger() {
  const told = new Map<string, string[]>();
  return {
    told,
    announce: async (payment: Payment): Promise<Answer> => {
      const before = told.get(payment.transactionId) ?? [];
      told.set(payment.transactionId, [...before, JSON.stringify(settlementOf(payment))]);
      return { type: 'announced' };
    },
    confirm: async ({ transactionId }: Payment): Promise<Answer> => ({
      type: told.has(transactionId) ? 'confirmed' : 'unconfirmed',
    }),
  };
}

function startWorker(
  name: string,
  deps: Omit<StepDeps, 'store'>,
  crashAt: (id: string) => number = () => Infinity,
) {
  const store = createPaymentStore({ pool: database.hot, worker: name, claimMs: CLAIM_MS });
  const points = withCrashPoints({ ...deps, store }, crashAt);
  const queue = createWorkQueue({
    store,
    banks,
    takeStep: createTakeStep(points.deps),
    log,
    bankConcurrency: 64,
    pollMs: 50,
  });
  queue.start();
  return { store, points, queue };
}

const openPayments = (bank: string, kind: PaymentKind): Payment[] =>
  Array.from({ length: MOMENTS }, () =>
    samplePayment({
      transactionId: asTransactionId(uuidv7()),
      walletId: asWalletId(uuidv7()),
      kind,
      bank,
      account: bank,
      deadlineAtMs: kind === 'charge' ? Date.now() + 30_000 : null,
    }),
  );

async function statesOf(payments: readonly Payment[]): Promise<string[]> {
  const { rows } = await database.hot.query<{ state: string }>(
    'SELECT state FROM payments WHERE transaction_id = ANY($1)',
    [payments.map(({ transactionId }) => transactionId)],
  );
  return rows.map(({ state }) => state);
}

/** The bank may be asked again only after a word that the payment was not executed. */
function expectNeverAskedBlindly(calls: readonly string[]): void {
  for (const [i, call] of calls.entries()) {
    if (call !== 'ask' || i === 0) continue;
    expect(['never-seen', 'not-executed']).toContain(calls[i - 1]);
  }
}

const SCENARIOS = [
  ['ok', 'completed', true],
  ['slow', 'completed', true],
  ['declined', 'failed', false],
  ['timeout', 'completed', true],
  ['flaky', 'completed', true],
  ['unknown-then-ok', 'completed', true],
  ['unknown-then-declined', 'failed', false],
] as const;

describe.each(['charge', 'payout'] as const)('a %s whose process dies at any moment', (kind) => {
  test.each(SCENARIOS)(
    'is neither lost nor executed twice by the bank %s',
    async (bank, outcome, executed) => {
      const ledger = listeningLedger();
      const { calls, banks: recorded } = recordCalls();
      const deps = { ...ledger, banks: recorded, policy, clock: systemClock };
      const payments = openPayments(bank, kind);
      const moment = new Map(
        payments.map(({ transactionId }, i) => [transactionId as string, i + 1]),
      );

      const mortal = startWorker('mortal', deps, (id) => moment.get(id) ?? Infinity);
      await mortal.store.open(payments);
      mortal.queue.wake();
      await eventually(async () => {
        const { rows } = await database.hot.query<{ id: string }>(
          "SELECT transaction_id AS id FROM payments WHERE state <> 'done'",
        );
        return rows.every(({ id }) => mortal.points.crashed(id));
      });
      await mortal.queue.stop();
      const crashes = payments.filter(({ transactionId }) => mortal.points.crashed(transactionId));
      expect(crashes.length).toBeGreaterThanOrEqual(8);

      const heir = startWorker('heir', deps);
      await eventually(async () => (await statesOf(payments)).every((state) => state === 'done'));
      await heir.queue.stop();

      const statement = await simulator.statement(bank);
      for (const { transactionId } of payments) {
        const settlements = ledger.told.get(transactionId) ?? [];
        expect(new Set(settlements).size).toBe(1);
        expect(JSON.parse(settlements[0] as string)).toMatchObject({ outcome });
        const executions = statement.payments.filter((one) => one.idempotencyKey === transactionId);
        expect(executions.length).toBe(executed ? 1 : 0);
        expectNeverAskedBlindly(calls.get(transactionId) ?? []);
      }
    },
  );

  test('says no only for what a bank that is down never saw', async () => {
    const ledger = listeningLedger();
    const deps = { ...ledger, banks, policy, clock: systemClock };
    const payments = openPayments('down', kind);
    const moment = new Map(
      payments.map(({ transactionId }, i) => [transactionId as string, i + 1]),
    );
    const mortal = startWorker('mortal', deps, (id) => moment.get(id) ?? Infinity);
    await mortal.store.open(payments);
    mortal.queue.wake();
    await eventually(() =>
      payments.slice(0, 6).every(({ transactionId }) => mortal.points.crashed(transactionId)),
    );
    await mortal.queue.stop();
    await simulator.change('down', { behaviour: 'ok' });
    const heir = startWorker('heir', deps);
    await eventually(async () => (await statesOf(payments)).every((state) => state === 'done'));
    await heir.queue.stop();
    await simulator.change('down', { behaviour: 'down' });

    const { payments: executed } = await simulator.statement('down');
    const completed = [...ledger.told].filter(([, [first = '']]) => first.includes('completed'));
    expect(executed.map((one) => one.idempotencyKey).toSorted()).toEqual(
      expect.arrayContaining(completed.map(([id]) => id)),
    );
    const failed = [...ledger.told].filter(([, [first = '']]) => first.includes('failed'));
    for (const [id] of failed) expect(executed.map((one) => one.idempotencyKey)).not.toContain(id);
    if (kind === 'payout') expect(failed).toEqual([]);
  });
});
