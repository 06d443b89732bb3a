import type { StatementEntry } from '@florin/contracts';
import { formatAmount, type Currency } from '@florin/kernel';

/** The minute of a time, for people. */
export const minuteOf = (time: string): string => time.slice(0, 16).replace('T', ' ');

/** An entry as a line on paper: amounts with the decimals of their currency, debits negative. */
export function entryCells(entry: StatementEntry, currency: Currency) {
  const { direction, amount, balanceAfter, type, description, createdAt } = entry;
  const money = formatAmount(BigInt(amount), currency);
  return {
    date: minuteOf(createdAt),
    what: description === undefined ? type : `${type}: ${description}`,
    amount: (direction === 'debit' ? '-' : '+') + money,
    balance: formatAmount(BigInt(balanceAfter), currency),
  };
}
