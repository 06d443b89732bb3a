import { csvHeader, csvLines } from '../domain/csv.ts';
import type { Statement } from './write-statement.ts';

const COLUMNS = [
  'sequence',
  'createdAt',
  'transactionId',
  'direction',
  'amount',
  'balanceAfter',
  'currency',
  'type',
  'description',
] as const;

/** One line an entry, amounts in minor units as everywhere in the API. */
export async function* csvStatement({ currency, entries }: Statement): AsyncIterable<string> {
  yield csvHeader(COLUMNS);
  for await (const piece of entries()) {
    yield csvLines(
      COLUMNS,
      piece.map((entry) => ({ ...entry, currency })),
    );
  }
}
