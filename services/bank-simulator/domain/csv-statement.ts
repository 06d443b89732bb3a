import { formatAmount, type Minor } from '@florin/kernel';
import { isoTime } from './iso-time.ts';
import type { DayStatement } from './day-statement.ts';

const COLUMNS = [
  'record',
  'bank',
  'currency',
  'reference',
  'end_to_end_id',
  'direction',
  'amount',
  'booked_at',
  'valued_at',
];

const END = '\r\n';

function recordsOf(statement: DayStatement): string[][] {
  const { bank, currency, fromMs, toMs, complete, opening, closing, entries } = statement;
  const money = (amount: Minor): string[] => [
    amount < 0n ? 'debit' : 'credit',
    formatAmount(amount < 0n ? -amount : amount, currency),
  ];
  return [
    ['opening', bank, currency, '', '', ...money(opening), isoTime(fromMs), ''],
    ...entries.map(({ reference, endToEndId, amount, bookedAtMs }) => {
      const at = isoTime(bookedAtMs);
      return ['entry', bank, currency, reference, endToEndId, ...money(amount), at, at];
    }),
    [
      complete ? 'closing' : 'interim',
      bank,
      currency,
      '',
      '',
      ...money(closing),
      isoTime(toMs),
      '',
    ],
  ];
}

/**
 * Statements as a table (RFC 4180), one after the other. Nothing in it needs quotes: names of
 * banks, references and ids are made of letters, digits and `._:-`.
 */
export const csvOfStatements = (statements: readonly DayStatement[]): string =>
  [COLUMNS, ...statements.flatMap(recordsOf)].map((cells) => cells.join(',') + END).join('');
