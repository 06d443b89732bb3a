import type { Transaction } from '@florin/contracts';
import type { RecordedAction } from '@florin/messaging';
import { expect, test } from 'vitest';
import { createReportTransaction } from './report-transaction.ts';

const transaction = { walletId: 'payer', counterpartyWalletId: 'payee' } as Transaction;

function report(known: boolean) {
  const told: unknown[] = [];
  const recorded: RecordedAction[] = [];
  const reportTransaction = createReportTransaction({
    ledger: {
      getTransaction: async () => ({ transaction: known ? transaction : null, clientId: null }),
    },
    fraud: {
      reportTransaction: async (label) => {
        told.push(label);
        return { recorded: true };
      },
    },
    record: async (action) => void recorded.push(action),
  });
  const answer = reportTransaction({
    transactionId: 'tx',
    label: 'fraud',
    source: 'chargeback',
    note: undefined,
    actorId: 'olga',
    requestId: 'r',
  });
  return answer.then((answered) => ({ answered, told, recorded }));
}

test('hunts reports that blame nobody: payer and payee are those of the books', async () => {
  const { answered, told, recorded } = await report(true);
  expect(answered).toEqual({ recorded: true });
  expect(told).toEqual([
    {
      transactionId: 'tx',
      walletId: 'payer',
      counterpartyWalletId: 'payee',
      label: 'fraud',
      source: 'chargeback',
      reportedBy: 'olga',
    },
  ]);
  expect(recorded).toMatchObject([
    { id: 'report-tx-chargeback-fraud-r', action: 'transaction-reported', target: 'tx' },
  ]);
});

test('hunts labels of transactions that never were', async () => {
  const { answered, told, recorded } = await report(false);
  expect(answered).toMatchObject({ refused: 'not-found' });
  expect([told, recorded]).toEqual([[], []]);
});
