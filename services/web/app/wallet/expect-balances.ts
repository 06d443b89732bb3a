import type { Balances } from '@florin/contracts';
import type { WalletView } from '../api/answers.ts';

export interface ExpectedPayment {
  walletId: string;
  amount: string;
  kind: 'transfer' | 'withdrawal' | 'deposit' | 'conversion';
  /** Where a transfer goes, when that is known and may be mine. */
  toWalletId?: string | undefined;
}

const plus = (a: string, b: bigint): string => String(BigInt(a) + b);

function afterPaying({ posted, held, available }: Balances, { amount, kind }: ExpectedPayment) {
  const paid = -BigInt(amount);
  return kind === 'withdrawal'
    ? { posted, held: plus(held, -paid), available: plus(available, paid) }
    : { posted: plus(posted, paid), held, available: plus(available, paid) };
}

/**
 * The wallets as they will be when the payment is accepted, to be shown until it is known. A
 * deposit promises nothing before the bank has paid.
 */
export function expectBalances(wallets: WalletView[], payment: ExpectedPayment): WalletView[] {
  if (payment.kind === 'deposit') return wallets;
  return wallets.map((wallet) => {
    if (wallet.id === payment.walletId) {
      return { ...wallet, balances: afterPaying(wallet.balances, payment) };
    }
    if (wallet.id !== payment.toWalletId) return wallet;
    const { posted, held, available } = wallet.balances;
    const amount = BigInt(payment.amount);
    const balances = { posted: plus(posted, amount), held, available: plus(available, amount) };
    return { ...wallet, balances };
  });
}
