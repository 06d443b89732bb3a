import type { RefusalCode, WalletLimits } from '@florin/contracts';
import type { TransactionState, WalletState } from './book.ts';

/** What may leave a wallet, and what has left it in the day and month of its last change (UTC). */
export interface Allowance {
  perTransaction: bigint;
  perDay: bigint;
  perMonth: bigint;
  spentDay: bigint;
  spentMonth: bigint;
}

const DAY_US = 86_400_000_000;

const isSameDay = (a: number, b: number): boolean =>
  Math.floor(a / DAY_US) === Math.floor(b / DAY_US);

function isSameMonth(a: number, b: number): boolean {
  const [first, second] = [new Date(a / 1000), new Date(b / 1000)];
  return (
    first.getUTCMonth() === second.getUTCMonth() &&
    first.getUTCFullYear() === second.getUTCFullYear()
  );
}

export function allowanceOf(limits: WalletLimits, known: Allowance | null): Allowance {
  return {
    perTransaction: BigInt(limits.perTransaction),
    perDay: BigInt(limits.perDay),
    perMonth: BigInt(limits.perMonth),
    spentDay: known?.spentDay ?? 0n,
    spentMonth: known?.spentMonth ?? 0n,
  };
}

/** A day that a clock which was ahead has begun for a wallet lasts until it is over. */
const latest = ({ changedAtUs }: WalletState, nowUs: number): number =>
  Math.max(changedAtUs, nowUs);

/** Begins a new day or month, when the change that is being made is the first in it. */
export function beginPeriod(wallet: WalletState, nowUs: number): void {
  const { allowance, changedAtUs } = wallet;
  const atUs = latest(wallet, nowUs);
  if (allowance === null || isSameDay(changedAtUs, atUs)) return;
  allowance.spentDay = 0n;
  if (!isSameMonth(changedAtUs, atUs)) allowance.spentMonth = 0n;
}

/** Whether more would leave the wallet than may. A deposit only brings something. */
export function limitRefusal(
  { type, amount }: Pick<TransactionState, 'type' | 'amount'>,
  wallet: WalletState,
  nowUs: number,
): RefusalCode | undefined {
  const { allowance, changedAtUs } = wallet;
  if (allowance === null || type === 'deposit') return undefined;
  const { perTransaction, perDay, perMonth, spentDay, spentMonth } = allowance;
  const atUs = latest(wallet, nowUs);
  const today = isSameDay(changedAtUs, atUs) ? spentDay : 0n;
  const thisMonth = isSameMonth(changedAtUs, atUs) ? spentMonth : 0n;
  const exceeded =
    amount > perTransaction || today + amount > perDay || thisMonth + amount > perMonth;
  return exceeded ? 'limit-exceeded' : undefined;
}

/** Counts what leaves the wallet, or is reserved for it. After the wallet was touched for it. */
export function spend({ allowance }: WalletState, amount: bigint): void {
  if (allowance === null) return;
  allowance.spentDay += amount;
  allowance.spentMonth += amount;
}

const less = (spent: bigint, amount: bigint): bigint => (spent > amount ? spent - amount : 0n);

/** What came to nothing does not count, while its day and month last. After the touch, too. */
export function unspend(
  wallet: WalletState,
  { amount, createdAtUs }: Pick<TransactionState, 'amount' | 'createdAtUs'>,
): void {
  const { allowance, changedAtUs } = wallet;
  if (allowance === null || !isSameMonth(createdAtUs, changedAtUs)) return;
  allowance.spentMonth = less(allowance.spentMonth, amount);
  if (isSameDay(createdAtUs, changedAtUs)) allowance.spentDay = less(allowance.spentDay, amount);
}
