import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { isCurrency, type Currency } from '@florin/kernel';
import { z } from 'zod';
import { PAYMENT_KINDS, type Payment } from '../domain/payment.ts';

const entrySchema = z.strictObject({
  bank: z.string(),
  idempotencyKey: z.string(),
  kind: z.enum(PAYMENT_KINDS),
  amount: z.string().transform(BigInt),
  currency: z.custom<Currency>((code) => typeof code === 'string' && isCurrency(code)),
  account: z.string(),
  paymentId: z.string(),
  verdict: z.enum(['settled', 'declined']),
  standsAtMs: z.number(),
});

/** An append-only file with one line for each payment a bank has recorded. */
export interface PaymentJournal {
  /** What was recorded before this process started, in order. */
  readonly recorded: readonly { bankName: string; payment: Payment }[];
  append(bankName: string, payment: Payment): void;
  clear(): void;
  close(): void;
}

/** The complete lines. Half a line, left by a process killed while writing, counts as none. */
function readLines(file: string): { lines: string[]; length: number } {
  if (!existsSync(file)) return { lines: [], length: 0 };
  const content = readFileSync(file);
  const length = content.lastIndexOf('\n') + 1;
  const text = content.toString('utf8', 0, length);
  return { lines: text.split('\n').filter((line) => line !== ''), length };
}

function parseLine(line: string): { bankName: string; payment: Payment } {
  const { bank: bankName, ...payment } = entrySchema.parse(JSON.parse(line));
  return { bankName, payment };
}

/**
 * Opens the journal. Lines are written before the bank answers but not synced to the disk: they
 * outlast the process, which is what the simulator promises, not the machine.
 */
export function openPaymentJournal(file: string): PaymentJournal {
  const { lines, length } = readLines(file);
  const descriptor = openSync(file, 'a');
  ftruncateSync(descriptor, length);
  return {
    recorded: lines.map(parseLine),
    append(bankName, payment) {
      const entry = { bank: bankName, ...payment, amount: String(payment.amount) };
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
    },
    clear: () => ftruncateSync(descriptor, 0),
    close: () => closeSync(descriptor),
  };
}

/** A simulator without a state file forgets everything with its process. */
export const memoryOnlyJournal: PaymentJournal = {
  recorded: [],
  append: () => undefined,
  clear: () => undefined,
  close: () => undefined,
};
