import { bankOf, REWARDS_OWNER, type RefusalCode } from '@florin/contracts';
import { present } from '@florin/kernel';
import {
  availableOf,
  BALANCE_MAX,
  CLEARING_DEPOSITS_MAX,
  type Book,
  type TransactionState,
  type WalletState,
} from './book.ts';
import { conversionRefusal, positionsRefusal } from './conversion.ts';
import { arrivingOf } from './depart.ts';
import { costOf } from './fee.ts';
import { isElsewhere } from './shards.ts';
import { systemAccountId } from './system-accounts.ts';

/** What the rules look at. */
export type Movement = Pick<
  TransactionState,
  | 'type'
  | 'walletId'
  | 'counterpartyWalletId'
  | 'amount'
  | 'currency'
  | 'bankAccount'
  | 'partition'
  | 'conversion'
  | 'fee'
>;

/**
 * Why these wallets may not take part in the movement: the first rule that is broken names the
 * refusal. Whether there is money enough is another question.
 */
export function walletRefusal(
  book: Book,
  movement: Movement,
  wallet: WalletState,
): RefusalCode | undefined {
  if (wallet.status === 'closed') return 'wallet-closed';
  if (wallet.status === 'frozen' && !isChargeback(movement)) return 'wallet-frozen';
  if (wallet.currency !== movement.currency) return 'currency-mismatch';
  if (!paysWhatItMay(movement, wallet)) return 'not-found';
  if (movement.type === 'deposit') return depositRefusal(book, movement, wallet);
  if (movement.bankAccount !== null) return undefined;
  if (movement.counterpartyWalletId === movement.walletId) return 'same-wallet';
  if (isElsewhere(book, movement.counterpartyWalletId)) {
    return departureRefusal(book, movement);
  }
  const counterparty = book.wallets.get(movement.counterpartyWalletId ?? '');
  if (counterparty === undefined || counterparty.kind !== 'user') return 'not-found';
  if (counterparty.status === 'closed') return 'wallet-closed';
  if (counterparty.status === 'frozen') return 'wallet-frozen';
  if (movement.type === 'conversion')
    return conversionRefusal(book, movement, wallet, counterparty);
  if (counterparty.currency !== wallet.currency) return 'currency-mismatch';
  return counterparty.posted + movement.amount > BALANCE_MAX ? 'limit-exceeded' : undefined;
}

/** A bank takes a deposit back: to freeze a wallet must not save what is in it from that. */
const isChargeback = ({ type, bankAccount }: Movement): boolean =>
  type === 'reversal' && bankAccount !== null;

/** What is there for rewards pays rewards, and nobody else’s wallet does. What it got goes back. */
function paysWhatItMay({ type }: Movement, { ownerId }: WalletState): boolean {
  if (type === 'deposit' || type === 'reversal') return true;
  return (type === 'reward') === (ownerId === REWARDS_OWNER);
}

/** Numbers end somewhere here, too. Whether the payee may be paid is for its shard to decide. */
function departureRefusal(book: Book, movement: Movement): RefusalCode | undefined {
  const payee = present(movement.counterpartyWalletId, 'payee in another shard');
  const pair = present(book.otherShards, 'another shard').pairOf(payee);
  const { amount, currency } = arrivingOf(movement);
  const id = systemAccountId('transit', pair, currency, movement.partition);
  const account = book.wallets.get(id);
  const isFull = account !== undefined && account.posted + amount > CLEARING_DEPOSITS_MAX;
  if (isFull) return 'limit-exceeded';
  return movement.conversion === null ? undefined : positionsRefusal(book, movement);
}

/** Numbers end somewhere: a deposit that could not be posted must not begin. */
function depositRefusal(
  book: Book,
  { amount, bankAccount, currency, partition }: Movement,
  wallet: WalletState,
): RefusalCode | undefined {
  if (wallet.posted + amount > BALANCE_MAX) return 'limit-exceeded';
  const bank = bankOf(present(bankAccount, 'bank account of a deposit'));
  const clearing = book.wallets.get(systemAccountId('bank-clearing', bank, currency, partition));
  if (clearing === undefined) return undefined;
  return availableOf(clearing) - amount < -CLEARING_DEPOSITS_MAX ? 'limit-exceeded' : undefined;
}

/** Whether the paying wallet has what is asked of it. A deposit asks nothing of it. */
export function fundsRefusal(movement: Movement, wallet: WalletState): RefusalCode | undefined {
  if (movement.type === 'deposit') return undefined;
  const short = availableOf(wallet) - costOf(movement) < -wallet.overdraftLimit;
  return short ? 'insufficient-funds' : undefined;
}
