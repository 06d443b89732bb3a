import type { FraudLabel } from '@florin/contracts';
import type { RecordAction } from '@florin/messaging';
import type { Fraud } from './adapters/fraud.ts';
import type { Ledger } from './adapters/ledger.ts';
import { refusal, type Refusal } from './domain/refusal.ts';

interface ReportDeps {
  ledger: Pick<Ledger, 'getTransaction'>;
  fraud: Pick<Fraud, 'reportTransaction'>;
  record: RecordAction;
}

interface Report {
  transactionId: string;
  label: FraudLabel['label'];
  source: FraudLabel['source'];
  note: string | undefined;
  actorId: string;
  requestId: string;
}

/**
 * Tells what turned out about a transaction: profiles learn from it at once, the next training
 * later. Reported again in the same words, nothing changes.
 * @throws RetryableError when a neighbour or the audit log is away
 */
export function createReportTransaction({ ledger, fraud, record }: ReportDeps) {
  return async (report: Report): Promise<{ recorded: boolean } | Refusal> => {
    const { transactionId, label, source, note, actorId, requestId } = report;
    const { transaction } = await ledger.getTransaction({ id: transactionId });
    if (transaction === null) {
      return refusal('not-found', `there is no transaction ${transactionId}`);
    }
    const { walletId, counterpartyWalletId } = transaction;
    const answer = await fraud.reportTransaction({
      transactionId,
      walletId,
      ...(counterpartyWalletId === undefined ? {} : { counterpartyWalletId }),
      label,
      source,
      reportedBy: actorId,
    });
    await record({
      id: `report-${transactionId}-${source}-${label}-${requestId}`,
      actorId,
      action: 'transaction-reported',
      target: transactionId,
      after: `${label} (${source})`,
      ...(note === undefined ? {} : { note }),
      requestId,
    });
    return answer;
  };
}

export type ReportTransaction = ReturnType<typeof createReportTransaction>;
