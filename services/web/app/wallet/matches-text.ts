import { formatAmount } from '@florin/kernel';
import type { TransactionView } from '../api/answers.ts';

const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{Diacritic}/gu, '')
    .toLowerCase();

/** Whether every word stands somewhere in the transaction: its note, amount, ids or metadata. */
export function matchesText(transaction: TransactionView, text: string): boolean {
  const { id, description = '', amount, currency, walletId, type } = transaction;
  const { counterpartyWalletId = '', metadata = {} } = transaction;
  const decimal = formatAmount(BigInt(amount), currency);
  const values = Object.values(metadata);
  const place = folded(
    [
      description,
      decimal,
      decimal.replace('.', ','),
      currency,
      type,
      id,
      walletId,
      counterpartyWalletId,
      ...values,
    ].join('\n'),
  );
  return folded(text)
    .split(/\s+/)
    .every((word) => place.includes(word));
}
