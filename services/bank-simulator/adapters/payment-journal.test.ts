import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Payment } from '../domain/payment.ts';
import { openPaymentJournal } from './payment-journal.ts';

const payment = (idempotencyKey: string): Payment => ({
  idempotencyKey,
  paymentId: `p-${idempotencyKey}`,
  kind: 'payout',
  amount: 1_000_000_000_000_000n,
  currency: 'EUR',
  account: 'acc',
  verdict: 'settled',
  standsAtMs: 5,
});

describe('the journal brings back exactly what was recorded', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'florin-journal-'));
    file = join(folder, 'payments.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (...keys: string[]) => {
    const journal = openPaymentJournal(file);
    for (const key of keys) journal.append('ok', payment(key));
    journal.close();
  };
  const recordedKeys = () => {
    const journal = openPaymentJournal(file);
    journal.close();
    return journal.recorded.map((entry) => entry.payment.idempotencyKey);
  };

  test('payments come back in order and in full, amounts to the last digit', () => {
    write('a', 'b');
    const journal = openPaymentJournal(file);
    journal.close();
    expect(journal.recorded).toEqual([
      { bankName: 'ok', payment: payment('a') },
      { bankName: 'ok', payment: payment('b') },
    ]);
  });

  test('half a line of a killed process is dropped and does not spoil the next one', () => {
    write('a');
    appendFileSync(file, '{"bank":"ok","idempo');
    write('b');
    expect(recordedKeys()).toEqual(['a', 'b']);
  });

  test('after clearing, only what comes later is there', () => {
    write('a');
    const journal = openPaymentJournal(file);
    journal.clear();
    journal.append('ok', payment('b'));
    journal.close();
    expect(recordedKeys()).toEqual(['b']);
  });
});
