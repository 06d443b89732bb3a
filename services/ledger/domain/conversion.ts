import type { RefusalCode, SignedQuote } from '@florin/contracts';
import { present } from '@florin/kernel';
import type { Asked } from './asked.ts';
import {
  availableOf,
  BALANCE_MAX,
  CLEARING_DEPOSITS_MAX,
  type Book,
  type ConversionState,
  type EntryState,
  type TransactionState,
  type WalletState,
} from './book.ts';
import type { Changes } from './changes.ts';
import { microsFromIso } from './iso-time.ts';
import { move, pay, systemAccount } from './posting.ts';
import { systemAccountId } from './system-accounts.ts';

/** What a quote says about a conversion, in the words of the books. */
export const conversionOf = (quote: SignedQuote): ConversionState => ({
  quoteId: quote.id,
  usesQuote: false,
  toCurrency: quote.toCurrency,
  toAmount: BigInt(quote.toAmount),
  rate: quote.rate,
  baseCurrency: quote.baseCurrency,
  fromValue: BigInt(quote.fromValue),
  toValue: BigInt(quote.toValue),
});

/** A quote was promised once, and until a time. Only whoever begins has to be in time. */
export function quoteRefusal(
  book: Book,
  quote: SignedQuote,
  nowUs: number,
): RefusalCode | undefined {
  const isUsed = book.usedQuotes.has(quote.id) || book.otherShards?.usedElsewhere?.has(quote.id);
  if (isUsed) return 'quote-used';
  return nowUs >= microsFromIso(quote.expiresAt) ? 'quote-expired' : undefined;
}

type Converting = Pick<
  TransactionState,
  'amount' | 'currency' | 'partition' | 'conversion' | 'counterpartyWalletId'
>;

/** Why these two wallets can't take part: both have one owner, and each its own currency. */
export function conversionRefusal(
  book: Book,
  { amount, currency, partition, conversion }: Converting,
  wallet: WalletState,
  counterparty: WalletState,
): RefusalCode | undefined {
  const { toCurrency, toAmount } = present(conversion, 'quote of a conversion');
  if (counterparty.ownerId !== wallet.ownerId) return 'owner-mismatch';
  if (counterparty.currency !== toCurrency) return 'currency-mismatch';
  if (counterparty.posted + toAmount > BALANCE_MAX) return 'limit-exceeded';
  return positionsRefusal(book, { amount, currency, partition, conversion });
}

/** Numbers end somewhere, on both sides of zero. */
export function positionsRefusal(
  book: Book,
  { amount, currency, partition, conversion }: Omit<Converting, 'counterpartyWalletId'>,
): RefusalCode | undefined {
  const { toCurrency, toAmount } = present(conversion, 'quote of a conversion');
  const taken = book.wallets.get(positionId(currency, partition));
  const given = book.wallets.get(positionId(toCurrency, partition));
  const isFull =
    (taken !== undefined && taken.posted + amount > CLEARING_DEPOSITS_MAX) ||
    (given !== undefined && availableOf(given) - toAmount < -CLEARING_DEPOSITS_MAX);
  return isFull ? 'limit-exceeded' : undefined;
}

export const positionId = (currency: string, partition: number): string =>
  systemAccountId('fx-position', '', currency, partition);

/**
 * Four entries: the platform takes one currency and gives the other, out of its open positions, and
 * a fifth where that costs a fee beside the rate. Of each currency they sum to zero. The entries of
 * the two wallets come first and last.
 * @param receiver the other wallet, or the account between here and its shard
 */
export function postConversion(
  book: Book,
  state: TransactionState,
  wallet: WalletState,
  receiver: WalletState,
  asked: Asked,
  changes: Changes,
): EntryState[] {
  const { toCurrency, toAmount } = present(state.conversion, 'quote of a conversion');
  const position = (currency: typeof toCurrency): WalletState =>
    systemAccount(book, 'fx-position', '', currency, state.partition, asked.nowUs);
  const taken = position(state.currency);
  const given = position(toCurrency);
  const paid = pay(book, state, wallet, taken, asked.nowUs, changes);
  const got = move(state.id, toAmount, given, receiver, asked.nowUs, changes);
  state.status = 'completed';
  state.completedAtUs = Math.max(asked.nowUs, state.createdAtUs);
  state.walletSequence = paid.debit.sequence;
  state.counterpartySequence = got.credit.sequence;
  return [...paid.entries, got.debit, got.credit];
}

/** From the first decision on that is no refusal: a quote is not given back. */
export function useQuote(book: Book, state: TransactionState): void {
  if (state.conversion === null) return;
  state.conversion.usesQuote = true;
  book.usedQuotes.add(state.conversion.quoteId);
}
