import type { BulkCounts, BulkLineResult, Transaction } from '@florin/contracts';

/** A line by what the ledger has decided about its transaction. */
export function resultOf(line: number, { id, status, failure }: Transaction): BulkLineResult {
  if (status === 'failed') {
    const { code = 'internal', detail } = failure ?? {};
    return {
      line,
      status: 'failed',
      transactionId: id,
      code,
      ...(detail !== undefined && { detail: detail.slice(0, 200) }),
    };
  }
  return { line, status: status === 'held' ? 'held' : 'completed', transactionId: id };
}

export const countsOf = (results: readonly BulkLineResult[]): BulkCounts => {
  const counts = { completed: 0, held: 0, failed: 0, invalid: 0 };
  for (const { status } of results) if (status !== 'cancelled') counts[status]++;
  return counts;
};

export const ndjsonOf = (results: readonly BulkLineResult[]): string =>
  results.map((result) => `${JSON.stringify(result)}\n`).join('');

/** Results of lines that were never sent, because their file was cancelled. */
export const cancelledResults = (firstLine: number, lines: number): string =>
  ndjsonOf(
    Array.from({ length: lines }, (_, index) => ({
      line: firstLine + index,
      status: 'cancelled' as const,
    })),
  );
