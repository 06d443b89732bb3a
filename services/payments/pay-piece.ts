import type { BulkLine, BulkLineResult, Transaction, TransactionOrder } from '@florin/contracts';
import { present, RetryableError } from '@florin/kernel';
import type { OrderDesk } from './adapters/order-desk.ts';
import type { FindWalletFacts, WalletFacts } from './adapters/wallet-facts.ts';
import { lineTransactionId, transferOrder } from './domain/payment-order.ts';
import { resultOf } from './domain/piece-results.ts';
import { invalidLine, readLine } from './domain/read-line.ts';
import type { Slots, Turn } from './in-flight.ts';
import type { BulkFileRow } from './sql/bulk-files.ts';

/** How often the same order is sent before its piece has to wait. */
const TRIES_MAX = 5;

interface PayDeps {
  desk: OrderDesk;
  findFacts: FindWalletFacts;
  /** Orders that may be under way at once, of all files together: lanes are for others too. */
  slots: Slots;
  waitMs: number;
}

interface ReadLine {
  line: number;
  transfer: BulkLine;
}

/**
 * Sends the lines of one piece of a file and waits until each has its result. Sent again, after
 * whatever happened, the same lines are the same transactions.
 * @throws RetryableError when the ledger does not answer
 */
export function createPayPiece({ desk, findFacts, slots, waitMs }: PayDeps) {
  async function place(order: TransactionOrder): Promise<Transaction> {
    for (let tried = 0; tried < TRIES_MAX; tried++) {
      const decided = await desk.place(order, waitMs);
      if (decided !== undefined) return decided;
    }
    throw new RetryableError(`order ${order.transactionId} is not decided`);
  }

  function orderOf(
    file: BulkFileRow,
    { line, transfer }: ReadLine,
    facts: WalletFacts | undefined,
  ): TransactionOrder | BulkLineResult {
    if (facts === undefined || !(file.everyWallet || facts.ownerId === file.ownerId)) {
      return invalidLine(line, 'not-found', `there is no wallet ${transfer.fromWalletId}`);
    }
    const { fromWalletId, toWalletId, amount, description, metadata } = transfer;
    return transferOrder({
      transactionId: lineTransactionId(file.id, line),
      clientId: file.ownerId,
      walletId: fromWalletId,
      counterpartyWalletId: toWalletId,
      amount: amount.toString(),
      currency: facts.currency,
      ...(description !== undefined && { description }),
      ...(metadata !== undefined && { metadata }),
    });
  }

  /** Sends them in the order of the lines: what one wallet pays is decided in that order. */
  async function send(file: BulkFileRow, transfers: readonly ReadLine[]) {
    const payers = transfers.map(({ transfer }) => transfer.fromWalletId);
    const facts = payers.length === 0 ? new Map<string, WalletFacts>() : await findFacts(payers);
    const results: Promise<BulkLineResult>[] = [];
    for (const read of transfers) {
      const made = orderOf(file, read, facts.get(read.transfer.fromWalletId));
      if ('line' in made) {
        results.push(Promise.resolve(made));
        continue;
      }
      await slots.take();
      const paid = place(made)
        .then((transaction) => resultOf(read.line, transaction))
        .finally(slots.give);
      // Its failure is looked at when all were sent.
      paid.catch(() => undefined);
      results.push(paid);
    }
    return results;
  }

  return async (
    file: BulkFileRow,
    { firstLine, text }: { firstLine: number; text: string },
    turn: Turn,
  ): Promise<BulkLineResult[]> => {
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    const read = lines.map((one, index) => readLine(one, firstLine + index));
    const transfers = read.flatMap((one, index) =>
      one.ok ? [{ line: firstLine + index, transfer: one.value }] : [],
    );
    await turn.come;
    const sent = await send(file, transfers).finally(turn.done);
    const results = new Map((await Promise.all(sent)).map((result) => [result.line, result]));
    return read.map((one, index) =>
      one.ok ? present(results.get(firstLine + index), 'result') : one.error,
    );
  };
}

export type PayPiece = ReturnType<typeof createPayPiece>;
