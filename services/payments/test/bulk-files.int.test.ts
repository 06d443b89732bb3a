import { randomUUID } from 'node:crypto';
import type { BulkLineResult, Transaction, TransactionOrder } from '@florin/contracts';
import { RetryableError, systemClock } from '@florin/kernel';
import { createPool, type Database } from '@florin/postgres';
import { createLogger } from '@florin/runtime';
import { freshDatabase } from '@florin/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSlots } from '../in-flight.ts';
import { createBulkFileUseCases } from '../manage-bulk-files.ts';
import { createPayPiece } from '../pay-piece.ts';
import { createRunBulkFiles } from '../run-bulk-files.ts';

/**
 * Hunts lines that are lost, sent out of order, or counted twice, over a real Postgres and a ledger
 * that knows each transaction once, with processes that die in the middle of pieces.
 */

const stack = new AsyncDisposableStack();
const clock = systemClock;
let database: Database;

beforeAll(async () => {
  const url = await freshDatabase('payments_bulk', new URL('../migrations', import.meta.url));
  database = stack.use(await createPool({ url, applicationName: 'payments' }));
});
afterAll(() => stack.disposeAsync());

const transactionOf = (order: TransactionOrder): Transaction => ({
  id: order.transactionId,
  type: 'transfer',
  status: 'completed',
  walletId: order.walletId,
  amount: order.amount,
  currency: order.currency,
  createdAt: new Date().toISOString(),
});

/** A ledger, and processes that work for it until they die after so many orders. */
function world(owner: string) {
  const books = new Map<string, TransactionOrder>();
  let atOnce = 0;
  let mostAtOnce = 0;
  function processDyingAfter(orders: number) {
    let left = orders;
    const desk = {
      async place(order: TransactionOrder) {
        if (left-- <= 0) throw new RetryableError('the process is dead');
        const known = books.get(order.transactionId);
        if (known === undefined) books.set(order.transactionId, order);
        else expect(order).toEqual(known);
        mostAtOnce = Math.max(mostAtOnce, ++atOnce);
        await new Promise(setImmediate);
        atOnce--;
        return transactionOf(order);
      },
    };
    const facts = { ownerId: owner, currency: 'USD' as const };
    return createRunBulkFiles({
      db: database.slonik,
      clock,
      log: createLogger('payments', 'silent'),
      payPiece: createPayPiece({
        desk,
        findFacts: async (ids) => new Map(ids.map((id) => [id, facts])),
        slots: createSlots(50),
        waitMs: 1_000,
      }),
      claimMs: 1,
      shutdown: new AbortController().signal,
      count: () => undefined,
      onTold: () => undefined,
    });
  }
  return { books, processDyingAfter, mostAtOnce: () => mostAtOnce };
}

const files = () =>
  createBulkFileUseCases({
    db: database.slonik,
    clock,
    filesMax: 2,
    onRunning: () => undefined,
    onTold: () => undefined,
  });

async function uploaded(ownerId: string, pieces: number, linesOf: number) {
  const [id, from, to] = [randomUUID(), randomUUID(), randomUUID()];
  const useCases = files();
  await useCases.beginBulkFile({ id, ownerId, everyWallet: false });
  const line = JSON.stringify({ fromWalletId: from, toWalletId: to, amount: '1' });
  for (let number = 1; number <= pieces; number++) {
    const firstLine = (number - 1) * linesOf + 1;
    const text = `${line}\n`.repeat(linesOf);
    await useCases.appendBulkPiece({ id, number, firstLine, lines: linesOf, text });
  }
  const size = { pieces, lines: pieces * linesOf, bytes: 1 };
  return { id, size, line, finish: () => useCases.finishBulkUpload({ id, ...size }) };
}

async function resultsOf(id: string): Promise<BulkLineResult[]> {
  const results: BulkLineResult[] = [];
  for (let piece = 1; ; piece++) {
    const { text } = await files().readBulkResults({ id, ownerId: null, piece });
    if (text === null) return results;
    const lines = text.split('\n').filter((one) => one !== '');
    results.push(...lines.map((one) => JSON.parse(one) as BulkLineResult));
  }
}

test('processes that die in the middle lose no line, double none, and keep the order', async () => {
  const owner = randomUUID();
  const { books, processDyingAfter, mostAtOnce } = world(owner);
  const { id, finish } = await uploaded(owner, 12, 100);
  await finish();
  let deaths = 0;
  for (;;) {
    const { file } = await files().getBulkFile({ id, ownerId: owner });
    if (file?.status === 'completed') break;
    await processDyingAfter(137 + deaths * 11)();
    deaths++;
  }
  expect(deaths).toBeGreaterThan(3);
  const { file } = await files().getBulkFile({ id, ownerId: owner });
  expect(file?.counts).toEqual({ completed: 1200, held: 0, failed: 0, invalid: 0 });
  const results = await resultsOf(id);
  expect(results.map(({ line }) => line)).toEqual(Array.from({ length: 1200 }, (_, n) => n + 1));
  // In the order in which the ledger first met them: that of the file.
  expect([...books.keys()]).toEqual(results.map(({ transactionId }) => transactionId));
  expect(mostAtOnce()).toBeLessThanOrEqual(50);
});

test('two processes at one file write its results once', async () => {
  const owner = randomUUID();
  const { books, processDyingAfter } = world(owner);
  const { id, finish } = await uploaded(owner, 6, 50);
  await finish();
  await Promise.all([processDyingAfter(Infinity)(), processDyingAfter(Infinity)()]);
  const { file } = await files().getBulkFile({ id, ownerId: owner });
  expect(file).toMatchObject({ status: 'completed', done: 300 });
  expect(books.size).toBe(300);
});

test('an upload is what its key stands for', async () => {
  const owner = randomUUID();
  const { id, size, line, finish } = await uploaded(owner, 2, 10);
  const other = { id, number: 2, firstLine: 11, lines: 10, text: `${line}\n\n`.repeat(5) };
  expect(await files().appendBulkPiece(other)).toMatchObject({ refused: 'key-reused' });
  const shorter = { id, ...size, pieces: 1, lines: 10 };
  expect(await files().finishBulkUpload(shorter)).toMatchObject({ refused: 'key-reused' });
  expect(await finish()).toMatchObject({ file: { status: 'running', lines: 20 } });
  expect(await finish()).toMatchObject({ file: { status: 'running', lines: 20 } });
  const third = { ...other, number: 3, firstLine: 21 };
  expect(await files().appendBulkPiece(third)).toMatchObject({ refused: 'key-reused' });
  await files().setBulkFileStatus({ id, ownerId: owner, to: 'cancelled' });
});

test('a cancelled file tells which lines were never sent, and what became of others', async () => {
  const owner = randomUUID();
  const { books, processDyingAfter } = world(owner);
  const { id, finish } = await uploaded(owner, 8, 25);
  await finish();
  await processDyingAfter(30)();
  await files().setBulkFileStatus({ id, ownerId: owner, to: 'cancelled' });
  // The dead process had sent some lines of the second piece; nobody wrote down what came of it.
  expect((await resultsOf(id)).length).toBeLessThan(50);
  while (await processDyingAfter(Infinity)());
  const results = await resultsOf(id);
  expect(results).toHaveLength(200);
  const paid = results.filter(({ status }) => status === 'completed');
  expect(paid.map(({ transactionId }) => transactionId)).toEqual([...books.keys()]);
  const cancelled = results.filter(({ status }) => status === 'cancelled');
  expect(cancelled.length).toBe(200 - paid.length);
  expect(cancelled.length).toBeGreaterThan(0);
});
